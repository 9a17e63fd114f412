/** Arithmetic, rounding and order of random numbers: no difference from OPA. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AGGREGATES } from "../../src/policy/builtins/aggregates.ts";
import { BITS } from "../../src/policy/builtins/bits.ts";
import { COMPARISON } from "../../src/policy/builtins/comparison.ts";
import { NUMBERS } from "../../src/policy/builtins/numbers.ts";
import type { RegoNumber } from "../../src/policy/plan/values/value.ts";
import { type BuiltinCase, differencesFromOpa } from "../support/builtin-cases.ts";
import { OpaOracle } from "../support/opa-oracle.ts";
import { num } from "../support/rego-values.ts";

const SEED = 20_261_124;
const ROUNDS = 6;
const CASES_PER_ROUND = 800;

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const digits = (lengthMax: number) =>
  fc.stringMatching(new RegExp(`^(?:0|[1-9][0-9]{0,${lengthMax - 1}})$`));
const fraction = fc.oneof(fc.constant(""), fc.stringMatching(/^\.[0-9]{1,25}$/));
const exponent = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  fc.integer({ min: -40, max: 40 }).map((power) => `e${power}`),
  fc.integer({ min: -500, max: 500 }).map((power) => `E${power < 0 ? "" : "+"}${power}`),
);
const sign = fc.constantFrom("", "-");
const literal = fc.tuple(sign, digits(30), fraction, exponent).map((parts) => num(parts.join("")));
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => num(String(value)));
const small = fc.integer({ min: -1_000, max: 1_000 });
const edge = fc
  .tuple(fc.constantFrom(31n, 53n, 63n, 64n, 100n), fc.integer({ min: -3, max: 3 }), sign)
  .map(([power, offset, minus]) => num(`${minus}${2n ** power + BigInt(offset)}`));
const number: fc.Arbitrary<RegoNumber> = fc.oneof(literal, literal, double, small, edge);

const binary = fc.constantFrom(
  ...["plus", "minus", "mul", "div", "rem", "bits.and", "bits.or", "bits.xor"],
  ...["equal", "lt", "lte", "gt", "gte", "neq"],
);
const unary = fc.constantFrom("abs", "round", "ceil", "floor", "to_number", "bits.negate");
const aggregate = fc.constantFrom("sum", "product", "max", "min");
const radix = fc.constantFrom(2, 8, 10, 16);

const call: fc.Arbitrary<BuiltinCase> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(binary, number, number) },
  { weight: 2, arbitrary: fc.tuple(unary, number) },
  { weight: 2, arbitrary: fc.tuple(aggregate, fc.array(number, { maxLength: 6 })) },
  fc.tuple(fc.constant("format_int"), number, radix),
);

it("computes as OPA does", async () => {
  const table = { ...NUMBERS, ...BITS, ...AGGREGATES, ...COMPARISON };
  const batch = fc.array(call, {
    minLength: CASES_PER_ROUND,
    maxLength: CASES_PER_ROUND,
    size: "max",
  });
  await fc.assert(
    fc.asyncProperty(batch, async (cases) => {
      expect(await differencesFromOpa(oracle, table, cases)).toEqual([]);
    }),
    { seed: SEED, numRuns: ROUNDS, endOnFailure: true },
  );
}, 120_000);
