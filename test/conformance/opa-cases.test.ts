/**
 * OPA's own conformance suite: every case whose plan this engine takes gets the answer that OPA gives.
 * What is not asked is listed here with its reason, and the list holds nothing that is not needed.
 */
import { execFileSync } from "node:child_process";
import { beforeAll, expect, it } from "vitest";
import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import { PlanError } from "../../src/policy/plan/ir.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { PlanConflict } from "../../src/policy/plan/run-time.ts";
import { Budget, DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";
import { parseJson } from "../../src/policy/plan/values/json.ts";
import { termText } from "../../src/policy/plan/values/term-text.ts";
import type { PlainObject, Value } from "../../src/policy/plan/values/value.ts";
import { ensure } from "../../tools/ensure.ts";
import { num } from "../support/rego-values.ts";

/** The time of every case, as `tools/opa-oracle/cases.go` has it. */
const NOW_NS = num("1795523696789012345");
const CASES = 2_400;
/** Cases that `opa-oracle` can not ask itself: no JSON as input, the network, a builtin of OPA's tests. */
const SKIPPED_MAX = 16;
const RUN_MIN = 2_030;
/** Some cases make values of a size that no decision needs. */
const LIMITS = { ...DEFAULT_LIMITS, stepsMax: 20_000_000, valuesMax: 2_000_000 };

const NO_SHARED_ANSWER = "two programs never give the same answer";
const NO_DECISION = "reads or makes documents that no decision at a gateway needs";

/** Builtins that the engine does not provide: a policy that calls one is refused when it is loaded. */
const NOT_PROVIDED: Readonly<Record<string, string>> = {
  "crypto.parse_private_keys": NO_DECISION,
  "crypto.x509.parse_and_verify_certificates": NO_DECISION,
  "crypto.x509.parse_certificate_request": NO_DECISION,
  "crypto.x509.parse_certificates": NO_DECISION,
  "crypto.x509.parse_keypair": NO_DECISION,
  "crypto.x509.parse_rsa_private_key": NO_DECISION,
  "graphql.is_valid": NO_DECISION,
  "graphql.parse": NO_DECISION,
  "graphql.parse_and_verify": NO_DECISION,
  "graphql.parse_query": NO_DECISION,
  "graphql.parse_schema": NO_DECISION,
  "graphql.schema_is_valid": NO_DECISION,
  "io.jwt.encode_sign": "a policy signs nothing",
  "io.jwt.encode_sign_raw": "a policy signs nothing",
  "json.match_schema": NO_DECISION,
  "json.verify_schema": NO_DECISION,
  "opa.runtime": "tells about the process",
  "providers.aws.sign_req": "a policy signs nothing",
  "rand.intn": NO_SHARED_ANSWER,
  "rego.parse_module": NO_DECISION,
  "strings.render_template": NO_DECISION,
  "uuid.rfc4122": NO_SHARED_ANSWER,
};

const BY_TEXT = "OPA's store finds the member `1` by the number 1; a plan looks for the number";

const ODD_YAML = "`yaml.is_valid` is undefined for text in forms of YAML that are not supported";

/** By note: what this engine answers otherwise, or refuses. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "data/toplevel integer": BY_TEXT,
  "data/nested integer": BY_TEXT,
  "jsonbuiltins/yaml is_valid": ODD_YAML,
  "jsonbuiltins/yaml is_valid unreachable content": ODD_YAML,
  "sprintf/float/zero_fraction": "`.0` is no JSON number, so its plan is refused",
};

interface OpaCase {
  readonly note: string;
  readonly skipped?: string;
  /** Of the one query that is planned. */
  readonly name: string;
  readonly plan: { readonly static: { readonly builtin_funcs?: readonly { name: string }[] } };
  readonly results: readonly string[] | null;
  readonly error?: string;
  readonly data: Value;
  readonly input: Value | undefined;
}

let cases: readonly OpaCase[];
beforeAll(async () => {
  const { "opa-oracle": path } = await ensure(["opa-oracle"]);
  const output = execFileSync(path, ["cases"], { encoding: "utf8", maxBuffer: 64 * 1_048_576 });
  cases = output
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { data, input } = parseJson(line) as PlainObject;
      return { ...(JSON.parse(line) as OpaCase), data: data ?? null, input };
    });
});

function calls({ plan }: OpaCase): readonly string[] {
  return (plan.static.builtin_funcs ?? []).map(({ name }) => name);
}

function asked(): readonly OpaCase[] {
  return cases
    .filter(({ skipped }) => skipped === undefined)
    .filter((one) => !calls(one).some((name) => NOT_PROVIDED[name] !== undefined));
}

/** Every answer as OPA writes it, or its error. */
function answerOf({ name, plan, data, input }: OpaCase): string {
  try {
    const options = { planText: JSON.stringify(plan), data, builtins: BUILTINS, limits: LIMITS };
    const { results } = PlanPolicy.load(options).evaluate(name, input, NOW_NS);
    return setOf(results.map((result) => termText(result, new Budget(LIMITS))));
  } catch (error) {
    if (error instanceof PlanConflict) return "eval_conflict_error";
    if (error instanceof PlanError) return error.message;
    throw error;
  }
}

function setOf(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join(" ");
}

it("finds the whole suite", () => {
  expect(cases.length).toBeGreaterThanOrEqual(CASES);
  const skipped = cases.filter((one) => one.skipped !== undefined);
  expect(skipped.length).toBeLessThanOrEqual(SKIPPED_MAX);
  expect(asked().length).toBeGreaterThanOrEqual(RUN_MIN);
});

it("answers every case as OPA does", () => {
  const differences: string[] = [];
  for (const one of asked()) {
    const ours = answerOf(one);
    const opa = one.error ?? setOf(one.results ?? []);
    if (ours === opa || EXCEPTIONS[one.note] !== undefined) continue;
    differences.push(`${one.note}: ours ${ours} OPA ${opa}`);
  }
  expect(differences).toEqual([]);
}, 60_000);

it("lists no exception that is none", () => {
  const needed = asked()
    .filter((one) => EXCEPTIONS[one.note] !== undefined)
    .filter((one) => answerOf(one) !== (one.error ?? setOf(one.results ?? [])));
  expect(needed.map(({ note }) => note).sort()).toEqual(Object.keys(EXCEPTIONS).sort());
  expect(Object.keys(NOT_PROVIDED).filter((name) => BUILTINS.has(name))).toEqual([]);
  const called = new Set(cases.flatMap((one) => (one.skipped === undefined ? calls(one) : [])));
  expect(Object.keys(NOT_PROVIDED).filter((name) => !called.has(name))).toEqual([]);
});
