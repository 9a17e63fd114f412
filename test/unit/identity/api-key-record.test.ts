/** A record is read strictly, every problem of a line is named, and no value is. */
import { describe, expect, it } from "vitest";
import { readApiKeyLine, writeApiKeyLine } from "../../../src/identity/api-key-record.ts";
import { apiKeyRecord } from "../../support/api-keys.ts";

const MEMBERS = JSON.parse(writeApiKeyLine(apiKeyRecord())) as Record<string, unknown>;
const read = (text: string) => readApiKeyLine(Buffer.from(text));
const change = (members: object) => read(JSON.stringify({ ...MEMBERS, ...members }));

it.each([
  apiKeyRecord(),
  apiKeyRecord("k", { team: null, scopes: [] }),
  apiKeyRecord("k", { expiresAtMs: 1_798_675_200_000, revokedAtMs: 1_764_000_000_123 }),
])("reads what it wrote", (record) => {
  expect(read(writeApiKeyLine(record))).toEqual(record);
});

it("fills in what may be left out", () => {
  const { id, mac, scopes, environment, owner } = MEMBERS;
  expect(read(JSON.stringify({ id, mac, scopes, environment, owner }))).toEqual(
    apiKeyRecord(undefined, { team: null }),
  );
});

describe("refuses", () => {
  it.each([
    ["id", ["", "a b", "a\n", "a/b", "x".repeat(65), 1, null]],
    ["mac", ["", "ab", "g".repeat(64), "A".repeat(64), null]],
    [
      "scopes",
      ["a", ["a", "a"], ["a b"], [""], [1], Array.from({ length: 65 }, (_, n) => `s${n}`)],
    ],
    ["environment", ["", " live", "x".repeat(65), null]],
    ["owner", ["", "a\nb", "a ", null]],
    ["team", ["", 1]],
    ["rate_per_minute", [0, 1.5, "1", 10_000_001, null]],
    ["expires_at", ["", "2027-01-31", "2027-02-31T00:00:00Z", "2027-01-01T00:00:00+01:00", 1]],
    ["revoked_at", ["yesterday", 1_764_000_000]],
  ] as const)("a wrong %s", (name, values) => {
    for (const value of values) {
      expect([value, change({ [name]: value })]).toEqual([
        value,
        [expect.stringMatching(new RegExp(`^${name}: must `))],
      ]);
    }
  });

  it("what is missing, all of it", () => {
    const problems = read("{}") as readonly string[];
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      ...["id", "mac", "scopes", "environment", "owner"],
    ]);
  });

  it.each([
    ["an unknown member", `{"key":"sark_gw_secret",${JSON.stringify(MEMBERS).slice(1)}`],
    ["a repeated member", `{"revoked_at":null,${JSON.stringify(MEMBERS).slice(1)}`],
    ["a list", "[]"],
    ["half a line", JSON.stringify(MEMBERS).slice(0, -1)],
    ["two values", "{} {}"],
    ["a line that is too long", " ".repeat(16_385)],
  ])("%s, without quoting it", (_, text) => {
    const problems = read(text);
    expect(problems).toEqual([expect.any(String)]);
    expect(String(problems)).not.toContain("secret");
  });
});
