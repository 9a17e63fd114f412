/**
 * Builtins that only tell a reader of the evaluation something: here they do nothing.
 *
 * @module
 */
import type { BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";

export const NOTES: BuiltinTable = {
  /** What a `print` is compiled to. */
  "internal.print": () => true,
  trace: (context, note) => typeof note === "string" || wrongType(context, 1, note, "string"),
};
