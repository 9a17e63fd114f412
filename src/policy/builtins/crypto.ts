/**
 * Digests and message authentication codes, as hexadecimal digits.
 *
 * @module
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { bytesOf } from "../plan/values/text-bytes.ts";
import type { BuiltinFunction, BuiltinTable } from "./builtin.ts";
import { chargeBytes, textOperand } from "./operands.ts";

type Digest = "md5" | "sha1" | "sha256" | "sha512";

/** Starting a digest costs about as much as this many steps. */
const DIGEST_STEPS = 50;

function digest(algorithm: Digest): BuiltinFunction {
  return (context, value) => {
    const text = textOperand(context, 1, value);
    if (text === undefined) return undefined;
    context.budget.spend(DIGEST_STEPS);
    chargeBytes(context.budget, text.length * 3);
    return createHash(algorithm).update(bytesOf(text)).digest("hex");
  };
}

function authenticationCode(algorithm: Digest): BuiltinFunction {
  return (context, first, second) => {
    const message = textOperand(context, 1, first);
    if (message === undefined) return undefined;
    const key = textOperand(context, 2, second);
    if (key === undefined) return undefined;
    context.budget.spend(DIGEST_STEPS);
    chargeBytes(context.budget, (message.length + key.length) * 3);
    return createHmac(algorithm, bytesOf(key)).update(bytesOf(message)).digest("hex");
  };
}

/** Takes a time that tells nothing of where two texts of one length differ. */
const equalCodes: BuiltinFunction = (context, first, second) => {
  const a = textOperand(context, 1, first);
  if (a === undefined) return undefined;
  const b = textOperand(context, 2, second);
  if (b === undefined) return undefined;
  chargeBytes(context.budget, (a.length + b.length) * 3);
  const bytesA = bytesOf(a);
  const bytesB = bytesOf(b);
  return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB);
};

export const CRYPTO: BuiltinTable = {
  "crypto.md5": digest("md5"),
  "crypto.sha1": digest("sha1"),
  "crypto.sha256": digest("sha256"),
  "crypto.hmac.md5": authenticationCode("md5"),
  "crypto.hmac.sha1": authenticationCode("sha1"),
  "crypto.hmac.sha256": authenticationCode("sha256"),
  "crypto.hmac.sha512": authenticationCode("sha512"),
  "crypto.hmac.equal": equalCodes,
};
