/**
 * The parts of a token (RFC 7515, compact serialization) and what its header says.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { lookUp } from "../plan/values/object.ts";
import { bytesOf, textOf } from "../plan/values/text-bytes.ts";
import { isArray, isObject, type ObjectValue, type Value } from "../plan/values/value.ts";
import { base64urlBytes } from "./encoding.ts";
import { unmarshalled } from "./json-text.ts";
import { chargeBytes } from "./operands.ts";

export interface TokenParts {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

export interface TokenHeader {
  readonly alg: string;
  readonly kid: string;
  readonly cty: string;
  /** Whether `alg` is there and every critical parameter is known (RFC 7515 section 4.1.11). */
  readonly isAcceptable: boolean;
}

const PARTS = 3;
/** Of decoding a part, however short. */
const PART_STEPS = 16;

export function tokenParts(text: string): TokenParts | undefined {
  const parts = text.split(".", PARTS + 1);
  const [header = "", payload = "", signature = ""] = parts;
  return parts.length === PARTS ? { header, payload, signature } : undefined;
}

/** What the signature is made of. */
export function signedBytes({ header, payload }: TokenParts): Buffer {
  return bytesOf(`${header}.${payload}`);
}

export function partBytes(part: string, budget: Budget): Buffer | undefined {
  budget.spend(PART_STEPS);
  chargeBytes(budget, part.length);
  return base64urlBytes(part);
}

export function partText(part: string, budget: Budget): string | undefined {
  const bytes = partBytes(part, budget);
  return bytes === undefined ? undefined : textOf(bytes);
}

export function jsonObject(text: string | undefined, budget: Budget): ObjectValue | undefined {
  const document = text === undefined ? undefined : unmarshalled(text, budget);
  return isObject(document) ? document : undefined;
}

/** The header's document. A token with `enc` is encrypted (RFC 7516 section 9), which is not supported. */
export function headerObject({ header }: TokenParts, budget: Budget): ObjectValue | undefined {
  const object = jsonObject(partText(header, budget), budget);
  return object === undefined || lookUp(object, "enc", budget) !== undefined ? undefined : object;
}

const KNOWN_TEXTS = ["alg", "kid", "typ", "cty"] as const;
const KNOWN: ReadonlySet<Value> = new Set([...KNOWN_TEXTS, "crit"]);

/** Undefined where a parameter that is known has a value of the wrong type. */
export function tokenHeader(object: ObjectValue, budget: Budget): TokenHeader | undefined {
  const [alg = "", kid = "", typ = "", cty = ""] = KNOWN_TEXTS.map((name) =>
    lookUp(object, name, budget),
  );
  if (typeof alg !== "string" || typeof kid !== "string") return undefined;
  if (typeof typ !== "string" || typeof cty !== "string") return undefined;
  const critical = criticalNames(lookUp(object, "crit", budget));
  if (critical === undefined) return undefined;
  budget.spend(critical.length);
  const isUnderstood = critical.every(
    (name) => KNOWN.has(name) || lookUp(object, name, budget) === undefined,
  );
  return { alg, kid, cty, isAcceptable: alg !== "" && isUnderstood };
}

/** The names up to the first value that is none, as OPA reads them; there must be one. */
function criticalNames(value: Value | undefined): readonly Value[] | undefined {
  if (value === undefined) return [];
  if (!isArray(value)) return undefined;
  const end = value.findIndex((name) => typeof name !== "string");
  const names = end < 0 ? value : value.slice(0, end);
  return names.length === 0 ? undefined : names;
}
