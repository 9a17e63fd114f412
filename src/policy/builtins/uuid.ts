/**
 * `uuid.parse`: what a UUID tells (RFC 4122). (`uuid.rfc4122` makes random ones and is not provided.)
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { numberFromText } from "../plan/values/decimal.ts";
import { RegoObject } from "../plan/values/rego-object.ts";
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";

const HYPHENATED = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const BARE = /^[0-9a-f]{32}$/i;
const URN_PREFIX = "urn:uuid:";
const HYPHENATED_LENGTH = 36;
/** Any ASCII character may stand where the braces are. */
const BRACES = /^[\0-\x7f](.{36})[\0-\x7f]$/s;
/** 100-nanosecond intervals from the start of the Gregorian calendar to the Unix epoch. */
const EPOCH_TICKS = 122_192_928_000_000_000n;
const NS_PER_TICK = 100n;
const DOMAINS = ["Person", "Group", "Org"];

/** 32 hexadecimal digits, in any of the four forms that are read. */
function digitsOf(text: string): string | undefined {
  if (BARE.test(text)) return text;
  let inner = text;
  if (text.length === HYPHENATED_LENGTH + URN_PREFIX.length) {
    if (text.slice(0, URN_PREFIX.length).toLowerCase() !== URN_PREFIX) return undefined;
    inner = text.slice(URN_PREFIX.length);
  } else if (text.length === HYPHENATED_LENGTH + 2) {
    inner = BRACES.exec(text)?.[1] ?? "";
  }
  return HYPHENATED.test(inner) ? inner.replaceAll("-", "") : undefined;
}

/** Text that is no UUID is undefined without being an error. */
function parse(context: BuiltinContext, text: Value): Value | undefined {
  if (typeof text !== "string") return wrongType(context, 1, text, "string");
  const digits = digitsOf(text);
  if (digits === undefined) return undefined;
  return told(Buffer.from(digits, "hex"), context.budget);
}

function told(bytes: Buffer, budget: Budget): RegoObject {
  const version = bytes.readUInt8(6) >> 4;
  const made = new RegoObject();
  made.set("version", version, budget);
  made.set("variant", variantOf(bytes.readUInt8(8)), budget);
  if (version !== 1 && version !== 2) return made;
  const node = bytes.subarray(10);
  made.set("time", timeNs(bytes), budget);
  made.set("nodeid", node.toString("hex").replace(/(..)(?=.)/g, "$1-"), budget);
  made.set("macvariables", addressKind(node.readUInt8(0)), budget);
  made.set("clocksequence", bytes.readUInt16BE(8) & 0x3fff, budget);
  if (version === 2) {
    const domain = bytes.readUInt8(9);
    made.set("id", bytes.readUInt32BE(0), budget);
    made.set("domain", DOMAINS[domain] ?? `Domain${domain}`, budget);
  }
  return made;
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return "RFC4122";
  if ((byte & 0xe0) === 0xc0) return "Microsoft";
  return (byte & 0xe0) === 0xe0 ? "Future" : "Reserved";
}

/** Since the Unix epoch; it overflows 64 bits where OPA's does. */
function timeNs(bytes: Buffer): Value {
  const low = BigInt(bytes.readUInt32BE(0));
  const middle = BigInt(bytes.readUInt16BE(4)) << 32n;
  const high = BigInt(bytes.readUInt16BE(6) & 0xfff) << 48n;
  const ticks = (high | middle | low) - EPOCH_TICKS;
  return numberFromText(String(BigInt.asIntN(64, ticks * NS_PER_TICK)));
}

function addressKind(byte: number): string {
  const scope = (byte & 0b10) === 0 ? "global" : "local";
  return `${scope}:${(byte & 0b01) === 0 ? "unicast" : "multicast"}`;
}

export const UUID: BuiltinTable = { "uuid.parse": parse };
