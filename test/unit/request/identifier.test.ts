/** Identifiers: compared as they are, so nothing in them may look like something else or be unseen. */
import { expect, it } from "vitest";
import { isName, isReadable } from "../../../src/request/identifier.ts";

it.each(["a", "A.b-c_9", "a".repeat(128)])("takes %s as a name", (text) => {
  expect(isName(text)).toBe(true);
});

it.each([
  ...["", "a".repeat(129), "a b", " a", "a\n", "a/b", "a:b", "a\0", "a\ufffd"],
  ...["\u0430", "a\u200b", "a\u202e", "\uff41", "\u212a", "a\u0301"],
])("takes %j as no name", (text) => {
  expect(isName(text)).toBe(false);
});

it.each(["Stra\u00dfe 7", "\u30c7\u30e2", "a\u00a0b", "a\u0301"])("can read %j", (text) => {
  expect(isReadable(text)).toBe(true);
});

it.each([
  ...["", "a\u0000", "a\tb", "a\u007f", "a\u0085", "a\u00ad", "a\u200d", "\ufeffa"],
  ...["a\u2066", "a\u2028", "a\u2029", "a\ufffd"],
])("can not read %j", (text) => {
  expect(isReadable(text)).toBe(false);
});
