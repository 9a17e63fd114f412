/** Amounts with units, next to OPA's own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNITS } from "../../../../src/policy/builtins/units.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { AWKWARD_NUMBERS, NO_NUMBERS, pairs } from "../../../support/awkward-numbers.ts";
import {
  type BuiltinCase,
  callHere,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const ask = (cases: readonly BuiltinCase[]) => differencesFromOpa(oracle, UNITS, cases);

const call = (...one: BuiltinCase) => callHere(UNITS, one);

const NUMBERS =
  `0 1 -1 +1 1.5 .5 1. 0.1 007 1e3 1E3 1e-3 1e+3 1.5e2 -0 -0.00000000001 0.00000000005 1e-11
  123456789012345678901234567890 0.33333333333 1e30 1e-30 9.99999999995 1e300 1e 1e+ 1e5e5 . - + 1-1 1.1.1 e5 1e1.5
  0.5e-1 1000 18446744073709551617`.split(/\s+/);
const SUFFIXES =
  `k K ki Ki kI KI kb KB KiB kib kiB m M mi Mi mb MB MiB g G gi Gi gb GiB t T ti Ti tb p P pi Pi PB
  e E ei Ei EiB b B bb kk ib i x KBs ms \u212a \u212ai K\u0130 k\u0130b \u0130 é 1k`.split(/\s+/);
const ODD = [
  "",
  " ",
  '"',
  '""',
  '"1"',
  '1"k',
  "1 k",
  " 1",
  "k",
  "1\n",
  "\u0661",
  "1\u0000",
  "1_000",
  "0x10",
];
const LARGE = ["1e1000000", "1e0000001", "1e-0000001", "1e1000000x"];

describe.each(["units.parse", "units.parse_bytes"])("%s", (name) => {
  it("reads amounts as OPA does", async () => {
    const cases = pairs(NUMBERS, ["", ...SUFFIXES]).map(([a, b]) => [name, `${a}${b}`] as const);
    expect(await ask(cases)).toEqual([]);
  });

  it("reads anything as OPA does", async () => {
    const values = [...ODD, ...LARGE, ...NO_NUMBERS, ...AWKWARD_NUMBERS];
    expect(await ask(values.map((value) => [name, value]))).toEqual([]);
  });

  it.each(["1e999999", `${"9".repeat(1_000_000)}k`, `1${"e1".repeat(1_000_000)}`])(
    "ends what is too long to write: case %#",
    (text) => {
      expect(() => call(name, text)).toThrow(BudgetExceeded);
    },
  );
});

it.each([
  ["units.parse", "1.5Ki", "1536"],
  ["units.parse", "100m", "0.1000000000"],
  ["units.parse", "1MI", "1048576"],
  ["units.parse", "-0.00000000001", "-0.0000000000"],
  ["units.parse_bytes", "1.5KB", "1500"],
  ["units.parse_bytes", "0.0000001GiB", "107"],
  ["units.parse_bytes", "1m", "1000000"],
  ["units.parse_bytes", "1 m", "undefined"],
])("%s(%s) is %s", (name, text, result) => {
  expect(call(name, text)).toBe(result);
});

it("tells what it does not take", () => {
  const context = caseContext();
  UNITS["units.parse"]?.(context, "1q");
  UNITS["units.parse_bytes"]?.(context, num("1"));
  expect(context.messages).toEqual([
    "unit q not recognized",
    "operand 1 must be string but got number",
  ]);
});
