/** IP networks as Go's parser and OPA see them: every pair of awkward addresses, random lists to merge. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { NET_CIDR } from "../../../../src/policy/builtins/net-cidr.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { jsonText } from "../../../../src/policy/plan/values/json.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { obj, set, testBudget } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const ADDRESSES: readonly string[] = [
  "", "1.2.3.4", "0.0.0.0", "255.255.255.255", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.00", "256.1.1.1", "1.2.3.1000", "1.2.3.", ".1.2.3", "1..2.3",
  " 1.2.3.4", "1.2.3.4 ", "+1.2.3.4", "0x1.2.3.4", "1.2.3.4%eth0", "::", "::1", "1::", ":1", "1:", ":::", "1:::2", "1::2::3", "::1%eth0", "fe80::1%25", "::%",
  "::ffff:1.2.3.4", "::FFFF:102:304", "::1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8",
  "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1::1.2.3.04", "1::1.2.3", "::1.2.3.4:5", "1.2.3.4::", "12345::", "g::", "::0001", "::00001",
  "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "2001:0:0:1:0:0:0:1", "0:0:0:0:0:ffff:0:0", "::fffe:1.2.3.4", "::ffff:0:1.2.3.4", "[::1]", "é", "１.2.3.4",
]; // biome-ignore format: a table

const NETWORKS: readonly string[] = [
  "1.2.3.4/32", "1.2.3.4/24", "1.2.3.4/0", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/+8", "1.2.3.4/", "1.2.3.4/08", "1.2.3.4/0000000008", "1.2.3.4/ 8", "1.2.3.4/8 ", "1.2.3.4/8/8",
  "1.2.3.4/a", "1.2.3.4/8a", "1.2.3.4/99999999999", "1.2.3.4/255.0.0.0", "01.2.3.4/8", "/8", "/", "10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/9", "10.128.0.0/9", "11.0.0.0/8",
  "0.0.0.0/0", "255.255.255.0/24", "::/0", "::/128", "::1/128", "::1/129", "2001:db8::/32", "2001:db8::1/64", "2001:db8:0:1::/64", "fe80::1%eth0/64", "::ffff:0:0/96", "::ffff:0:0/95",
  "::ffff:1.2.3.4/128", "::ffff:1.2.3.4/120", "::ffff:1.2.3.4/97", "::ffff:1.2.3.4/24", "::fffe:0:0/96", "::/80", "::/81", "::1:0:0:0/80", "ffff::/16", "::1/064", "1.2.3.4/32%a",
]; // biome-ignore format: a table

const WRONG: readonly Value[] = [null, 1, true, [], {}, set()];

it("answers every pair as OPA does", async () => {
  const all: readonly Value[] = [...NETWORKS, ...ADDRESSES, ...WRONG];
  const outers: readonly Value[] = [...NETWORKS, "1.2.3.4", "::1", "", ...WRONG];
  const cases = [
    ...all.map((value): BuiltinCase => ["net.cidr_is_valid", value]),
    ...outers.flatMap((a) =>
      all.flatMap((b): BuiltinCase[] => [
        ["net.cidr_contains", a, b],
        ["net.cidr_intersects", a, b],
      ]),
    ),
  ];
  expect(cases.length).toBeGreaterThan(10_000);
  for (let start = 0; start < cases.length; start += 4000) {
    const part = cases.slice(start, start + 4000);
    expect(await differencesFromOpa(oracle, NET_CIDR, part)).toEqual([]);
  }
});

it("matches collections of every kind as OPA does", async () => {
  const operands: readonly Value[] = [
    "10.0.0.0/8", "10.1.2.3", "bad", "", 1, null, true, [], {}, set(), ["10.0.0.0/8", "10.1.0.0/16", "::/0"], ["10.1.2.3", "::1", "10.0.0.1"],
    set("10.0.0.0/8", "10.1.2.3/32"), set(["10.0.0.0/8", "a"], ["::/0", 1]), { a: "10.0.0.0/8", b: "1.2.3.4/30" }, { a: ["10.1.0.0/16", "x"], b: ["::1"] },
    [["10.0.0.0/8"], "10.1.2.3"], [[]], [1], [[1]], [null], ["bad"], ["10.0.0.0/8", "bad"], ["10.0.0.0/8", 1], [{}], [set("10.0.0.0/8")], obj([1, "10.0.0.0/8"], [["k"], "10.1.2.3"]),
  ]; // biome-ignore format: a table
  const cases = operands.flatMap((a) =>
    operands.map((b): BuiltinCase => ["net.cidr_contains_matches", a, b]),
  );
  expect(await differencesFromOpa(oracle, NET_CIDR, cases)).toEqual([]);
});

it("expands as OPA does", async () => {
  const few = NETWORKS.filter(
    (text) => !/\/(0|00*8?|8|9|16|24|32|64|064|80|81|95|96|97)$/.test(text),
  );
  const more = ["1.2.3.4/32", "1.2.3.4/24", "255.255.255.250/29", "0.0.0.0/30", "::ffff:1.2.3.4/126", "2001:db8::ffff/124", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124"]; // biome-ignore format: a table
  const cases = [...few, ...more, ...ADDRESSES, ...WRONG].map(
    (value): BuiltinCase => ["net.cidr_expand", value],
  );
  expect(await differencesFromOpa(oracle, NET_CIDR, cases)).toEqual([]);
});

it("merges as OPA does", async () => {
  let state = 12_345;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const ipv4 = () =>
    `10.${random(2)}.${random(2)}.${random(16) * 16}/${[8, 16, 23, 24, 27, 28, 30][random(7)]}`;
  const ipv6 = () =>
    `2001:db8::${random(4)}:${random(16).toString(16)}/${[64, 96, 112, 124, 126, 127, 128][random(7)]}`;
  const lists = Array.from({ length: 600 }, (_, index) =>
    Array.from({ length: 1 + random(7) }, () =>
      index % 3 === 0 ? ipv4() : index % 3 === 1 ? ipv6() : random(2) === 0 ? ipv4() : ipv6(),
    ),
  );
  const singles = [...ADDRESSES, ...NETWORKS].map((text) => [text]);
  const special: readonly Value[] = [
    [], set(), "10.0.0.0/8", {}, null, 1, [1], ["10.0.0.0/8", 1], set("10.0.0.0/9", "10.128.0.0/9"), ["10.0.0.5", "11.0.0.5"], ["10.0.0.5", "12.0.0.5"],
    ["192.168.1.5", "192.168.1.0/24"], ["224.0.0.1", "224.0.0.2"], ["224.0.0.1", "10.0.0.0/8"], ["1.2.3.4", "::ffff:1.2.3.5"], ["0.0.0.0/1", "128.0.0.0/1"], ["::/1", "8000::/1"], ["::/0", "10.0.0.0/8"], ["0.0.0.0/0", "::/0"],
    ["0.0.0.0/0", "::/80"], ["::/81", "::8000:0:0/81"], ["::8000:0:0/81", "::4000:0:0/82", "1.2.3.4/8"], ["255.255.255.255/32", "255.255.255.254/32"], ["1.2.3.4/32", "1.2.3.4/32"],
    ["10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32", "10.0.0.4/32"], ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"], ["::1/128", "::2/128", "::3/128"], ["::1/128", "0.0.0.0/32"],
    ["::1", "10.0.0.0/8"], ["bad", "10.0.0.0/8"], ["10.0.0.0/8", "bad"], ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128"],
  ]; // biome-ignore format: a table
  const cases = [...lists, ...singles, ...special].map(
    (value): BuiltinCase => ["net.cidr_merge", value],
  );
  expect(await differencesFromOpa(oracle, NET_CIDR, cases)).toEqual([]);
});

/** OPA's own answers to these are accidents of its byte arrays, or it panics. */
it.each([
  [["::ffff:1.2.3.0/120", "1.2.4.0/24"]],
  [["255.255.255.255/32", "::1:0:0:0/128"]],
  [["::1:0:0:0/80", "::2:0:0:0/79"]],
])("does not merge %j", (list) => {
  expect(NET_CIDR["net.cidr_merge"]?.(caseContext(), list)).toBeUndefined();
});

it.each([
  ["net.cidr_contains", ["10.0.0.0/8", "::ffff:10.1.2.3"], "true"],
  ["net.cidr_contains", ["10.0.0.0/8", "10.0.0.0/7"], "false"],
  ["net.cidr_contains", ["10.0.0.0/8", "010.0.0.1"], undefined],
  ["net.cidr_intersects", ["10.0.0.0/8", "10.0.0.0/7"], "true"],
  ["net.cidr_expand", ["10.0.0.1/31"], '["10.0.0.0","10.0.0.1"]'],
  ["net.cidr_merge", [["10.0.0.0/9", "10.128.0.0/9"]], '["10.0.0.0/8"]'],
  [
    "net.cidr_contains_matches",
    ["10.0.0.0/8", { a: "10.1.2.3", b: "::1" }],
    '[["10.0.0.0/8","a"]]',
  ],
] satisfies [string, Value[], string | undefined][])("%s(%j) is %s", (name, args, expected) => {
  const value = NET_CIDR[name]?.(caseContext(), ...args);
  expect(value === undefined ? undefined : jsonText(value, testBudget())).toBe(expected);
});

it("stops before it works on too much", () => {
  const call = (name: string, ...args: Value[]) => NET_CIDR[name]?.(caseContext(), ...args);
  const many = Array.from({ length: 5_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}/32`);
  for (const cidr of ["0.0.0.0/0", "::/0", "10.0.0.0/16"]) {
    expect(() => call("net.cidr_expand", cidr)).toThrow(BudgetExceeded);
  }
  expect(() => call("net.cidr_contains_matches", many, many)).toThrow(BudgetExceeded);
  expect(() => call("net.cidr_merge", many)).toThrow(BudgetExceeded);
  expect(() => call("net.cidr_contains", "10.0.0.0/8", "1".repeat(5_000_000))).toThrow(
    BudgetExceeded,
  );
});
