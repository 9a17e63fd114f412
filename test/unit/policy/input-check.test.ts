/** checkInput: what a JSON parser would take, in bounds. */
import { expect, it } from "vitest";
import { checkInput } from "../../../src/policy/input-check.ts";

function nested(levels: number): object {
  let value: object = {};
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { value } : [value];
  return value;
}

it.each<[string, object]>([
  ["every kind of value", { a: [null, true, 1.5, -0, "x"], b: undefined, c: {} }],
  ["text that is well-formed", { text: "ä\u{1f600}\u0000\\ud83d" }],
  ["an object without prototype", Object.assign(Object.create(null), { __proto__: 1 })],
  ["60 levels", nested(60)],
  ["a text just in bounds", { text: "x".repeat(262_000) }],
])("takes %s", (_name, input) => {
  expect(() => checkInput(input)).not.toThrow();
});

it.each<[string, object, RegExp]>([
  ["a lone surrogate", { a: ["\ud83d"] }, /not well-formed/],
  ["a lone surrogate in a name", { "\ude00": 1 }, /not well-formed/],
  ["a big integer", { a: 1n }, /not expressible/],
  ["no number", { a: Number.NaN }, /not expressible/],
  ["a function", { a: () => 1 }, /not expressible/],
  ["70 levels", nested(70), /nested above 64/],
  ["endless nesting", nested(50_000), /nested above 64/],
  ["a text above 256 KiB", { text: "x".repeat(262_144) }, /above 262144 bytes/],
  ["many small values above 256 KiB", { list: new Array(150_000).fill(1) }, /above 262144/],
])("refuses %s", (_name, input, message) => {
  expect(() => checkInput(input)).toThrow(message);
  expect(() => checkInput(input)).toThrow(expect.objectContaining({ kind: "input" }));
});
