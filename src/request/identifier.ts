/**
 * Which texts may identify something. They are compared exactly and never trimmed, folded or repaired.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";

const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

/** Tools, agents and servers in a path: nothing that looks like something else. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Control and format characters (zero width, direction), line separators, and what was lost before. */
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u;

/** Names that people chose: in any script, but nothing in them may be unseen. */
export function isReadable(text: string): boolean {
  return text !== "" && !UNREADABLE.test(text);
}

/** A text that a C reader would see cut short. */
export function requireNoNul(text: string): void {
  if (text.includes("\0")) throw new DenyError("json.lone_surrogate", "a name holds a zero");
}
