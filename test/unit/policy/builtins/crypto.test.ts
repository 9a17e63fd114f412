/** Digests and authentication codes as OPA makes them, over the edges of their block sizes. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { CRYPTO } from "../../../../src/policy/builtins/crypto.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const VALUES: readonly Value[] = [
  "", "a", "abc", "é", "😀", "\u0000", "\ufffd", "x".repeat(55), "x".repeat(56), "x".repeat(64), "x".repeat(65),
  "x".repeat(127), "x".repeat(128), "x".repeat(129), null, true, 1, num("1.50"), [], ["a"], {}, { a: "b" }, set("a"),
]; // biome-ignore format: a table

it("answers as OPA does", async () => {
  const names = Object.keys(CRYPTO);
  const cases = names.flatMap((name): BuiltinCase[] =>
    name.startsWith("crypto.hmac.")
      ? VALUES.flatMap((a) => VALUES.map((b) => [name, a, b] as const))
      : VALUES.map((a) => [name, a] as const),
  );
  expect(cases.length).toBeGreaterThan(2500);
  expect(await differencesFromOpa(oracle, CRYPTO, cases)).toEqual([]);
});

it("takes keys that are no text", async () => {
  const { results } = await oracle.ask({
    modules: {
      "a.rego": `package a\nx := [crypto.hmac.sha256("m", hex.decode("00ff80c3")), crypto.sha1(hex.decode("e282"))]`,
    },
    entrypoints: ["a/x"],
  });
  const key = "\u0000\udcff\udc80\udcc3";
  expect([
    CRYPTO["crypto.hmac.sha256"]?.(caseContext(), "m", key),
    CRYPTO["crypto.sha1"]?.(caseContext(), "\udce2\udc82"),
  ]).toEqual(results["a/x"]?.[0]?.json);
});

// RFC 1321 appendix 5, RFC 2202 and RFC 4231 test case 2, FIPS 180.
const JEFE = "what do ya want for nothing?";
it.each([
  ["crypto.md5", ["abc"], "900150983cd24fb0d6963f7d28e17f72"],
  ["crypto.sha1", ["abc"], "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["crypto.sha256", ["abc"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["crypto.hmac.md5", [JEFE, "Jefe"], "750c783e6ab0b503eaa86e310a5db738"],
  ["crypto.hmac.sha1", [JEFE, "Jefe"], "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
  [
    "crypto.hmac.sha256",
    [JEFE, "Jefe"],
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
])("%s is the published one", (name, args, expected) => {
  expect(CRYPTO[name]?.(caseContext(), ...args)).toBe(expected);
});

it("stops before it works on too much", () => {
  const huge = "a".repeat(5_000_000);
  for (const name of Object.keys(CRYPTO)) {
    expect(() => CRYPTO[name]?.(caseContext(), huge, huge), name).toThrow(BudgetExceeded);
  }
});
