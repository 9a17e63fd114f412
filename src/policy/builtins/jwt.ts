/**
 * Reading tokens, and verifying their signatures alone.
 *
 * @module
 */

import { lookUp } from "../plan/values/object.ts";
import { bytesOf } from "../plan/values/text-bytes.ts";
import type { ObjectValue, Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";
import { candidates } from "./jwt-candidates.ts";
import { decodeVerify } from "./jwt-constraints.ts";
import { keysOf } from "./jwt-keys.ts";
import { isCodeOf, isSignatureOf } from "./jwt-signature.ts";
import {
  headerObject,
  jsonObject,
  partBytes,
  partText,
  signedBytes,
  tokenHeader,
  tokenParts,
} from "./jwt-token.ts";
import { textOperand } from "./operands.ts";

const NO_TOKEN = "encoded JWT must have 3 sections";
const NESTED = "JWT";

function decode(context: BuiltinContext, value?: Value): Value | undefined {
  const { budget } = context;
  let text = textOperand(context, 1, value);
  for (let depth = 0; text !== undefined; depth++) {
    budget.descend(depth);
    const parts = tokenParts(text);
    if (parts === undefined) return context.fail(NO_TOKEN);
    const header = headerObject(parts, budget);
    if (header === undefined) return context.fail("bad JWT header");
    const payloadText = partText(parts.payload, budget);
    if (payloadText === undefined) return context.fail("JWT payload had invalid encoding");
    const cty = lookUp(header, "cty", budget);
    if (cty !== NESTED) return decoded(context, header, payloadText, parts.signature);
    text = withoutQuotes(payloadText);
  }
  return undefined;
}

function decoded(
  context: BuiltinContext,
  header: ObjectValue,
  payloadText: string,
  signatureText: string,
): Value | undefined {
  const { budget } = context;
  const cty = lookUp(header, "cty", budget);
  if (cty !== undefined && typeof cty !== "string") return context.fail("cty: must be a string");
  const payload = jsonObject(payloadText, budget);
  if (payload === undefined) return context.fail("decoded JSON type was not an Object");
  const signature = partBytes(signatureText, budget);
  if (signature === undefined) return context.fail("JWT signature had invalid encoding");
  return [header, payload, signature.toString("hex")];
}

/** A token that is the payload of another one may be quoted. */
function withoutQuotes(text: string): string {
  const isQuote = (index: number) => text[index] === '"' || text[index] === "'";
  let start = 0;
  let end = text.length;
  while (start < end && isQuote(start)) start++;
  while (end > start && isQuote(end - 1)) end--;
  return text.slice(start, end);
}

function secretVerifier(hash: "sha256" | "sha384" | "sha512"): BuiltinFunction {
  return (context, token, key) => {
    const text = textOperand(context, 1, token);
    if (text === undefined) return undefined;
    const secret = textOperand(context, 2, key);
    if (secret === undefined) return undefined;
    const parts = tokenParts(text);
    if (parts === undefined) return context.fail(NO_TOKEN);
    const signature = partBytes(parts.signature, context.budget);
    if (signature === undefined) return context.fail("illegal base64 data");
    return isCodeOf(signedBytes(parts), signature, hash, bytesOf(secret), context.budget);
  };
}

const LENIENT = { takesOddSignatures: true, takesPrivateKeys: false };

function keyVerifier(alg: string): BuiltinFunction {
  return (context, token, key) => {
    const { budget } = context;
    const text = textOperand(context, 1, token);
    if (text === undefined) return undefined;
    const keyText = textOperand(context, 2, key);
    if (keyText === undefined) return undefined;
    const parts = tokenParts(text);
    if (parts === undefined) return context.fail(NO_TOKEN);
    const keys = keysOf(keyText, budget);
    if (keys === undefined) return context.fail("failed to parse a JWK key (set) or PEM block");
    const signature = partBytes(parts.signature, budget);
    if (signature === undefined) return context.fail("illegal base64 data");
    const object = headerObject(parts, budget);
    const header = object === undefined ? undefined : tokenHeader(object, budget);
    if (header === undefined) return context.fail("bad JWT header");
    const signed = signedBytes(parts);
    return candidates(keys, header.kid, header.alg).some((candidate) =>
      isSignatureOf(signed, signature, alg, candidate, LENIENT, budget),
    );
  };
}

export const JWT: BuiltinTable = {
  "io.jwt.decode": decode,
  "io.jwt.decode_verify": decodeVerify,
  "io.jwt.verify_hs256": secretVerifier("sha256"),
  "io.jwt.verify_hs384": secretVerifier("sha384"),
  "io.jwt.verify_hs512": secretVerifier("sha512"),
  "io.jwt.verify_rs256": keyVerifier("RS256"),
  "io.jwt.verify_rs384": keyVerifier("RS384"),
  "io.jwt.verify_rs512": keyVerifier("RS512"),
  "io.jwt.verify_ps256": keyVerifier("PS256"),
  "io.jwt.verify_ps384": keyVerifier("PS384"),
  "io.jwt.verify_ps512": keyVerifier("PS512"),
  "io.jwt.verify_es256": keyVerifier("ES256"),
  "io.jwt.verify_es384": keyVerifier("ES384"),
  "io.jwt.verify_es512": keyVerifier("ES512"),
  "io.jwt.verify_eddsa": keyVerifier("EdDSA"),
};
