/** Pages of listed origins may call; only their true preflights pass without a credential. */
import { describe, expect, it } from "vitest";
import { route } from "../../support/samples.ts";
import { type Changes, reasonOf } from "./attributes.ts";
import { readOn, withHeaders } from "./mcp-messages.ts";

const PAGE = "https://app.example";
const mcp = route({ corsOrigins: new Set([PAGE]) });
const preflight: Changes = {
  method: "OPTIONS",
  body: undefined,
  headers: {
    authorization: undefined,
    "content-type": undefined,
    origin: PAGE,
    "access-control-request-method": "POST",
  },
};

describe("an origin", () => {
  it("on the list may call", () => {
    expect(reasonOf(() => readOn(mcp, { headers: { origin: PAGE } }))).toBe("accepted");
    expect(reasonOf(() => readOn(mcp, {}))).toBe("accepted");
  });

  it.each([
    "https://evil.example",
    "https://app.example.evil.example",
    "https://APP.example",
    "http://app.example",
    "https://app.example:443",
    "null",
    "",
  ])("%j is refused as origin.refused", (origin) => {
    expect(reasonOf(() => readOn(mcp, { headers: { origin } }))).toBe("origin.refused");
    expect(reasonOf(() => readOn(mcp, withHeaders(preflight, { origin })))).toBe("origin.refused");
  });

  it("is refused without a list", () => {
    expect(reasonOf(() => readOn(route(), { headers: { origin: PAGE } }))).toBe("origin.refused");
    expect(reasonOf(() => readOn(route(), preflight))).toBe("origin.refused");
  });

  it("on a plain HTTP route is only looked at where there is a list", () => {
    const app = { path: "/app", surface: "http", serverName: undefined, body: "none" } as const;
    const evil = { path: "/app", headers: { origin: "https://evil.example" } };
    expect(reasonOf(() => readOn(route(app), evil))).toBe("accepted");
    const listed = route({ ...app, corsOrigins: new Set([PAGE]) });
    expect(reasonOf(() => readOn(listed, evil))).toBe("origin.refused");
    expect(readOn(listed, { ...preflight, path: "/app" }).treatment).toBe("public");
  });
});

describe("a preflight", () => {
  it("needs no credential and asks for nothing", () => {
    expect(readOn(mcp, preflight)).toMatchObject({
      operation: "OPTIONS",
      treatment: "public",
      credential: undefined,
      resource: { type: "http", server: "mcp-demo" },
      mcp: undefined,
    });
    expect(readOn(mcp, withHeaders(preflight, { "content-length": "0" })).treatment).toBe("public");
  });

  it.each<[string, Changes]>([
    [
      "without the wanted method",
      withHeaders(preflight, { "access-control-request-method": undefined }),
    ],
    [
      "with a method that is none",
      withHeaders(preflight, { "access-control-request-method": "P OST" }),
    ],
    ["with a body", { ...preflight, body: "x" }],
    ["with the length of a body", withHeaders(preflight, { "content-length": "5" })],
    ["with a body in chunks", withHeaders(preflight, { "transfer-encoding": "chunked" })],
    ["without an origin", withHeaders(preflight, { origin: undefined })],
  ])("%s is refused as method.refused", (_, changes) => {
    expect(reasonOf(() => readOn(mcp, changes))).toBe("method.refused");
  });
});
