/**
 * `io.jwt.decode_verify`: the signature of a token and what a policy demands of its claims. A token that
 * does not meet the demands is answered `[false, {}, {}]`; one that cannot be read, and demands that make
 * no sense, are failures.
 *
 * @module
 */
import { createSecretKey } from "node:crypto";
import { compareNumbers, Decimal, numberFromText } from "../plan/values/decimal.ts";
import { lookUp, keysOf as namesOf } from "../plan/values/object.ts";
import { bytesOf } from "../plan/values/text-bytes.ts";
import { isArray, isNumber, isObject, type ObjectValue, type Value } from "../plan/values/value.ts";
import type { BuiltinContext } from "./builtin.ts";
import type { VerificationKey } from "./jwk.ts";
import { candidates } from "./jwt-candidates.ts";
import { keysOf } from "./jwt-keys.ts";
import { isSignatureOf } from "./jwt-signature.ts";
import {
  headerObject,
  jsonObject,
  partBytes,
  partText,
  signedBytes,
  type TokenHeader,
  type TokenParts,
  tokenHeader,
  tokenParts,
} from "./jwt-token.ts";
import { chargeBytes, textOperand, wrongType } from "./operands.ts";

interface Constraints {
  readonly keys: readonly VerificationKey[];
  /** Empty text demands nothing, here and in the two below. */
  readonly alg: string;
  readonly iss: string;
  readonly aud: string;
  /** Time to hold the claims to, in seconds since 1970. */
  readonly timeS: number;
}

const NAMES: ReadonlySet<Value> = new Set(["cert", "secret", "alg", "iss", "aud", "time"]);
const NS_PER_S = 1_000_000_000;
const STRICT = { takesOddSignatures: false, takesPrivateKeys: true };
const NESTED = /^jwt$/i;

/** A nested token is verified with the same demands. */
export function decodeVerify(
  context: BuiltinContext,
  token?: Value,
  demands?: Value,
): Value | undefined {
  if (!isObject(demands)) {
    return wrongType(context, 2, demands, "object");
  }
  const constraints = constraintsOf(context, demands);
  if (constraints === undefined) return undefined;
  const verified = verifiedToken(context, token, constraints);
  if (verified === undefined) return undefined;
  const areMet = verified === null ? false : areClaimsMet(context, verified.payload, constraints);
  if (areMet === undefined) return undefined;
  return verified !== null && areMet ? [true, verified.header, verified.payload] : [false, {}, {}];
}

function constraintsOf(context: BuiltinContext, demands: ObjectValue): Constraints | undefined {
  const { budget } = context;
  for (const name of namesOf(demands)) {
    budget.spend(1);
    if (!NAMES.has(name)) return context.fail(`unknown token validation constraint: ${name}`);
  }
  const texts = ["cert", "secret", "alg", "iss", "aud"].map((name) =>
    lookUp(demands, name, budget),
  );
  const [cert, secret = "", alg = "", iss = "", aud = ""] = texts;
  if (cert !== undefined && typeof cert !== "string")
    return context.fail("cert constraint: must be a string");
  if (typeof secret !== "string") return context.fail("secret constraint: must be a string");
  if (typeof alg !== "string") return context.fail("alg constraint: must be a string");
  if (typeof iss !== "string") return context.fail("iss constraint: must be a string");
  if (typeof aud !== "string") return context.fail("aud constraint: must be a string");
  const time = lookUp(demands, "time", budget);
  const timeS = timeOf(context, time === undefined ? context.nowNs() : time);
  if (timeS === undefined) return undefined;
  const keys = trustedKeys(context, cert, secret);
  return keys === undefined ? undefined : { keys, alg, iss, aud, timeS };
}

function timeOf(context: BuiltinContext, value: Value): number | undefined {
  if (!isNumber(value)) return context.fail("token time constraint: must be a number");
  const timeNs = value instanceof Decimal ? Number(value.text) : value;
  if (!Number.isFinite(timeNs)) return context.fail("token time constraint: unvalid float64");
  if (timeNs < 0) return context.fail("token time constraint: must not be negative");
  return timeNs / NS_PER_S;
}

/** Either certificates and keys, or one secret: never both. */
function trustedKeys(
  context: BuiltinContext,
  cert: string | undefined,
  secret: string,
): readonly VerificationKey[] | undefined {
  const { budget } = context;
  if (cert === undefined) {
    if (secret === "") return context.fail("no key constraint");
    chargeBytes(budget, secret.length * 3);
    const material = createSecretKey(bytesOf(secret));
    return [{ alg: "", kid: "", material, isPrivate: false }];
  }
  const keys = keysOf(cert, budget);
  if (keys === undefined) return context.fail("failed to parse a JWK key (set) or PEM block");
  return secret === "" ? keys : context.fail("duplicate key constraints");
}

interface VerifiedToken {
  readonly header: ObjectValue;
  readonly payload: ObjectValue;
}

/** Null for a token that is well-formed but not accepted. */
function verifiedToken(
  context: BuiltinContext,
  token: Value | undefined,
  constraints: Constraints,
): VerifiedToken | null | undefined {
  const { budget } = context;
  let text = textOperand(context, 1, token);
  for (let depth = 0; text !== undefined; depth++) {
    budget.descend(depth);
    const layer = verifiedLayer(context, text, constraints);
    if (layer === undefined || layer === null) return layer;
    if (layer.isNested) {
      text = layer.payloadText;
      continue;
    }
    const payload = jsonObject(layer.payloadText, budget);
    if (payload === undefined) return context.fail("decoded JSON type was not an Object");
    return { header: layer.header, payload };
  }
  return undefined;
}

interface Layer {
  readonly header: ObjectValue;
  readonly payloadText: string;
  /** The payload is a token itself. */
  readonly isNested: boolean;
}

function verifiedLayer(
  context: BuiltinContext,
  text: string,
  constraints: Constraints,
): Layer | null | undefined {
  const { budget } = context;
  const parts = tokenParts(text);
  if (parts === undefined) return context.fail("encoded JWT must have 3 sections");
  const object = headerObject(parts, budget);
  const header = object === undefined ? undefined : tokenHeader(object, budget);
  if (object === undefined || header === undefined) return context.fail("bad JWT header");
  const isSigned = isSignedWell(context, parts, header, constraints);
  if (isSigned !== true) return isSigned === undefined ? undefined : null;
  const payloadText = partText(parts.payload, budget);
  if (payloadText === undefined) return context.fail("JWT payload had invalid encoding");
  return { header: object, payloadText, isNested: NESTED.test(header.cty) };
}

function isSignedWell(
  context: BuiltinContext,
  parts: TokenParts,
  { alg, kid, isAcceptable }: TokenHeader,
  constraints: Constraints,
): boolean | undefined {
  const { budget } = context;
  if (!isAcceptable || (constraints.alg !== "" && constraints.alg !== alg)) return false;
  const signature = partBytes(parts.signature, budget);
  if (signature === undefined) return context.fail("illegal base64 data");
  const signed = signedBytes(parts);
  return candidates(constraints.keys, kid, alg).some((key) =>
    isSignatureOf(signed, signature, alg, key, STRICT, budget),
  );
}

function areClaimsMet(
  context: BuiltinContext,
  payload: ObjectValue,
  { iss, aud, timeS }: Constraints,
): boolean | undefined {
  const claim = (name: string) => lookUp(payload, name, context.budget);
  const issuer = claim("iss");
  if (iss !== "" && issuer !== iss) {
    const isText = issuer === undefined || typeof issuer === "string";
    return isText ? false : context.fail("iss value must be a string");
  }
  const audience = claim("aud");
  if (isArray(audience)) context.budget.spend(audience.length);
  if (audience === undefined ? aud !== "" : !isAudience(audience, aud)) return false;
  return isTimely(context, claim("exp"), claim("nbf"), timeS);
}

function isTimely(
  context: BuiltinContext,
  expiry: Value | undefined,
  start: Value | undefined,
  timeS: number,
): boolean | undefined {
  const now = numberFromText(String(timeS));
  if (expiry !== undefined) {
    if (!isNumber(expiry)) return context.fail("exp value must be a number");
    if (compareNumbers(now, expiry) >= 0) return false;
  }
  if (start === undefined) return true;
  return isNumber(start)
    ? compareNumbers(now, start) >= 0
    : context.fail("nbf value must be a number");
}

function isAudience(audience: Value, expected: string): boolean {
  return isArray(audience) ? audience.includes(expected) : audience === expected;
}
