/** Client libraries that can log in do so when told, once, and give up instead of asking for ever. */
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
  type OAuthClientProvider,
} from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CountingFetch, countingFetch } from "../support/counting-fetch.ts";
import { MCP_AUDIENCE, USER_ISSUER } from "../support/credentials.ts";
import type { Gateway } from "../support/gateway.ts";
import { type OauthStub, type OauthStubOptions, oauthStub } from "../support/oauth-stub.ts";
import { lacksTools, METADATA_URL, SUM_SCOPES, startSdkGateway } from "../support/sdk-gateway.ts";
import { type EverythingServer, startEverythingServer } from "../support/upstream-everything.ts";

interface LoggingIn {
  readonly oauth: OauthStub;
  readonly http: CountingFetch;
  connect(): Promise<void>;
  call(name: string, args: Record<string, unknown>): Promise<unknown>;
  finishAuth(code: string): Promise<void>;
  close(): Promise<void>;
}

type Start = (oauth: OauthStub, http: CountingFetch) => LoggingIn;

const INFO = { name: "client", version: "1.0.0" };

const legacy: Start = (oauth, http) => {
  const begin = () => ({
    client: new LegacyClient(INFO),
    transport: new LegacyTransport(new URL(MCP_AUDIENCE), {
      authProvider: oauth.provider,
      fetch: http.fetch,
    }),
  });
  let { client, transport } = begin();
  return {
    oauth,
    http,
    connect: () => client.connect(transport as never),
    call: (name, args) => client.callTool({ name, arguments: args }),
    finishAuth: async (code) => {
      await transport.finishAuth(code);
      ({ client, transport } = begin());
    },
    close: () => client.close(),
  };
};

const modern: Start = (oauth, http) => {
  const begin = () => ({
    client: new ModernClient(INFO),
    transport: new ModernTransport(new URL(MCP_AUDIENCE), {
      authProvider: oauth.provider as OAuthClientProvider,
      fetch: http.fetch,
    }),
  });
  let { client, transport } = begin();
  return {
    oauth,
    http,
    connect: () => client.connect(transport),
    call: (name, args) => client.callTool({ name, arguments: args }),
    finishAuth: async (code) => {
      await transport.finishAuth(code);
      ({ client, transport } = begin());
    },
    close: () => client.close(),
  };
};

const LIBRARIES = [
  ["@modelcontextprotocol/sdk", legacy],
  ["@modelcontextprotocol/client", modern],
] as const;

describe.skipIf(lacksTools())("a client that can log in", () => {
  let server: EverythingServer;
  let gateway: Gateway;
  let good: string;
  let expired: string;
  const started: LoggingIn[] = [];

  const start = (library: Start, options: OauthStubOptions) => {
    const oauth = oauthStub(options);
    const origin = `http://127.0.0.1:${gateway.envoy.gatewayPort}`;
    const origins = { [new URL(MCP_AUDIENCE).origin]: origin };
    const one = library(oauth, countingFetch({ answer: oauth.answer, origins }));
    started.push(one);
    return one;
  };
  const askedGateway = ({ http }: LoggingIn) => http.sent.filter(({ url }) => url === MCP_AUDIENCE);
  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: unknown) => error as Error,
    );

  beforeAll(async () => {
    server = await startEverythingServer();
    gateway = await startSdkGateway(server.port);
    good = await gateway.credentials.user("alice", ["operator"]);
    expired = await gateway.credentials.user("alice", ["operator"], { expiresInS: -3_600 });
  });
  afterAll(async () => {
    await Promise.all(started.map((one) => one.close()));
    await gateway?.stop();
    await server?.stop();
  });

  describe.each(LIBRARIES)("%s", (_name, library) => {
    it("is sent to the issuer that the challenge leads to, and gets in with the code", async () => {
      const one = start(library, { issuedToken: good });
      const error = await failureOf(one.connect());
      expect(error?.constructor.name).toBe("UnauthorizedError");
      expect(one.http.sent.filter(({ url }) => url === METADATA_URL)).toHaveLength(1);
      expect(one.oauth.logins).toHaveLength(1);
      const [login] = one.oauth.logins;
      expect(login?.href).toMatch(`${USER_ISSUER}/authorize?`);
      expect(login?.searchParams.get("resource")).toBe(MCP_AUDIENCE);
      expect(askedGateway(one)).toMatchObject([{ status: 401 }]);

      await one.finishAuth("code-1");
      await one.connect();
      expect(one.oauth.grants).toEqual(["authorization_code"]);
      expect(await one.call("echo", { message: "in" })).toMatchObject({
        content: [{ type: "text", text: "Echo: in" }],
      });
    });

    it("renews an expired token once and goes on", async () => {
      const options = { accessToken: expired, refreshToken: "r-1", issuedToken: good };
      const one = start(library, options);
      await one.connect();
      expect(one.oauth.grants).toEqual(["refresh_token"]);
      expect(one.oauth.logins).toEqual([]);
      expect(askedGateway(one).slice(0, 2)).toMatchObject([{ status: 401 }, { status: 200 }]);
    });

    it("gives up when the renewed token is refused as well", async () => {
      const options = { accessToken: expired, refreshToken: "r-1", issuedToken: expired };
      const one = start(library, options);
      const error = await failureOf(one.connect());
      expect(error?.message).toMatch(/401 after (?:successful|re-)/);
      expect(askedGateway(one)).toMatchObject([{ status: 401 }, { status: 401 }]);
    });

    it("asks for all scopes that a call lacks, together, and does not insist", async () => {
      const one = start(library, { accessToken: good, issuedToken: good });
      await one.connect();
      const before = askedGateway(one).length;
      const error = await failureOf(one.call("get-sum", { a: 1, b: 2 }));
      expect(error?.constructor.name).toBe("UnauthorizedError");
      const scopes = one.oauth.logins[0]?.searchParams.get("scope")?.split(" ");
      expect(scopes).toEqual(expect.arrayContaining([...SUM_SCOPES]));
      expect(one.oauth.logins).toHaveLength(1);
      const calls = askedGateway(one).slice(before);
      expect(calls.filter(({ rpcMethod }) => rpcMethod === "tools/call")).toHaveLength(1);
    });
  });
});
