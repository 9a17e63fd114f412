/** Lazy values: built when asked for, without prototypes, from exactly the bytes of the body. */
import { expect, it } from "vitest";
import type { JsonObject } from "../../../src/domain/json.ts";
import { lazyMembers, lazyObject, NO_JSON } from "../../../src/json/json-node.ts";
import { protocolLevel } from "../../../src/json/protocol-level.ts";
import { readStrictJson } from "../../../src/json/strict-json.ts";

const LEVEL = protocolLevel({ a: null, b: null });
const read = (text: string) => readStrictJson(Buffer.from(text), LEVEL);

it("has no prototype at any depth, so that __proto__ is a member like others", () => {
  const node = read('{"a":{"__proto__":{"x":[{"constructor":1}]}}}').member("a");
  const value = lazyObject(node).value();
  expect(Object.getPrototypeOf(value)).toBeNull();
  expect(Object.keys(value)).toEqual(["__proto__"]);
  const [inner] = Object.values(value) as JsonObject[];
  const [element] = (inner?.["x"] ?? []) as readonly JsonObject[];
  expect(element?.["constructor"]).toBe(1);
  expect(Object.getPrototypeOf(element)).toBeNull();
  expect("x" in Object.prototype).toBe(false);
});

it("is built once", () => {
  const lazy = lazyObject(read('{"a":{"x":1}}').member("a"));
  expect(lazy.value()).toBe(lazy.value());
});

it("keeps the exact bytes", () => {
  const lazy = lazyObject(read('{"a": { "x" : 1.0 } }').member("a"));
  expect(Buffer.from(lazy.bytes).toString()).toBe('{ "x" : 1.0 }');
});

it("is empty for an absent member", () => {
  expect(lazyObject(undefined)).toBe(NO_JSON);
  expect(NO_JSON.bytes).toHaveLength(0);
  expect(Object.keys(NO_JSON.value())).toEqual([]);
});

it("joins members that are there", () => {
  const root = read('{"a":{"x":1},"b":[2]}');
  const joined = lazyMembers([
    ["first", root.member("a")],
    ["absent", undefined],
    ["text", 'with "quotes"'],
    ["last", root.member("b")],
  ]);
  expect(JSON.stringify(joined.value())).toBe(
    '{"first":{"x":1},"text":"with \\"quotes\\"","last":[2]}',
  );
  expect(lazyMembers([["absent", undefined]])).toBe(NO_JSON);
});

it("has integers beyond 2^53 as the texts they are, and all else as it is", () => {
  const level = protocolLevel({ arguments: "parameters" });
  const text =
    '{"arguments":{"a":[9007199254740993,-12345678901234567890],"b":9007199254740991,"c":1e300,"d":2.5,"__proto__":{"e":100000000000000000000}}}';
  const node = readStrictJson(Buffer.from(text), level, "string").member("arguments");
  const expected =
    '{"a":["9007199254740993","-12345678901234567890"],"b":9007199254740991,"c":1e+300,"d":2.5,"__proto__":{"e":"100000000000000000000"}}';
  expect(node?.hasBigIntegers).toBe(true);
  expect(JSON.stringify(lazyObject(node).value())).toBe(expected);
  expect(JSON.stringify(lazyMembers([["x", node]]).value())).toBe(`{"x":${expected}}`);
  expect(Object.getPrototypeOf(lazyObject(node).value())).toBeNull();
});
