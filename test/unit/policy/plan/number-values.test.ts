/** Numbers as values: which literals there are, how they read, compare and are written. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  add,
  binaryExponent,
  bitLength,
  divide,
  fromInteger,
  fromText,
  multiply,
  subtract,
  truncate,
} from "../../../../src/policy/plan/values/big-float.ts";
import { floatText } from "../../../../src/policy/plan/values/big-float-text.ts";
import {
  Budget,
  BudgetExceeded,
  DEFAULT_LIMITS,
} from "../../../../src/policy/plan/values/budget.ts";
import { compare, equal } from "../../../../src/policy/plan/values/compare.ts";
import {
  compareNumbers,
  numberFromText,
  numberText,
} from "../../../../src/policy/plan/values/decimal.ts";
import { jsonText, parseJson } from "../../../../src/policy/plan/values/json.ts";
import { AWKWARD_NUMBERS, NUMBER_TEXTS, pairs } from "../../../support/awkward-numbers.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, testBudget } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const float = (text: string) => {
  const read = fromText(text);
  if (read === undefined) throw new Error(`no float: ${text}`);
  return read;
};

describe("range", () => {
  const long = "1".repeat(30_200);
  const texts = [
    ...[
      "1e25000",
      "1e30102",
      "1e30103",
      "9.99e30102",
      "1e-30103",
      "1e-30104",
      "1.1e-30103",
      "-1e40000",
    ],
    ...[
      "9.9900209301438450794e30102",
      "9.9900209301438450795e30102",
      "1e999999999",
      "1e3000000000",
    ],
    ...[
      "0e999999999",
      "0e-999999999",
      "0e9223372036854775807",
      "0e9223372036854775808",
      "0.0e99999",
    ],
    ...[
      "1e-600000000",
      "1e-640000000",
      "1e-650000000",
      "1e-999999999",
      "1e-2000000000",
      "1e-3000000000",
    ],
    ...["1e99999999999999999999", `0.${"0".repeat(40_000)}1e40001`, `0.${"0".repeat(40_000)}1`],
    ...[long, `${long}e1`, `${long}e-200`, `${long}.5e-30000`, `1${"0".repeat(30_101)}e1`],
  ];

  it("takes the numbers in documents that OPA takes", async () => {
    const { results } = await oracle.ask({
      modules: { "a.rego": "package a\n\nr := json.marshal(input)\n" },
      entrypoints: ["a/r"],
      inputTexts: texts.map((text) => `[${text}]`),
    });
    const theirs = results["a/r"]?.map(({ json, error }) =>
      error === undefined ? json : "refused",
    );
    expect(texts.map((text) => taken(`[${text}]`))).toEqual(theirs);
  });

  function taken(text: string): string {
    try {
      return jsonText(parseJson(text), testBudget());
    } catch (error) {
      if (error instanceof SyntaxError) return "refused";
      throw error;
    }
  }

  it("takes no time for numbers that nothing could hold", () => {
    expect(() => numberFromText(`1e${"9".repeat(1_000_000)}`)).toThrow(RangeError);
    expect(() => numberFromText(`${"1".repeat(1_000_000)}e24000`)).toThrow(RangeError);
    expect(numberText(numberFromText(`0.${"0".repeat(1_000_000)}1`))).toHaveLength(1_000_003);
  });

  it.each([
    "",
    "-",
    "+",
    ".",
    "e5",
    "1e",
    "1..2",
    "NaN",
    "Infinity",
    "0x1",
    "1 ",
    "--1",
    "1_",
    "1__0",
  ])("takes no %j for a number", (text) => {
    expect(() => numberFromText(text)).toThrow(RangeError);
  });

  it("underflows to zero where OPA does", () => {
    expect(compareNumbers(num("1e-999999999"), 0)).toBe(0);
    expect(compareNumbers(num("1e-30000"), 0)).toBe(1);
  });
});

describe("order", () => {
  const zeroEnded =
    `0.10 0.100 0.100000000000000000010 0.100000000000000000020 1.50e-400 2.50e-400 1.50e400
    2.50e400 0.1 0.100000000000000000011 1.234567890123456e+100 1.2345678901234560000001e+100
    1.2345678901234560000000e+100 100.0 1e2 100.00000000000000000000000 0.0 -0.0`.split(/\s+/);

  it("is OPA's, also where fractions end with zeros", async () => {
    const texts = [...zeroEnded, ...NUMBER_TEXTS];
    const { results } = await oracle.ask({
      modules: {
        "a.rego":
          "package a\n\nr := [s | some x in input; s := [c | some y in input; c := [x == y, x < y]]]\n",
      },
      entrypoints: ["a/r"],
      inputTexts: [`[${texts.join(",")}]`],
    });
    const theirs = results["a/r"]?.[0]?.json as readonly (readonly (readonly boolean[])[])[];
    const ours = (x: string, y: string) => {
      const order = compareNumbers(num(x), num(y));
      return String([order === 0, order < 0]);
    };
    const differences = texts.flatMap((x, row) =>
      texts
        .filter((y, column) => ours(x, y) !== String(theirs[row]?.[column]))
        .map((y) => `${x} and ${y}`),
    );
    expect(differences).toEqual([]);
  });

  it("is charged by the length of numbers and texts", () => {
    const budget = new Budget({ ...DEFAULT_LIMITS, stepsMax: 100 });
    const long = "1".repeat(2_000);
    expect(() => equal(num(`${long}1`), num(`${long}2`), budget)).toThrow(BudgetExceeded);
    budget.reset();
    expect(() => compare(`${long}1`, `${long}2`, budget)).toThrow(BudgetExceeded);
  });
});

describe("floating point", () => {
  const text = (value: ReturnType<typeof float>) => floatText(value, testBudget());

  it("writes what it reads, and reads that as the same", () => {
    for (const literal of NUMBER_TEXTS) {
      const once = text(float(literal));
      expect(text(float(once))).toBe(once);
    }
  });

  it("rounds to the nearest, and to even in the middle", () => {
    expect(text(float("18446744073709551617"))).toBe("18446744073709551617".replace(/7$/, "6"));
    expect(text(float("36893488147419103233"))).toBe("36893488147419103230");
    expect(text(float("36893488147419103235"))).toBe("36893488147419103236");
  });

  it("adds what is far apart as if it were written out", () => {
    expect(text(add(float("1e300"), float("1e-300")))).toBe(text(float("1e300")));
    expect(text(subtract(float("18446744073709551615.5"), float("1e-300")))).toBe(
      "18446744073709551615".replace(/15$/, "16"),
    );
    expect(text(subtract(fromInteger(2n ** 64n), float("1e-30")))).toBe("18446744073709551616");
  });

  it("knows signs of zero", () => {
    expect(text(multiply(float("-0.0"), float("5")))).toBe("-0");
    expect(text(divide(float("0"), float("-5")))).toBe("-0");
    expect(text(add(float("-0.0"), float("-0.0")))).toBe("-0");
    expect(text(subtract(float("1.5"), float("1.5")))).toBe("0");
  });

  it("overflows and underflows as Go's does", () => {
    const tiny = { ...fromInteger(1n), exponent: -(2 ** 31) };
    expect(text(multiply(tiny, tiny))).toBe("0");
    const huge = { ...fromInteger(1n), exponent: 2 ** 31 - 2 };
    const infinite = multiply(huge, huge);
    expect(infinite.infinite).toBe(true);
    expect(add(infinite, tiny).infinite).toBe(true);
    expect(text(divide(tiny, infinite))).toBe("0");
    expect(() => text(infinite)).toThrow(BudgetExceeded);
    expect(() => text(huge)).toThrow(BudgetExceeded);
  });

  it.each([
    1n,
    2n,
    3n,
    2n ** 53n - 1n,
    2n ** 54n - 1n,
    2n ** 64n - 1n,
    2n ** 1024n - 1n,
    2n ** 2000n,
  ])("counts the bits of %s", (value) => {
    expect(bitLength(value)).toBe(value.toString(2).length);
    expect(bitLength(value + 1n)).toBe((value + 1n).toString(2).length);
  });

  it("cuts towards zero", () => {
    expect([float("-1.9"), float("1.9"), float("-0.9"), float("1e3")].map(truncate)).toEqual([
      -1n,
      1n,
      0n,
      1000n,
    ]);
    expect(binaryExponent(float("0"))).toBe(0);
  });

  it("agrees with exact fractions of integers in every quotient that has one", () => {
    const integers = AWKWARD_NUMBERS.filter((value) => /^-?[1-9]\d{0,15}$/.test(numberText(value)));
    for (const [a, b] of pairs(integers, integers)) {
      const product = BigInt(numberText(a)) * BigInt(numberText(b));
      const quotient = divide(fromInteger(product), fromInteger(BigInt(numberText(b))));
      expect(text(quotient)).toBe(numberText(a));
    }
  });
});
