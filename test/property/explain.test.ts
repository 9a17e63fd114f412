/** An explanation never changes the answer: not of random inputs, not of damaged ones, not of a failure. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import { readBundle } from "../../src/policy/bundle.ts";
import { ExplainedFailure } from "../../src/policy/plan/explain.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { toPlain } from "../../src/policy/plan/values/json.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import { parseCases } from "../../src/policy/policy-cases.ts";
import { OpaOracle } from "../support/opa-oracle.ts";
import { testBudget } from "../support/rego-values.ts";

const SEED = 20_261_124;
const archive = readFileSync("policies/dist/bundle.tar.gz");
const bundle = readBundle(archive, { file: "shipped", allowUnsigned: true, engine: "plan" });
const cases = parseCases(bundle.cases ?? new Uint8Array()) ?? [];

/** Every construct whose code differs when it is explained, and rules that conflict. */
const SOURCE = `package t

p contains x if some x in input.xs

p contains y if {
	some y in input.ys
	not y in input.xs
}

o[k] := v if some k, v in input.o

f(x) := x.a if is_object(x)

f(x) := "none" if not is_object(x)

g(x, y, z) := [x, y, z] if x != y

all if every x in p { f(x) == "none" }

one := x if some x in input.xs

some_equal if {
	some x in input.xs
	some y in input.ys
	x == y
}

h(x) := 1 if x != "a"

h(x) := 2 if x == 1

hit if {
	some x in input.xs
	h(x) == 1
}

either if input.a == true

either if one == 1

constant := {m | some n in [1, 2, 3]; m := n * 2}

level := "high" if {
	input.a == true
} else := "low" if {
	input.a == false
} else := "none"

replaced := v if v := level with input.a as input.b

listed := [[x, y] | some x in input.xs; some y in input.ys; x != y]

r := {
	"p": p, "o": o, "all": [1 | all], "level": level, "replaced": replaced, "constant": constant,
	"listed": listed, "equal": [1 | some_equal], "g": [g(x, 1, 2) | some x in input.xs],
	"virtual": [v | some name in input.names; v := data.u[name]],
}
`;

/** Found by a name that is only known while it runs. */
const NAMED = "package u\n\na := 1 if input.a == true\n\nb := count(input.xs)\n";

function load(planText: string, data: Value): PlanPolicy {
  return PlanPolicy.load({ planText, data, builtins: BUILTINS });
}

type Ask = () => { readonly results: readonly Value[]; readonly readTime: boolean };

function told(ask: Ask): unknown {
  try {
    const { results, readTime } = ask();
    return { results: results.map((one) => toPlain(one, testBudget())), readTime };
  } catch (thrown) {
    const cause = thrown instanceof ExplainedFailure ? thrown.cause : thrown;
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : cause;
  }
}

function expectSame(policy: PlanPolicy, entrypoint: string, input: Value): unknown {
  const answer = told(() => policy.evaluate(entrypoint, input, 7));
  expect(told(() => policy.explain(entrypoint, input, 7))).toEqual(answer);
  // Explaining leaves nothing behind.
  expect(told(() => policy.evaluate(entrypoint, input, 7))).toEqual(answer);
  return answer;
}

const scalar = fc.oneof(fc.constantFrom(0, 1, 2, "a", "b", "", true, false, null), fc.string());
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Value>;
const list = fc.array(fc.oneof(scalar, json), { maxLength: 5 });

describe("the shipped policy", () => {
  const policy = load(bundle.plan ?? "", bundle.data);

  it("answers every case the same, and as the case expects", () => {
    expect(cases.length).toBeGreaterThan(0);
    for (const { entrypoint, input, data, expected, description } of cases) {
      const over = data === undefined ? policy : load(bundle.plan ?? "", data as Value);
      const answer = expectSame(over, entrypoint, input as Value);
      expect(answer, description).toMatchObject({ results: [{ result: expected }] });
    }
  });

  it("answers damaged cases the same", () => {
    const damaged = fc.tuple(fc.constantFrom(...cases), fc.nat(), fc.nat(), json);
    fc.assert(
      fc.property(damaged, ([kase, section, member, value]) => {
        const input = structuredClone(kase.input) as Record<string, Value>;
        const name = nameAt(input, section);
        const inner = input[name];
        if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) {
          (inner as Record<string, Value>)[nameAt(inner, member)] = value;
        } else input[name] = value;
        expectSame(policy, kase.entrypoint, input);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

function nameAt(object: object, index: number): string {
  const names = Object.keys(object);
  return names[index % Math.max(names.length, 1)] ?? "x";
}

const NAMES = ["t/r", "t/one", "t/p", "t/all", "t/hit", "t/either"];

describe("a policy with every construct", () => {
  let policy: PlanPolicy;
  beforeAll(async () => {
    const oracle = await OpaOracle.open();
    const { plan, message } = await oracle.ask({
      modules: { "t.rego": SOURCE, "u.rego": NAMED },
      entrypoints: NAMES,
      plan: true,
    });
    oracle.close();
    expect(message).toBeUndefined();
    policy = load(JSON.stringify(plan), {});
  });

  it.each(NAMES)("answers random inputs of %s the same", (name) => {
    const member = fc.constantFrom("a", "b", "none");
    const input = fc.record(
      {
        ...{ xs: list, ys: list, a: scalar, b: scalar, names: fc.array(member, { maxLength: 3 }) },
        o: fc.dictionary(fc.string(), scalar, { maxKeys: 4 }),
      },
      { requiredKeys: [] },
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(input, json), (value) => {
        const answer = expectSame(policy, name, value as Value);
        seen.add(typeof answer === "string" ? answer : "answered");
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(seen).toContain("answered");
    if (["t/one", "t/hit", "t/either"].includes(name))
      expect([...seen].some((one) => one.startsWith("PlanConflict"))).toBe(true);
  });
});
