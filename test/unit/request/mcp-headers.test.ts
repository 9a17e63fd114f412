/** Headers that repeat an MCP body must repeat it exactly, and a session id is a bounded handle. */
import { describe, expect, it } from "vitest";
import { mirroredText } from "../../../src/request/mirrored-text.ts";
import { type Changes, read, reasonOf } from "./attributes.ts";
import { legacy, mcpRoute, modern, readOn, withHeaders } from "./mcp-messages.ts";

const base64 = (text: string) => `=?base64?${Buffer.from(text).toString("base64")}?=`;
const call = modern("tools/call", { name: "get_weather" });

describe("in 2026-07-28", () => {
  it.each([
    ["tools/call", { name: "get_weather" }],
    ["prompts/get", { name: "greet" }],
    ["resources/read", { uri: "file:///a,b" }],
    ["tasks/get", { taskId: "t-1" }],
    ["tasks/update", { taskId: "t-1" }],
    ["tasks/cancel", { taskId: "t-1" }],
  ])("`%s` without Mcp-Name is refused as mcp.header_missing", (method, params) => {
    const changes = modern(method, params);
    expect(reasonOf(() => read(changes))).toBe("accepted");
    expect(reasonOf(() => read(withHeaders(changes, { "mcp-name": undefined })))).toBe(
      "mcp.header_missing",
    );
    expect(reasonOf(() => read(withHeaders(changes, { "mcp-name": "other" })))).toBe(
      "mcp.header_mismatch",
    );
  });

  it("a message without Mcp-Method is refused as mcp.header_missing", () => {
    for (const method of ["tools/list", "server/discover", "tools/call"]) {
      const changes = modern(method, { name: "a" }, { headers: { "mcp-method": undefined } });
      expect(reasonOf(() => read(changes))).toBe("mcp.header_missing");
    }
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ "mcp-name": " get_weather " }, "accepted"],
    [{ "mcp-name": base64("get_weather") }, "accepted"],
    [{ "mcp-name": base64("get_weather\n") }, "mcp.header_mismatch"],
    [{ "mcp-name": "get_Weather" }, "mcp.header_mismatch"],
    [{ "mcp-name": "" }, "mcp.header_mismatch"],
    [{ "mcp-name": "get_weather,get_weather" }, "mcp.header_mismatch"],
    [{ "mcp-name": "=?base64?Z2V0?" }, "mcp.header_mismatch"],
    [{ "mcp-name": "=?BASE64?Z2V0X3dlYXRoZXI=?=" }, "mcp.header_mismatch"],
    [{ "mcp-name": "=?base64?Z2V0X3dlYXRoZXI?=" }, "mcp.header_encoding"],
    [{ "mcp-method": "Tools/call" }, "mcp.header_mismatch"],
    [{ "mcp-method": base64("tools/call") }, "mcp.header_mismatch"],
    [{ "mcp-session-id": "not a session" }, "accepted"],
  ])("a call with %j is %s", (headers, reason) => {
    expect(reasonOf(() => read(withHeaders(call, headers)))).toBe(reason);
  });

  it("Mcp-Name is not read where the method has no name", () => {
    const listed = withHeaders(modern("tools/list"), { "mcp-name": "=?base64?!?=" });
    expect(reasonOf(() => read(listed))).toBe("accepted");
  });

  it("keeps Mcp-Param-* of a tool call to be compared, and no session", () => {
    const headers = { "mcp-param-city": "Paris", "mcp-session-id": "s" };
    const { mcp } = read(withHeaders(call, headers));
    expect(mcp?.sessionId).toBeNull();
    expect([...(mcp?.parameterHeaders ?? [])]).toEqual([["city", "Paris"]]);
  });
});

describe("in earlier revisions", () => {
  it.each<[Changes, string]>([
    [legacy("tools/call", { name: "a" }), "accepted"],
    [withHeaders(legacy("tools/call", { name: "a" }), { "mcp-name": "a" }), "accepted"],
    [withHeaders(legacy("tools/call", { name: "a" }), { "mcp-name": "b" }), "mcp.header_mismatch"],
    [
      withHeaders(legacy("tools/call", { name: "a" }), { "mcp-method": "tools/list" }),
      "mcp.header_mismatch",
    ],
    [withHeaders(legacy("ping"), { "mcp-name": "anything" }), "accepted"],
  ])("headers may be absent, but not differ (%#)", (changes, reason) => {
    expect(reasonOf(() => read(changes))).toBe(reason);
  });

  it("Mcp-Param-* is not compared", () => {
    const changes = withHeaders(legacy("tools/call", { name: "a" }), { "mcp-param-city": "x" });
    expect(read(changes).mcp).not.toHaveProperty("parameterHeaders");
  });
});

describe("values in Base64", () => {
  it.each([
    ["plain text", "plain text"],
    ["\t a b \t", "a b"],
    [base64(""), ""],
    [base64("Gr\u00fc\u00dfe"), "Gr\u00fc\u00dfe"],
    [base64("\ufeffa"), "\ufeffa"],
  ])("%j is read as %j", (value, text) => {
    expect(mirroredText(value)).toBe(text);
  });

  it.each([
    ["unpadded", "=?base64?YQ?="],
    ["with other last bits", "=?base64?YR==?="],
    ["of the URL alphabet", "=?base64?-_-_?="],
    ["with white space", "=?base64?YQ ==?="],
    ["of no UTF-8", "=?base64?/w==?="],
    ["of a surrogate", "=?base64?7aCA?="],
    ["padded too much", "=?base64?YWE==?="],
    ["without an end of its own", "=?base64?="],
    ["of no ASCII", "\u00e9"],
  ])("%s is refused as mcp.header_encoding", (_, value) => {
    expect(reasonOf(() => mirroredText(value))).toBe("mcp.header_encoding");
  });
});

describe("sessions", () => {
  const required = mcpRoute({ sessions: "required" });
  const session = (id: string | undefined, method = "tools/list") =>
    withHeaders(legacy(method), { "mcp-session-id": id });

  it("are part of what policy sees", () => {
    expect(read(session("s-1")).mcp?.sessionId).toBe("s-1");
    expect(read(session(undefined)).mcp?.sessionId).toBeNull();
  });

  it.each([undefined, "", "a b", "a".repeat(129)])(
    "missing where required, as %j, are refused as mcp.session_missing",
    (id) => {
      expect(reasonOf(() => readOn(required, session(id)))).toBe("mcp.session_missing");
      const get = { method: "GET", body: undefined } as const;
      const stream = withHeaders({ ...session(id), ...get }, { accept: "text/event-stream" });
      expect(reasonOf(() => readOn(required, stream))).toBe("mcp.session_missing");
      expect(reasonOf(() => readOn(required, { ...stream, method: "DELETE" }))).toBe(
        "mcp.session_missing",
      );
    },
  );

  it("of no form are refused where they are optional: mcp.session_missing", () => {
    expect(reasonOf(() => read(session("a b")))).toBe("mcp.session_missing");
  });

  it("are not needed to begin one", () => {
    expect(reasonOf(() => readOn(required, session(undefined, "initialize")))).toBe("accepted");
    expect(reasonOf(() => readOn(required, session("a".repeat(128))))).toBe("accepted");
  });
});
