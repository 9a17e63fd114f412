/**
 * Which builtins ask for the time. What does not is computed once and kept, so the list must be complete:
 * every builtin is called with everything, and the source is read for uses that no call reaches.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { BuiltinContext } from "../../../../src/policy/builtins/builtin.ts";
import { BUILTINS } from "../../../../src/policy/builtins/registry.ts";
import { TIME_DEPENDENT } from "../../../../src/policy/plan/plan-policy.ts";
import { Budget, BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { CASE_TIME_NS } from "../../../support/builtin-cases.ts";
import { num, set } from "../../../support/rego-values.ts";
import { token } from "./jwt-samples.ts";

const FOLDER = new URL("../../../../src/policy/builtins/", import.meta.url);
const VALUES: readonly Value[] = [
  token("HS256", "secret", { exp: 1, nbf: 1 }),
  { secret: "secret" },
  "2026-11-24T12:34:56Z",
  num(CASE_TIME_NS),
  1,
  ["a"],
  set("a"),
];
const LIMITS = { stepsMax: 20_000, valuesMax: 1_000, bytesMax: 100_000, depthMax: 64 };
const ARGUMENTS_MAX = 4;

/** All lists of `count` values: a builtin takes no notice of arguments too many. */
function lists(count: number): readonly (readonly Value[])[] {
  if (count === 0) return [[]];
  return lists(count - 1).flatMap((rest) => VALUES.map((value) => [...rest, value]));
}

function askers(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [name, builtin] of BUILTINS) {
    const count = Math.min(Math.max(builtin.length - 1, 2), ARGUMENTS_MAX);
    for (const args of lists(count)) {
      const context: BuiltinContext = {
        budget: new Budget(LIMITS),
        nowNs: () => {
          found.add(name);
          return num(CASE_TIME_NS);
        },
        fail: () => undefined,
      };
      try {
        builtin(context, ...args);
      } catch (error) {
        if (!(error instanceof BudgetExceeded)) throw error;
      }
    }
  }
  return found;
}

it("names every builtin that asks for the time, and no others", () => {
  expect([...askers()].sort()).toEqual([...TIME_DEPENDENT].sort());
});

it("knows every file that can ask for the time", () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  expect(files.length).toBeGreaterThan(50);
  const asking = files.filter((path) =>
    /\bnowNs\b/.test(readFileSync(new URL(path, FOLDER), "utf8")),
  );
  // `decode_verify` is the constraints' only builtin; one more file may mean one more name in the list.
  expect(asking.sort()).toEqual(["builtin.ts", "jwt-constraints.ts", "time.ts"]);
});
