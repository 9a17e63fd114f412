/**
 * Text as base64, base64url, hexadecimal digits and back. Decoded bytes need not be text.
 *
 * @module
 */
import { bytesOf, textOf } from "../plan/values/text-bytes.ts";
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";
import { chargeBytes, textOperand } from "./operands.ts";

type ByteEncoding = "base64" | "base64url" | "hex";

const LINE_BREAKS = /[\r\n]/g;
const NOT_DIGIT = { base64: /[^A-Za-z0-9+/]/, base64url: /[^A-Za-z0-9_-]/ } as const;
const NOT_HEX = /[^0-9a-fA-F]/;

/** Line breaks count for nothing, and unused bits may be set. */
export function base64Bytes(
  text: string,
  alphabet: "base64" | "base64url",
  isPadded: boolean,
): Buffer | undefined {
  const unbroken = text.replace(LINE_BREAKS, "");
  const padding = !isPadded ? 0 : unbroken.endsWith("==") ? 2 : unbroken.endsWith("=") ? 1 : 0;
  const digits = unbroken.slice(0, unbroken.length - padding);
  const isWhole = isPadded ? unbroken.length % 4 === 0 : unbroken.length % 4 !== 1;
  return isWhole && !NOT_DIGIT[alphabet].test(digits) ? Buffer.from(digits, "base64") : undefined;
}

/** Padding may be left out, and is then made up by the length of the text as it stands. */
export function base64urlBytes(text: string): Buffer | undefined {
  const missing = text.endsWith("=") ? 0 : -text.length & 3;
  return missing === 3 ? undefined : base64Bytes(text + "=".repeat(missing), "base64url", true);
}

function hexBytes(text: string): Buffer | undefined {
  return text.length % 2 === 0 && !NOT_HEX.test(text) ? Buffer.from(text, "hex") : undefined;
}

function encoder(encoding: ByteEncoding, isPadded: boolean): BuiltinFunction {
  return (context, value) => {
    const text = textOperand(context, 1, value);
    if (text === undefined) return undefined;
    // A UTF-16 unit is at most three bytes, a byte at most two digits.
    chargeBytes(context.budget, text.length * 6);
    const digits = bytesOf(text).toString(encoding);
    return isPadded ? digits + "=".repeat(-digits.length & 3) : digits;
  };
}

function decoder(
  toBytes: (text: string) => Buffer | undefined,
  failure: string,
): (context: BuiltinContext, value: Value | undefined) => Value | undefined {
  return (context, value) => {
    const text = textOperand(context, 1, value);
    if (text === undefined) return undefined;
    chargeBytes(context.budget, text.length);
    const bytes = toBytes(text);
    return bytes === undefined ? context.fail(failure) : textOf(bytes);
  };
}

const base64Decoded = (text: string) => base64Bytes(text, "base64", true);

export const ENCODING: BuiltinTable = {
  "base64.encode": encoder("base64", false),
  "base64.decode": decoder(base64Decoded, "illegal base64 data"),
  "base64.is_valid": (context, value) => {
    if (typeof value !== "string") return false;
    chargeBytes(context.budget, value.length);
    return base64Decoded(value) !== undefined;
  },
  "base64url.encode": encoder("base64url", true),
  "base64url.encode_no_pad": encoder("base64url", false),
  "base64url.decode": decoder(base64urlBytes, "illegal base64 data"),
  "hex.encode": encoder("hex", false),
  "hex.decode": decoder(hexBytes, "encoding/hex: invalid byte or odd length hex string"),
};
