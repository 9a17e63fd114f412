/** Known bypasses of gateways, tried through a real Envoy, hardened and not: none reaches the upstream. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Envoy } from "../support/envoy.ts";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { type HttpCall, httpCall } from "../support/http-call.ts";

const MCP = "/mcp/demo";
const ALLOWED = toolCall("get_weather");
const DENIED = toolCall("delete_index");

interface Attempt {
  readonly title: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: HttpCall["body"];
  /** Of the sidecar, when Envoy lets the request come to it. */
  readonly reason: string;
}

/** Sent to an Envoy that normalises nothing and strips nothing: the sidecar alone has to refuse. */
const ATTEMPTS: readonly Attempt[] = [
  { title: "B1: an authority in the path", path: "//app/items", reason: "path.empty_segment" },
  {
    title: "B2: an encoded question mark",
    path: "/app/x%3Fadmin=1",
    reason: "path.encoded_reserved",
  },
  {
    title: "B2: a token in the query",
    path: "/app/x?access_token=a",
    reason: "identity.token_in_query",
  },
  {
    title: "B3: two session ids",
    path: MCP,
    body: ALLOWED,
    headers: [
      ["mcp-session-id", "a"],
      ["mcp-session-id", "b"],
    ],
    reason: "header.duplicate",
  },
  {
    title: "B3: two content types",
    path: MCP,
    body: ALLOWED,
    headers: [["content-type", "text/plain"]],
    reason: "header.duplicate",
  },
  {
    title: "B5: an identity of the client's own",
    path: MCP,
    body: ALLOWED,
    headers: [["x-sark-user-id", "root-1"]],
    reason: "header.reserved",
  },
  {
    title: "B5: the same with an underscore",
    path: MCP,
    body: ALLOWED,
    headers: [["x_sark_user_id", "root-1"]],
    reason: "header.underscore",
  },
  {
    title: "B6: a method in another letter case",
    path: MCP,
    body: DENIED.replace('"method"', '"Method"'),
    reason: "json.case_variant",
  },
  {
    title: "B6: a long s in params",
    path: MCP,
    body: ALLOWED.replace('"params"', '"param\u017f"'),
    reason: "json.case_variant",
  },
  {
    title: "B7: a second name, escaped",
    path: MCP,
    body: ALLOWED.replace('"name":', '"n\\u0061me":"delete_index","name":'),
    reason: "json.duplicate_member",
  },
  { title: "B9: a parameter in a dot segment", path: "/app/..;/items", reason: "path.dot_segment" },
  { title: "B9: a path parameter", path: "/app/items;v=1", reason: "path.parameter" },
  {
    title: "B11: an upgrade",
    path: "/app/items",
    headers: [
      ["connection", "upgrade"],
      ["upgrade", "websocket"],
    ],
    reason: "upgrade.refused",
  },
  { title: "B12: an encoded slash", path: "/app/a%2Fb", reason: "path.encoded_reserved" },
  { title: "B12: a backslash", path: "/app\\items", reason: "path.backslash" },
  { title: "B12: encoded dots", path: "/app/%2e%2E/items", reason: "path.encoded_reserved" },
  {
    title: "B14: a session id that is no text",
    path: MCP,
    body: ALLOWED,
    headers: [["mcp-session-id", "a\u00ff"]],
    reason: "header.not_utf8",
  },
  {
    title: "B16: two hosts of which one is no name",
    path: "/app/items",
    headers: [["host", "a..b"]],
    reason: "host.conflict",
  },
  {
    title: "B18: a body cut at Envoy's limit",
    path: MCP,
    body: ALLOWED.replace("{}", `{"p":"${"x".repeat(70_000)}"}`),
    reason: "body.truncated",
  },
  {
    title: "B19: a body that says it is a form",
    path: MCP,
    body: ALLOWED,
    headers: [["content-encoding", "gzip"]],
    reason: "body.encoding",
  },
  { title: "B20: a batch of one", path: MCP, body: `[${ALLOWED}]`, reason: "rpc.batch" },
  { title: "B20: an empty batch", path: MCP, body: "[]", reason: "rpc.batch" },
  {
    title: "B28: a method override in a header",
    path: "/app/items",
    headers: [["x-http-method-override", "DELETE"]],
    reason: "method.override",
  },
  {
    title: "B28: a method override in the query",
    path: "/app/items?_method=DELETE",
    reason: "method.override",
  },
  {
    title: "B29: a tool named like the prototype chain",
    path: MCP,
    body: toolCall("__proto__"),
    reason: "policy.denied",
  },
  {
    title: "B29: a prototype among the protocol's members",
    path: MCP,
    body: ALLOWED.replace('"params":{', '"params":{"__proto__":{},'),
    reason: "json.reserved_member",
  },
  {
    title: "B30: arguments nested too deep",
    path: MCP,
    body: ALLOWED.replace("{}", `{"a":${"[".repeat(64)}${"]".repeat(64)}}`),
    reason: "json.depth",
  },
];

describe.skipIf(lacksEnvoy())("bypasses", () => {
  let gateway: Gateway;
  let unhardened: Envoy;
  let token: string;
  beforeAll(async () => {
    gateway = await startGateway();
    unhardened = await gateway.addEnvoy("unhardened");
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const send = (
    envoy: Envoy,
    { method, path = MCP, headers = [], body }: Omit<Attempt, "title" | "reason">,
  ) =>
    httpCall({
      port: envoy.gatewayPort,
      path,
      headers: [...bearer(token), ...headers],
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
    });

  describe("without Envoy's protection", () => {
    it.each(ATTEMPTS)("$title", async ({ reason, ...attempt }) => {
      const before = gateway.upstream.arrived.length;
      const answer = await send(unhardened, attempt);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(gateway.upstream.arrived).toHaveLength(before);
      const id = answer.headers["x-sark-audit-id"];
      // Whatever Envoy refuses by itself never comes to be asked about.
      if (id !== undefined)
        expect((await gateway.sidecar.auditLine(String(id))).reason_code).toBe(reason);
    });
  });

  describe("behind the reference configuration", () => {
    it.each(ATTEMPTS)("$title", async ({ reason: _reason, ...attempt }) => {
      const before = gateway.upstream.arrived.length;
      const answer = await send(gateway.envoy, attempt);
      const arrived = gateway.upstream.arrived.slice(before);
      // Envoy may mend a path or strip a header first; what goes on is then what was decided.
      for (const request of arrived) {
        expect(answer.status).toBe(200);
        expect(request.path).toMatch(/^\/(app|mcp\/demo)(\/items)?$/);
        expect(request.headers["x-sark-user-id"]).toBe("alice");
        expect(request.rawHeaders.join()).not.toContain("root-1");
        expect(request.body).not.toContain("delete_index");
      }
      if (arrived.length === 0) expect(answer.status).toBeGreaterThanOrEqual(400);
    });
  });

  it("B15: the original path that a client names changes nothing", async () => {
    for (const envoy of [gateway.envoy, unhardened]) {
      const lie = [
        ["x-original-url", "/app/items"],
        ["x-rewrite-url", "/app/items"],
      ] as const;
      const answer = await send(envoy, { path: MCP, body: DENIED, headers: lie });
      expect(answer.status).toBe(403);
    }
  });

  it("B16: letter case and dot of the host change nothing", async () => {
    const statuses = [];
    for (const host of ["gateway.example", "GATEWAY.example", "gateway.example."]) {
      statuses.push(
        (await send(gateway.envoy, { path: "/app/items", headers: [["host", host]] })).status,
      );
    }
    expect(new Set(statuses).size).toBe(1);
  });

  it.each([
    ["B10: CONNECT", "CONNECT gateway.example:443 HTTP/1.1\r\nHost: gateway.example:443\r\n\r\n"],
    ["B10: an asterisk", "OPTIONS * HTTP/1.1\r\nHost: gateway.example\r\n\r\n"],
    [
      "B10: an absolute form of another host",
      "GET http://other.example/app/../mcp/demo HTTP/1.1\r\nHost: gateway.example\r\n\r\n",
    ],
    ["B13: a fragment", "GET /app/items#/../admin HTTP/1.1\r\nHost: gateway.example\r\n\r\n"],
  ])("%s never comes to the upstream", async (_title, text) => {
    for (const envoy of [gateway.envoy, unhardened]) {
      const before = gateway.upstream.arrived.length;
      expect(await firstLine(envoy.gatewayPort, text)).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(gateway.upstream.arrived).toHaveLength(before);
    }
  });

  it("B31: a client's texts stay inside one line of the record", async () => {
    const agent = 'quote " backslash \\u000a tab \t end';
    const headers = [["user-agent", agent]] as const;
    expect((await send(gateway.envoy, { path: MCP, body: ALLOWED, headers })).status).toBe(200);
    const id = String(gateway.upstream.arrived.at(-1)?.headers["x-sark-audit-id"]);
    expect((await gateway.sidecar.auditLine(id))["user_agent"]).toBe(agent);
  });
});

/** Sends bytes as they are; Envoy may close without a word, which is a refusal too. */
function firstLine(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer in time")));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer === "" ? "HTTP/1.1 400 closed" : answer));
  });
}
