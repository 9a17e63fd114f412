/** An authorization server and the memory of an OAuth client, as far as client libraries ask for them. */
import type { OAuthDiscoveryState } from "@modelcontextprotocol/client";
import { MCP_AUDIENCE, USER_ISSUER } from "./credentials.ts";
import { METADATA_URL } from "./sdk-gateway.ts";

const AUTHORIZE = `${USER_ISSUER}/authorize`;
const TOKEN = `${USER_ISSUER}/token`;

interface Tokens {
  readonly issuer: string;
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token?: string;
}

export interface OauthStub {
  /** Where the user was sent to log in. */
  readonly logins: URL[];
  /** Grants the token endpoint was asked for. */
  readonly grants: string[];
  readonly provider: ReturnType<typeof providerOf>;
  readonly answer: (url: string, init: RequestInit) => Response | undefined;
}

export interface OauthStubOptions {
  /** What the client starts with. */
  readonly accessToken?: string;
  /** With it the client renews by itself; without it the user has to log in. */
  readonly refreshToken?: string;
  /** What the token endpoint gives. */
  readonly issuedToken: string;
}

export function oauthStub(options: OauthStubOptions): OauthStub {
  const logins: URL[] = [];
  const grants: string[] = [];
  const refresh = options.refreshToken === undefined ? {} : { refresh_token: options.refreshToken };
  const given = (token: string): Tokens => ({
    issuer: USER_ISSUER,
    access_token: token,
    token_type: "Bearer",
    ...refresh,
  });
  const first = options.accessToken === undefined ? undefined : given(options.accessToken);
  return {
    logins,
    grants,
    provider: providerOf(first, logins),
    answer: (url, init) => {
      if (url === TOKEN) {
        grants.push(String(new URLSearchParams(String(init.body)).get("grant_type")));
        return Response.json(given(options.issuedToken));
      }
      return metadataOf(url);
    },
  };
}

function metadataOf(url: string): Response | undefined {
  if (url === METADATA_URL) {
    return Response.json({ resource: MCP_AUDIENCE, authorization_servers: [USER_ISSUER] });
  }
  if (!url.startsWith(USER_ISSUER)) return undefined;
  if (!url.endsWith("/.well-known/oauth-authorization-server")) {
    return new Response(null, { status: 404 });
  }
  return Response.json({
    issuer: USER_ISSUER,
    authorization_endpoint: AUTHORIZE,
    token_endpoint: TOKEN,
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none"],
  });
}

function providerOf(first: Tokens | undefined, logins: URL[]) {
  let tokens = first;
  let verifier = "";
  let discovered: OAuthDiscoveryState | undefined;
  return {
    redirectUrl: "https://client.example/callback",
    clientMetadata: { redirect_uris: ["https://client.example/callback"], client_name: "client" },
    clientInformation: () => ({ client_id: "client-1", issuer: USER_ISSUER }),
    tokens: () => tokens,
    saveTokens: (saved: Tokens) => {
      tokens = saved;
    },
    redirectToAuthorization: (url: URL) => {
      logins.push(url);
    },
    saveCodeVerifier: (saved: string) => {
      verifier = saved;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (state: OAuthDiscoveryState) => {
      discovered = state;
    },
    discoveryState: () => discovered,
  };
}
