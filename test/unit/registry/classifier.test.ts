/** A tool is as sensitive as the worst word that describes it. */
import { expect, it } from "vitest";
import { classify } from "../../../src/registry/classifier.ts";

it.each([
  ["get_user_list", "low"],
  ["execute_query", "high"],
  ["update_password", "critical"],
  ["read credit card", "critical"],
  ["keyboard_layout", "medium"],
  ["tokenize", "medium"],
  ["createIssue", "medium"],
  ["Credit_Card", "critical"],
  ["drop-table", "high"],
  ["save2", "medium"],
  ["weather", "medium"],
  ["", "medium"],
  ["élist", "medium"], // a letter of any alphabet is a letter
])("takes the name %j for %s", (name, level) => {
  expect(classify({ name })).toBe(level);
});

it("reads description and parameter names too", () => {
  expect(classify({ name: "get_page", description: "then purge it" })).toBe("high");
  expect(classify({ name: "get_page", parameterNames: ["id", "api_key"] })).toBe("critical");
});

it("makes no keyword out of two texts", () => {
  expect(classify({ name: "get_credit", description: "card" })).toBe("low");
});
