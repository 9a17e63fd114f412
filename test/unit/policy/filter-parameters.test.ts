/** Parameter filter: what SARK calls sensitive is removed at every depth, and positions are named. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/domain/json.ts";
import type { Sensitivity } from "../../../src/domain/sensitivity.ts";
import { filterParameters } from "../../../src/policy/filter-parameters.ts";
import { resource, user } from "../../support/samples.ts";

const filter = (
  parameters: JsonObject,
  sensitivity: Sensitivity,
  sensitiveParams: string[] = [],
  roles: string[] = ["developer"],
) => filterParameters(parameters, resource({ sensitivity, sensitiveParams }), user({ roles }));

describe("by sensitivity", () => {
  const parameters = { q: 1, password: "x", "Api-Key": "y", ssn: "z" };

  it.each<[Sensitivity, string[]]>([
    ["low", []],
    ["medium", []],
    ["high", ["/password", "/Api-Key"]],
    ["critical", ["/password", "/Api-Key", "/ssn"]],
  ])("removes from a %s tool %j", (sensitivity, removed) => {
    expect(filter(parameters, sensitivity).removed).toEqual(removed);
  });

  it("gives what remains", () => {
    expect({ ...filter(parameters, "critical").remaining }).toEqual({ q: 1 });
  });
});

it("reaches nested objects and arrays and escapes pointers", () => {
  const parameters = { "a/b": [{ "x~y": { token: 1, keep: 2 } }] };
  const { remaining, removed } = filter(parameters, "high");
  expect(removed).toEqual(["/a~1b/0/x~0y/token"]);
  expect(JSON.stringify(remaining)).toBe('{"a/b":[{"x~y":{"keep":2}}]}');
});

it("removes what the registry calls sensitive, whatever the level", () => {
  expect(filter({ index_secret: 1, n: 2 }, "low", ["index_secret"]).removed).toEqual([
    "/index_secret",
  ]);
});

it("shows everything to an admin", () => {
  expect(filter({ password: 1 }, "critical", [], ["admin"]).removed).toEqual([]);
});

it("keeps a member named __proto__ as data", () => {
  const parameters = JSON.parse('{"__proto__":{"token":1,"a":2}}') as JsonObject;
  const { remaining, removed } = filter(parameters, "high");
  expect(removed).toEqual(["/__proto__/token"]);
  expect(JSON.stringify(remaining)).toBe('{"__proto__":{"a":2}}');
});
