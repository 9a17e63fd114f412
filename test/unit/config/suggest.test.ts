/** A misspelled word is met by the nearest known one, and a different word by none. */
import { expect, it } from "vitest";
import { suggest } from "../../../src/config/suggest.ts";

const KEYS = ["entries_max", "ttl_max_seconds", "cleanup_seconds", "path", "path_prefix"];

it.each([
  ["entris_max", "entries_max"],
  ["entires_max", "entries_max"], // neighbours swapped
  ["entries_mx", "entries_max"],
  ["Entries_Max", "entries_max"],
  ["cleanup", "cleanup_seconds"],
  ["paths", "path"],
  ["entrs_mx", undefined], // three slips
  ["zz", undefined],
  ["", undefined],
])("answers %s with %s", (word, nearest) => {
  expect(suggest(word, KEYS)).toBe(nearest);
});
