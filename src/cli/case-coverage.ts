/**
 * Which rows of the rules the cases evaluate. A row of a rule's head counts where its body held, so a
 * covered rule has a case that it is true in.
 *
 * @module
 */
import { type Bundle, readBundle, withData } from "../policy/bundle.ts";
import { DEFAULT_LIMITS } from "../policy/plan/values/budget.ts";
import { PlanEngine } from "../policy/plan-engine.ts";
import type { PolicyCase } from "../policy/policy-cases.ts";
import { PolicyFailure } from "../policy/policy-failure.ts";

const PERCENT = 100;

export interface CaseCoverage {
  readonly percent: number;
  /** For people: a line for each file, then the whole. */
  readonly lines: readonly string[];
}

/** `archive` is a bundle that its cases were asked over already. */
export function coverageOf(archive: Uint8Array, cases: readonly PolicyCase[]): CaseCoverage {
  const bundle = readBundle(archive, { file: "bundle", allowUnsigned: true, engine: "plan" });
  const load = (one: Bundle) => PlanEngine.load(one, "bundle", DEFAULT_LIMITS);
  const engine = load(bundle);
  const covered = new Set<string>();
  for (const kase of cases) {
    const asked = kase.data === undefined ? engine : load(withData(bundle, kase.data));
    for (const row of rowsReached(asked, kase)) covered.add(row);
  }
  return summary(engine.rows(), covered, cases.length);
}

/** A case that can not be asked reaches none; that it is wrong is said elsewhere. */
function rowsReached(engine: PlanEngine, kase: PolicyCase): readonly string[] {
  if (!engine.entrypoints.includes(kase.entrypoint)) return [];
  try {
    return engine.explain(kase.entrypoint, kase.input, 0).explanation.rows;
  } catch (thrown) {
    if (thrown instanceof PolicyFailure) return [];
    throw thrown;
  }
}

function summary(
  rows: readonly string[],
  covered: ReadonlySet<string>,
  cases: number,
): CaseCoverage {
  const files = new Map<string, string[]>();
  for (const row of rows) {
    const file = row.slice(0, row.lastIndexOf(":"));
    files.set(file, [...(files.get(file) ?? []), row]);
  }
  const lines = [...files].map(([file, own]) => {
    const missing = own.filter((row) => !covered.has(row));
    const rest = missing.length === 0 ? "" : `; not covered: ${ranges(missing, own)}`;
    return `${file}: ${own.length - missing.length} of ${own.length} rows covered${rest}`;
  });
  const count = rows.filter((row) => covered.has(row)).length;
  const percent = rows.length === 0 ? PERCENT : (count / rows.length) * PERCENT;
  // Never rounded up: 100 means all.
  const shown = (Math.floor(percent * 10) / 10).toFixed(1);
  return {
    percent,
    lines: [...lines, `${shown} % of ${rows.length} rows covered by ${cases} cases`],
  };
}

/** `12, 15-17`: a range where no covered row is between. */
function ranges(missing: readonly string[], all: readonly string[]): string {
  const parts: [string, string][] = [];
  let before = -2;
  for (const row of missing) {
    const index = all.indexOf(row, before + 1);
    const number = row.slice(row.lastIndexOf(":") + 1);
    const last = parts.at(-1);
    if (last !== undefined && index === before + 1) last[1] = number;
    else parts.push([number, number]);
    before = index;
  }
  return parts.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(", ");
}
