/** Semantic versions and UUIDs, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { SEMVER } from "../../../../src/policy/builtins/semver.ts";
import { UUID } from "../../../../src/policy/builtins/uuid.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { ALL_VALUES, pairs, SCALARS } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";

const VERSIONS = [
  ...[
    "1.2.3",
    "v1.2.3",
    "vv1.2.3",
    "V1.2.3",
    "1.2",
    "1.2.3.4",
    "01.2.3",
    "1.2.03",
    "0.0.0",
    "-1.2.3",
  ],
  ...[
    "+1.2.3",
    "1.2.3+",
    "1.2.3-",
    "1.2.3-a+",
    "1.2.3+b",
    "1.2.3+b-c",
    "1.2.3-a+b",
    "1.2.3+b+c",
    "1..3",
  ],
  ...[
    "1.2.3-01",
    "1.2.3-0",
    "1.2.3-0a",
    "1.2.3-a..b",
    "1.2.3-a.01",
    "1.2.3-é",
    "1.2.３",
    " 1.2.3",
    "1.2.3\n",
  ],
  ...[
    "1.2.3-a.b",
    "1.2.3-a.1",
    "1.2.3-a.2",
    "1.2.3-a.10",
    "1.2.3-a",
    "1.2.3-A",
    "1.2.3-1",
    "1.2.3--",
    "1.2.3-a-b",
  ],
  ...[
    "9223372036854775807.0.0",
    "9223372036854775808.0.0",
    "9007199254740993.0.0",
    "9007199254740992.0.0",
  ],
  ...[
    "1.0.0-9223372036854775807.a",
    "1.0.0-99999999999999999999.b",
    "1.0.0-99999999999999999998.c",
    "",
    "v",
    "x",
  ],
];

const HEX = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";
const UUIDS = [
  ...[
    HEX,
    HEX.toUpperCase(),
    HEX.replaceAll("-", ""),
    `urn:uuid:${HEX}`,
    `URN:Uuid:${HEX}`,
    `urn-uuid:${HEX}`,
  ],
  ...[
    `{${HEX}}`,
    `(${HEX}x`,
    `\n${HEX}\u0000`,
    `é${HEX}`,
    `{${HEX}`,
    ` ${HEX}`,
    HEX.replace("c8", "g8"),
    HEX.replace("-", "_"),
  ],
  ...Array.from({ length: 16 }, (_, version) =>
    HEX.replace("-11d1", `-${version.toString(16)}fff`),
  ),
  ...Array.from({ length: 16 }, (_, bits) => HEX.replace("-80b4", `-${bits.toString(16)}0b4`)),
  ...["00", "01", "02", "03", "ff", "a7"].map((byte) => HEX.replace("-00c0", `-${byte}c0`)),
  ...["00", "01", "02", "03", "ff"].map((byte) => `ffffffff-9dad-21d1-80${byte}-01c04fd430c8`),
  ...[
    "00000000-0000-1000-8000-000000000000",
    "ffffffff-ffff-1fff-bfff-ffffffffffff",
    "é".repeat(18),
  ],
];

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("validates and compares versions as OPA does", async () => {
  const cases = [
    ...[...VERSIONS, ...ALL_VALUES].map((version) => ["semver.is_valid", version] as const),
    ...pairs(VERSIONS, [...VERSIONS, 1, null]).map(([a, b]) => ["semver.compare", a, b] as const),
    ...SCALARS.map((value) => ["semver.compare", value, "1.0.0"] as const),
  ];
  expect(await differencesFromOpa(oracle, SEMVER, cases)).toEqual([]);
});

it("ends where OPA would compare numbers beyond 64 bits for ever", () => {
  const context = caseContext();
  const compare = SEMVER["semver.compare"];
  expect(compare?.(context, "1.0.0-99999999999999999999", "1.0.0-99999999999999999998")).toBe(0);
  expect(compare?.(context, "1.0.0-rc.1", "1.0.0")).toBe(-1);
  expect(compare?.(context, "1", "1.0.0")).toBeUndefined();
  expect(context.messages).toEqual(['operand 1: string "1" is not a valid SemVer']);
  const long = `1.0.0-${"a.".repeat(5_000_000)}`;
  expect(() => SEMVER["semver.is_valid"]?.(caseContext(), long)).toThrow(BudgetExceeded);
});

it("reads UUIDs as OPA does", async () => {
  const cases = [...UUIDS, ...ALL_VALUES].map((value) => ["uuid.parse", value] as const);
  expect(cases.length).toBeGreaterThan(100);
  expect(await differencesFromOpa(oracle, UUID, cases)).toEqual([]);
});

it("is undefined without an error for text that is no UUID", () => {
  const context = caseContext();
  expect(UUID["uuid.parse"]?.(context, "none")).toBeUndefined();
  expect(context.messages).toEqual([]);
  expect(UUID["uuid.parse"]?.(context, 1)).toBeUndefined();
  expect(context.messages).toEqual(["operand 1 must be string but got number"]);
});
