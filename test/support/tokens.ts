/** Issuers with keys made at run time, and tokens of every shape they can sign. */
import { constants, KeyObject, sign as signBytes } from "node:crypto";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export type TestAlgorithm = "RS256" | "ES256" | "ES384" | "EdDSA" | "PS256";

export interface SignOptions {
  /** Unix seconds that `iat` and `exp` count from. */
  readonly nowS?: number;
  readonly expiresInS?: number;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Left out of the payload. */
  readonly without?: readonly string[];
}

export interface TestIssuer {
  readonly name: string;
  readonly audience: string;
  readonly publicJwk: JWK;
  readonly privateKey: CryptoKey;
  jwks(): { readonly keys: JWK[] };
  sign(claims: Readonly<Record<string, unknown>>, options?: SignOptions): Promise<string>;
  /** Signs any two texts as they are, for what no library would write. */
  signTexts(header: string, payload: string): string;
}

export interface IssuerOptions {
  readonly issuer?: string;
  readonly audience?: string;
  readonly algorithm?: TestAlgorithm;
  readonly kid?: string;
}

export async function createIssuer(options: IssuerOptions = {}): Promise<TestIssuer> {
  const { issuer = "https://idp.example", audience = "sark-api" } = options;
  const { algorithm = "ES256", kid = "k1" } = options;
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: "sig" };
  return {
    name: issuer,
    audience,
    publicJwk,
    privateKey,
    jwks: () => ({ keys: [publicJwk] }),
    signTexts: (header, payload) => {
      const input = `${base64url(header)}.${base64url(payload)}`;
      return `${input}.${signatureOf(algorithm, Buffer.from(input), privateKey)}`;
    },
    sign: (claims, sign = {}) => {
      const nowS = sign.nowS ?? 1_764_000_000;
      const payload: Record<string, unknown> = {
        iss: issuer,
        aud: audience,
        iat: nowS,
        exp: nowS + (sign.expiresInS ?? 3_600),
        ...claims,
      };
      for (const name of sign.without ?? []) delete payload[name];
      return new SignJWT(payload)
        .setProtectedHeader({ alg: algorithm, kid, typ: "JWT", ...sign.header })
        .sign(privateKey);
    },
  };
}

export function base64url(text: string | Uint8Array): string {
  return Buffer.from(text).toString("base64url");
}

function signatureOf(algorithm: TestAlgorithm, input: Buffer, privateKey: CryptoKey): string {
  const key = KeyObject.from(privateKey);
  const hashName = algorithm === "EdDSA" ? null : `sha${algorithm.slice(-3)}`;
  const options = {
    key,
    dsaEncoding: "ieee-p1363" as const,
    ...(algorithm === "PS256"
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : {}),
  };
  return base64url(signBytes(hashName, input, options));
}

export const userClaims = (change: Readonly<Record<string, unknown>> = {}) => ({
  sub: "alice",
  type: "access",
  roles: ["developer"],
  ...change,
});

export const agentClaims = (change: Readonly<Record<string, unknown>> = {}) => ({
  agent_id: "planner",
  agent_type: "orchestrator",
  trust_level: "trusted",
  capabilities: ["execute", "query"],
  environment: "production",
  ...change,
});
