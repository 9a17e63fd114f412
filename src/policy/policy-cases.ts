/**
 * Cases of a bundle: questions with the answers that they must get. They are asked when a bundle is
 * loaded, so that an engine or a policy that answers otherwise never becomes active.
 *
 * @module
 */
import { type Bundle, withData } from "./bundle.ts";
import type { PolicyEngine } from "./policy-engine.ts";
import { PolicyFailure } from "./policy-failure.ts";

const CASES_MAX = 1_000;
const CASES_MS_MAX = 2_000;

export interface PolicyCase {
  readonly description: string;
  readonly entrypoint: string;
  readonly input: object;
  /** The base document instead of the bundle's. */
  readonly data?: object;
  /** Absent when the rule is to be undefined. */
  readonly expected?: unknown;
}

export function isPolicyCase(value: unknown): value is PolicyCase {
  if (typeof value !== "object" || value === null) return false;
  const { description, entrypoint, input, data = {} } = value as Partial<PolicyCase>;
  const isNamed = typeof description === "string" && typeof entrypoint === "string";
  return isNamed && isDocument(input) && isDocument(data);
}

function isDocument(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined when `text` is no list of at most 1,000 cases. */
export function parseCases(text: Uint8Array): readonly PolicyCase[] | undefined {
  try {
    const cases: unknown = JSON.parse(Buffer.from(text).toString("utf8"));
    if (!Array.isArray(cases) || cases.length > CASES_MAX) return undefined;
    return cases.every(isPolicyCase) ? cases : undefined;
  } catch {
    return undefined;
  }
}

export interface CaseRun {
  readonly cases: readonly PolicyCase[];
  readonly bundle: Bundle;
  /** The engine over the bundle's own data. */
  readonly engine: PolicyEngine;
  /** The same engine over the data of a case. */
  readonly load: (bundle: Bundle) => Promise<PolicyEngine>;
  readonly monotonicMs: () => number;
}

/** What is wrong with the first case that is not answered as expected; undefined = all are. */
export async function firstWrongCase(run: CaseRun): Promise<string | undefined> {
  const startedMs = run.monotonicMs();
  for (const kase of run.cases) {
    const engine =
      kase.data === undefined ? run.engine : await run.load(withData(run.bundle, kase.data));
    const answer = caseAnswer(engine, kase);
    const expected = canonicalJson(kase.expected);
    if (answer !== expected) return `"${kase.description}" is not answered as expected`;
    if (run.monotonicMs() - startedMs > CASES_MS_MAX) {
      return `its cases take more than ${CASES_MS_MAX / 1_000} s`;
    }
  }
  return undefined;
}

/** As canonical JSON; an engine that gives up is an answer too, and never the expected one. */
export function caseAnswer(engine: PolicyEngine, kase: PolicyCase): string {
  try {
    const { resultSet } = engine.evaluate(kase.entrypoint, kase.input, 0);
    return canonicalJson((resultSet as readonly { readonly result: unknown }[])[0]?.result);
  } catch (thrown) {
    if (thrown instanceof PolicyFailure) return thrown.message;
    throw thrown;
  }
}

/** Members sorted, so that only the content counts. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, member: unknown) =>
      isDocument(member)
        ? Object.fromEntries(Object.entries(member as object).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? "undefined"
  );
}
