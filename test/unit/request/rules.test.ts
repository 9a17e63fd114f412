/** The list of rules: the tables the code walks, each line with a reason that callers can be told. */
import { expect, it } from "vitest";
import { DENY_REASONS } from "../../../src/domain/reasons.ts";
import { PATH_RULES } from "../../../src/request/canonical-path.ts";
import { RULES } from "../../../src/request/rules.ts";

it("says of each line what it refuses, in words of its own", () => {
  const texts = RULES.map(({ refuses }) => refuses);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.filter((text) => text.length < 10 || text.length > 100)).toEqual([]);
});

it("names every reason of the request before its meaning", () => {
  const named = new Set(RULES.map(({ reason }) => reason));
  const stages = /^(?:path|query|host|header|method|upgrade)\./;
  expect(DENY_REASONS.filter((reason) => stages.test(reason) && !named.has(reason))).toEqual([]);
});

it("goes from the method to the headers", () => {
  const stages = RULES.map(({ stage }) => stage);
  expect([...new Set(stages)]).toEqual(["method", "target", "query", "host", "header"]);
});

it("tells which lines a route may relax", () => {
  const relaxed = RULES.filter(({ relaxedBy }) => relaxedBy !== undefined);
  expect(relaxed.map(({ reason, relaxedBy }) => [reason, relaxedBy])).toEqual([
    ["path.encoded_reserved", "semicolon"],
    ["path.parameter", "semicolon"],
  ]);
  expect(PATH_RULES.filter(({ relaxedBy }) => relaxedBy !== undefined)).toHaveLength(2);
});
