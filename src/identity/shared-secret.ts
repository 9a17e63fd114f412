/**
 * A secret that the service shares with SARK's Python services, as a set of one HS256 key. Whoever knows
 * it can be anybody, so a secret that can be guessed stops the start.
 *
 * @module
 */
import { createHmac, createSecretKey } from "node:crypto";
import { type KeySet, KeySetError } from "./key-admission.ts";

export const SECRET_BYTES_MAX = 4_096;
const SECRET_BYTES_MIN = 32;
/** Below what 24 random hexadecimal digits have. */
const ENTROPY_BITS_MIN = 96;
const SIGNATURE_BYTES = 32;
/** Marks of published defaults, such as SARK's own for development. */
const DEFAULT_MARK =
  /secret|passw|change[-_ .]?(me|this|it|in)|example|default|dummy|insecure|sample|jwt[-_ ]?key|dev[-_ ]/i;

/** @throws {KeySetError} whose message has nothing of the secret */
export function admitSecret(file: Uint8Array): KeySet {
  const secret = withoutLineEnd(Buffer.from(file));
  if (secret.length < SECRET_BYTES_MIN) {
    throw new KeySetError(`has fewer than ${SECRET_BYTES_MIN} bytes`);
  }
  if (DEFAULT_MARK.test(secret.toString("latin1"))) throw new KeySetError("looks like a default");
  if (isPredictable(secret)) throw new KeySetError("is too easy to guess");
  const thumbprint = createHmac("sha256", secret).update("thumbprint").digest("base64url");
  const key = {
    keyId: undefined,
    thumbprint,
    key: createSecretKey(secret),
    algorithms: new Set(["HS256"] as const),
    signatureBytes: SIGNATURE_BYTES,
  };
  return {
    keys: [key],
    thumbprints: new Set([thumbprint]),
    dropped: [],
    mentionedIds: new Set(),
  };
}

/**
 * An editor ends the last line of a text; the services that mint tokens do not count that as part of it. A
 * secret of any bytes is taken as it is.
 */
function withoutLineEnd(bytes: Buffer): Buffer {
  const end = /^[ -~]*(?=\r?\n$)/.exec(bytes.toString("latin1"))?.[0].length ?? bytes.length;
  return bytes.subarray(0, end);
}

/** Few different bytes, a repeated part, or a run along the alphabet. */
function isPredictable(secret: Buffer): boolean {
  const period = shortestPeriod(secret);
  const steps = secret.subarray(1).filter((byte, at) => Math.abs(byte - (secret[at] ?? 0)) <= 1);
  return (
    entropyBits(secret) < ENTROPY_BITS_MIN ||
    period <= secret.length / 2 ||
    steps.length > secret.length / 2
  );
}

function entropyBits(bytes: Buffer): number {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / bytes.length);
  return bits;
}

function shortestPeriod(bytes: Buffer): number {
  let period = 1;
  while (!bytes.subarray(period).equals(bytes.subarray(0, bytes.length - period))) period++;
  return period;
}
