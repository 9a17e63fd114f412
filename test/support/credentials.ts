/** Two issuers with fresh keys, their JWKS files, and the tokens they sign. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export const USER_ISSUER = "https://idp.example";
export const AGENT_ISSUER = "sark-agent-auth";
export const MCP_AUDIENCE = "https://gateway.example/mcp/demo";

const LIFETIME_S = 3_600;

export interface Credentials {
  readonly usersJwksFile: string;
  readonly agentsJwksFile: string;
  /** A user's access token; `expiresInS` may be negative. */
  user(id: string, roles: readonly string[], options?: TokenOptions): Promise<string>;
  agent(id: string, claims: JWTPayload, options?: TokenOptions): Promise<string>;
}

interface TokenOptions {
  readonly expiresInS?: number;
  readonly claims?: JWTPayload;
}

interface Signer {
  readonly key: CryptoKey;
  readonly keyId: string;
  readonly issuer: string;
}

export async function createCredentials(folder: string): Promise<Credentials> {
  const usersJwksFile = join(folder, "users.jwks.json");
  const agentsJwksFile = join(folder, "agents.jwks.json");
  const users = await createSigner("users-1", USER_ISSUER, usersJwksFile);
  const agents = await createSigner("agents-1", AGENT_ISSUER, agentsJwksFile);
  return {
    usersJwksFile,
    agentsJwksFile,
    user: (id, roles, options) =>
      sign(
        users,
        { sub: id, type: "access", roles: [...roles], aud: ["sark-api", MCP_AUDIENCE] },
        options,
      ),
    agent: (id, claims, options) =>
      sign(agents, { sub: id, agent_id: id, aud: "sark-a2a", ...claims }, options),
  };
}

async function createSigner(keyId: string, issuer: string, file: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(publicKey)), kid: keyId, alg: "ES256", use: "sig" };
  writeFileSync(file, JSON.stringify({ keys: [jwk] }));
  return { key: privateKey, keyId, issuer };
}

function sign(signer: Signer, payload: JWTPayload, options: TokenOptions = {}): Promise<string> {
  const nowS = Math.floor(Date.now() / 1_000);
  const expiresAtS = nowS + (options.expiresInS ?? LIFETIME_S);
  return new SignJWT({ ...payload, ...options.claims })
    .setProtectedHeader({ alg: "ES256", kid: signer.keyId, typ: "JWT" })
    .setIssuer(signer.issuer)
    .setIssuedAt(Math.min(nowS, expiresAtS - LIFETIME_S))
    .setExpirationTime(expiresAtS)
    .sign(signer.key);
}
