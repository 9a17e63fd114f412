/** Arithmetic, ranges and conversions of numbers, next to OPA's own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NUMBERS } from "../../../../src/policy/builtins/numbers.ts";
import {
  Budget,
  BudgetExceeded,
  DEFAULT_LIMITS,
} from "../../../../src/policy/plan/values/budget.ts";
import { jsonText, toPlain } from "../../../../src/policy/plan/values/json.ts";
import { termText } from "../../../../src/policy/plan/values/term-text.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_NUMBERS, NO_NUMBERS, pairs } from "../../../support/awkward-numbers.ts";
import {
  type BuiltinCase,
  callHere,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, set, testBudget } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const ask = (cases: readonly BuiltinCase[]) => differencesFromOpa(oracle, NUMBERS, cases);

const call = (...one: BuiltinCase) => callHere(NUMBERS, one);

describe.each(["plus", "minus", "mul", "div", "rem"])("%s", (name) => {
  it("computes every pair of awkward numbers as OPA does", async () => {
    const cases = pairs(AWKWARD_NUMBERS, AWKWARD_NUMBERS).map(([a, b]) => [name, a, b] as const);
    expect(await ask(cases)).toEqual([]);
  });

  it("fails where OPA does", async () => {
    const mixed = [...NO_NUMBERS, 1];
    expect(await ask(pairs(mixed, mixed).map(([a, b]) => [name, a, b]))).toEqual([]);
  });
});

describe.each(["abs", "round", "ceil", "floor"])("%s", (name) => {
  it("answers as OPA does", async () => {
    const values = [...AWKWARD_NUMBERS, ...NO_NUMBERS];
    expect(await ask(values.map((value) => [name, value]))).toEqual([]);
  });
});

describe("ranges", () => {
  const ends = ["-3", "-1", "0", "2", "3.0", "1e1", "1.5", "-0", "1e-400"].map(num);
  const far = ["9007199254740990", "9007199254740995", "18446744073709551614"].map(num);
  const near = ["9007199254740993", "9007199254740987", "18446744073709551620"].map(num);

  it("counts up and down as OPA does", async () => {
    const cases = pairs([...ends, "1", null], [...ends, [1]]).map(
      ([a, b]) => ["numbers.range", a, b] as const,
    );
    const big = far.map((from, index) => ["numbers.range", from, near[index] as Value] as const);
    expect(await ask([...cases, ...big])).toEqual([]);
  });

  it("takes steps as OPA does", async () => {
    const steps = ["1", "2", "3.0", "0", "-1", "1e1", "0.5", "18446744073709551616"].map(num);
    const cases = pairs(pairs(ends, ends), [...steps, "1"]).map(
      ([[a, b], step]) => ["numbers.range_step", a, b, step] as const,
    );
    expect(await ask(cases)).toEqual([]);
  });

  it.each([
    [0, 1e9],
    [num("-1e300"), num("1e300")],
  ])("does not make more values than the budget allows: %o to %o", (from, to) => {
    expect(() => call("numbers.range", from, to)).toThrow(BudgetExceeded);
  });
});

describe("to_number", () => {
  const usual =
    `0 -0 -1 1.50 1e2 1E+2 0.1e1 100 512 513 9007199254740993 12345678901234567890 0e999999
    1e308 1.8e308 1e309 -1e309 1e-400 1e-40000 1e-30000 1e-999999999 0e99999999999999999999 1e5000000000
    inf -Inf +infinity nan NaN Infinity . 1e 1e+ e5 1__0 _1 1_ 1_.5 1._5 1e_1 0x10 0xp1 0x1p1024 0b1 0o7
    1a 1+1 --1 +-1 0x 0x. 1e1.5 0_x1p1 ١`.split(/\s+/);
  const odd =
    `+1 1. .5 01 007 -01.50 1_000 1.5_0 1e1_0 0x1p4 0X1.8P-1 0x_1p4 0x1_0p0 0x.8p1 0x1ep4 -0x1p0
    0x1p1023 0x1p-1080 1_0e5 0_1`.split(/\s+/);

  it("reads text as OPA does", async () => {
    const cases = [...usual, "", " 1", "1 ", "1\n", "\u0000"].map(
      (text) => ["to_number", text] as const,
    );
    expect(await ask(cases)).toEqual([]);
  });

  it("computes with numbers that are no JSON as OPA does", async () => {
    const sums = odd.map((text) => `to_number("${text}") + 0.25`);
    const { results } = await oracle.ask({
      modules: { "a.rego": `package a\n\nr := [${sums.join(", ")}]\n` },
      entrypoints: ["a/r"],
    });
    const values = odd.map((text) => NUMBERS["to_number"]?.(caseContext(), text) as Value);
    const ours = values.map((value) => call("plus", value, num("0.25")));
    expect(`[${ours.join(", ")}]`).toBe(results["a/r"]?.[0]?.text);
    expect(values.map((value) => termText(value, testBudget()))).toEqual(odd);
  });

  it.each(odd)("does not write %s into JSON", (text) => {
    const value = NUMBERS["to_number"]?.(caseContext(), text) as Value;
    expect(() => jsonText(value, testBudget())).toThrow(RangeError);
    expect(() => toPlain([value], testBudget())).toThrow(RangeError);
  });

  it("answers for other types as OPA does", async () => {
    const values = [...AWKWARD_NUMBERS, ...NO_NUMBERS, false];
    expect(await ask(values.map((value) => ["to_number", value]))).toEqual([]);
  });
});

describe("format_int", () => {
  it("writes numbers as OPA does", async () => {
    const bases = ["2", "8", "10", "16", "10.0", "1e1", "3", "-2", "0"].map(num);
    const values = [...AWKWARD_NUMBERS, num("15.9"), num("-15.9"), "1", null];
    const cases = pairs(values, [...bases, "10"]).map(([a, b]) => ["format_int", a, b] as const);
    expect(await ask(cases)).toEqual([]);
  });
});

it.each([
  ["plus", "9007199254740993", "1", "9007199254740994"],
  ["plus", "0.1", "0.2", "0.3"],
  ["minus", "0.3", "0.1", "0.20000000000000000002"],
  ["mul", "0", "-5", "0"],
  ["div", "1", "3", "0.33333333333333333334"],
  ["div", "0", "-5", "-0"],
  ["div", "10", "4", "2.5"],
  ["div", "1", "1e7", "1e-07"],
  ["div", "1", "0.0", "undefined"],
  ["rem", "-4", "2", "0"],
  ["rem", "10", "18446744073709551616", "10"],
  ["rem", "1.5", "1", "undefined"],
])("%s(%s, %s) is %s", (name, a, b, result) => {
  expect(call(name, num(a), num(b))).toBe(result);
});

it("takes sets apart", () => {
  expect(call("minus", set(1, 2, 3), set(num("2.0"), 4))).toBe("{1, 3}");
});

it.each([
  ["plus", "operand 2 must be number but got string"],
  ["minus", "operand 2 must be number but got string"],
  ["div", "operand 2 must be number but got string"],
])("%s tells what it does not take", (name, message) => {
  const context = caseContext();
  NUMBERS[name]?.(context, 1, "1");
  expect(context.messages).toEqual([message]);
});

describe("cost", () => {
  it("is charged by length, where each product is longer than the one before", () => {
    const context = caseContext();
    const square = () => {
      let value: Value = num("1234567890123456789012345");
      for (let round = 0; round < 40; round++) {
        value = NUMBERS["mul"]?.(context, value, value) as Value;
      }
    };
    expect(square).toThrow(BudgetExceeded);
  });

  it.each(["round", "ceil", "floor", "abs"])(
    "ends %s of a number that is long to write",
    (name) => {
      const context = {
        ...caseContext(),
        budget: new Budget({ ...DEFAULT_LIMITS, stepsMax: 1_000 }),
      };
      expect(() => NUMBERS[name]?.(context, num("1.5e20000"))).toThrow(BudgetExceeded);
    },
  );
});
