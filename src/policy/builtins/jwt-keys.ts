/**
 * Keys that a policy verifies tokens with: a PEM certificate or public key, a JWK or a JWK set.
 *
 * @module
 */
import { createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Budget } from "../plan/values/budget.ts";
import { base64Bytes } from "./encoding.ts";
import { type VerificationKey, verificationKey } from "./jwk.ts";
import { chargeBytes } from "./operands.ts";

/** Reading one key costs about as much as this many steps. */
const KEY_STEPS = 1_000;
const KEYS_MAX = 1_000;
/** Curves that Go knows. */
const CURVES: ReadonlySet<string> = new Set(["prime256v1", "secp384r1", "secp521r1", "secp224r1"]);
/** Kinds that Go reads, though no token is verified with them. */
const OTHER_KINDS: ReadonlySet<string> = new Set(["dsa", "x25519"]);

const BEGIN = /(?:^|\n)-----BEGIN ([^\n]*)-----[ \t\r]*\n/;

/** Undefined for text that holds no keys, or one that cannot be read. */
export function keysOf(text: string, budget: Budget): readonly VerificationKey[] | undefined {
  chargeBytes(budget, text.length);
  budget.spend(KEY_STEPS);
  const begin = BEGIN.exec(text);
  if (begin === null) return jwkSet(text, budget);
  const der = pemBody(text.slice(begin.index + begin[0].length), begin[1] ?? "");
  if (der === undefined) return undefined;
  const material = begin[1] === "CERTIFICATE" ? certificateKey(der) : publicKey(der, begin[1]);
  return material === undefined ? undefined : [{ alg: "", kid: "", material, isPrivate: false }];
}

/** The bytes of the one block that `text` holds, and nothing after it. */
function pemBody(text: string, label: string): Buffer | undefined {
  const endLine = `-----END ${label}-----`;
  const end = text.startsWith(endLine) ? 0 : text.indexOf(`\n${endLine}`) + 1;
  if (end === 0 && !text.startsWith(endLine)) return undefined;
  if (!/^[ \t\r]*\n?$/.test(text.slice(end + endLine.length))) return undefined;
  return base64Bytes(text.slice(0, end).replace(/[ \t]/g, ""), "base64", true);
}

function certificateKey(der: Buffer): KeyObject | null | undefined {
  try {
    const certificate = new X509Certificate(der);
    if (certificate.raw.length !== der.length) return undefined;
    return usable(certificate.publicKey, null);
  } catch {
    return undefined;
  }
}

function publicKey(der: Buffer, label = ""): KeyObject | null | undefined {
  if (label !== "PUBLIC KEY") return undefined;
  try {
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    const isWhole = key.export({ format: "der", type: "spki" }).length === der.length;
    return isWhole ? usable(key, undefined) : undefined;
  } catch {
    return undefined;
  }
}

function usable<T>(key: KeyObject, unknown: T): KeyObject | null | undefined | T {
  const kind = key.asymmetricKeyType ?? "";
  if (kind === "rsa" || kind === "ed25519") return key;
  if (kind === "ec") {
    return CURVES.has(key.asymmetricKeyDetails?.namedCurve ?? "") ? key : undefined;
  }
  return OTHER_KINDS.has(kind) ? null : unknown;
}

function jwkSet(text: string, budget: Budget): readonly VerificationKey[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text.toWellFormed());
  } catch {
    return undefined;
  }
  if (typeof document !== "object" || document === null) return undefined;
  const list: unknown = Object.hasOwn(document, "keys")
    ? (document as { readonly keys?: unknown }).keys
    : [document];
  if (!Array.isArray(list) || list.length > KEYS_MAX) return undefined;
  budget.spend(list.length * KEY_STEPS);
  const keys = list.map(verificationKey);
  if (keys.some((key) => key === undefined)) return undefined;
  return keys.filter((key) => key !== undefined && key !== null);
}
