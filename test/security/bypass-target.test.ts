/** Known bypasses by method, path, query and host: each is one refusal, whatever policy would say. */
import { describe, expect, it } from "vitest";
import { answerTo, hostile, reasonTo } from "../support/hostile-check.ts";

const path = (value: string) => reasonTo({ path: value });

it("starts from requests that pass", async () => {
  expect(await reasonTo()).toBe("allowed");
  expect(await path("/admin/x?a=1")).toBe("allowed");
  expect(await path("/public/x")).toBe("allowed");
});

describe("paths", () => {
  it.each(["//admin/x", "///admin", "/admin//x", "//evil.example/admin/x", "/admin//"])(
    "B1: an empty segment in %s is no authority",
    async (target) => {
      expect(await path(target)).toBe("path.empty_segment");
    },
  );

  it.each([
    ["/public%3Ftenant=a", "path.encoded_reserved"],
    ["/public%3f/../admin", "path.encoded_reserved"],
    ["/public%23x", "path.encoded_reserved"],
    ["/public?a=1&_method=DELETE", "method.override"],
    ["/public?a?_method=DELETE", "allowed"],
    ["/public?tenant=a&tenant=b", "query.repeated_key"],
    ["/public?access_token=x", "identity.token_in_query"],
  ])("B2: the query of %s begins at the first raw question mark", async (target, reason) => {
    expect(await path(target)).toBe(reason);
  });

  it("B2: the query comes out of the path, never out of a field of its own", async () => {
    const { request } = await answerTo(hostile({ path: "/public/x?a=1?b=2" }));
    expect(request).toMatchObject({ path: "/public/x", query: "a=1?b=2" });
  });

  it.each(["admin/x", "*", "https://gateway.example/admin", "gateway.example:443", "?a=1/"])(
    "B8: the target %s is not in origin form",
    async (target) => {
      const reason = target.startsWith("?") ? "path.missing" : "path.not_origin_form";
      expect(await path(target)).toBe(reason);
    },
  );

  it.each([
    ["/public/..;/admin", "path.dot_segment"],
    ["/public/.;/admin", "path.dot_segment"],
    ["/public/..;a=b/admin", "path.dot_segment"],
    ["/admin;x=y", "path.parameter"],
    ["/admin;/x", "path.parameter"],
    ["/public/a;jsessionid=1", "path.parameter"],
    ["/public/..%3B/admin", "path.encoded_reserved"],
    ["/relaxed/..;/admin", "path.dot_segment"],
    ["/relaxed/..%3b/admin", "path.encoded_reserved"],
    ["/relaxed;x=y/a", "path.parameter"],
    ["/relaxed/a;x=y", "allowed"],
  ])("B9: the parameter in %s is never stripped", async (target, reason) => {
    expect(await path(target)).toBe(reason);
  });

  it.each([
    ["/public%2Fadmin", "path.encoded_reserved"],
    ["/public%2f..%2fadmin", "path.encoded_reserved"],
    ["/public%5Cadmin", "path.encoded_reserved"],
    ["/public/%2e%2e/admin", "path.encoded_reserved"],
    ["/public/%2E./admin", "path.encoded_reserved"],
    ["/public/%252e%252e/admin", "path.encoded_reserved"],
    ["/admin%00.html", "path.encoded_reserved"],
    ["/public\\..\\admin", "path.backslash"],
    ["/public/../admin", "path.dot_segment"],
    ["/public/./x", "path.dot_segment"],
    ["/public/..", "path.dot_segment"],
    ["/public/%c0%ae%c0%ae/admin", "path.not_utf8"],
    ["/public/%ef%bc%8f/admin", "allowed"],
    ["/public/%u002e", "path.bad_percent"],
    ["/public/x\u00e9", "path.non_ascii"],
    ["/public/x y", "path.control_byte"],
    ["/public/x\u0000", "path.control_byte"],
  ])("B12: %j has one reading or none", async (target, reason) => {
    expect(await path(target)).toBe(reason);
  });

  it("B12: a path that is written in another way is the same request", async () => {
    const plain = await answerTo(hostile({ path: "/public/a-b" }));
    const encoded = await answerTo(hostile({ path: "/%70ublic/%61%2db" }));
    expect(encoded.request?.path).toBe(plain.request?.path);
    expect(encoded.request?.route.name).toBe("public");
  });

  it.each(["/public#/admin", "/public#", "/public?a=1#/admin", "/mcp/demo#x"])(
    "B13: the fragment in %s is refused",
    async (target) => {
      expect(await path(target)).toBe("path.fragment");
    },
  );

  it.each(["x-envoy-original-path", "x-original-url", "x-rewrite-url", "x-forwarded-prefix"])(
    "B15: %s is never read",
    async (name) => {
      for (const value of ["/admin/x", "/public/..", ""]) {
        const { reason, request } = await answerTo(hostile({ headers: [[name, value]] }));
        expect(reason).toBe("allowed");
        expect(request).toMatchObject({ path: "/mcp/demo", route: { name: "mcp-demo" } });
      }
    },
  );
});

describe("methods", () => {
  it.each([
    [{ method: "CONNECT", path: "gateway.example:443" }, "method.refused"],
    [{ method: "CONNECT", path: "" }, "method.refused"],
    [{ method: "connect" }, "method.refused"],
    [{ method: "TRACE" }, "method.refused"],
    [{ method: "" }, "method.refused"],
    [{ method: "GET /admin" }, "method.refused"],
    [{ method: "A".repeat(33) }, "method.refused"],
    [{ path: "" }, "path.missing"],
    [{ host: "" }, "host.missing"],
    [{ method: "", path: "", host: "", scheme: "" }, "method.refused"],
  ])("B10: what %j leaves out is not guessed", async (change, reason) => {
    expect(await reasonTo(change)).toBe(reason);
  });

  it("B10: a Check without an HTTP request is refused", async () => {
    expect((await answerTo(new Uint8Array(0))).reason).toBe("request.malformed");
    expect((await answerTo(Buffer.from([0x0a, 0x00]))).reason).toBe("request.malformed");
  });

  it("B10: a pseudo header is no method, path or host", async () => {
    const pseudo = [":method", ":path", ":authority", ":scheme"].map((n) => [n, "/x"] as const);
    const { reason, request } = await answerTo(hostile({ headers: pseudo }));
    expect(reason).toBe("allowed");
    expect(request).toMatchObject({ method: "POST", path: "/mcp/demo", host: "gateway.example" });
  });

  it.each<readonly [string, string][]>([
    [["upgrade", "websocket"]],
    [["upgrade", "h2c"]],
    [["upgrade", "x-made-up"]],
    [["upgrade", ""]],
    [["connection", "Upgrade"]],
    [["connection", "keep-alive ,\tUPGRADE"]],
    [
      ["connection", "close"],
      ["connection", "upgrade"],
    ],
  ])("B11: the upgrade %j is refused", async (...headers) => {
    expect(await reasonTo({ headers })).toBe("upgrade.refused");
    expect(await reasonTo({ headers, path: "/public/x", method: "GET" })).toBe("upgrade.refused");
  });

  it.each(["x-http-method-override", "X-HTTP-Method", "x-method-override"])(
    "B28: %s is refused",
    async (name) => {
      expect(await reasonTo({ headers: [[name, "DELETE"]] })).toBe("method.override");
      expect(await reasonTo({ headers: [[name, ""]] })).toBe("method.override");
    },
  );

  it("B28: the twin of an override header is refused", async () => {
    const headers = [["x_http_method_override", "DELETE"]] as const;
    expect(await reasonTo({ headers })).toBe("header.underscore");
  });

  it.each([
    "?_method=DELETE",
    "?a=1;_method=DELETE",
    "?%5Fmethod=PUT",
    "?_METHOD",
    "?_method[]=PUT",
  ])("B28: the method in the query %s is refused", async (query) => {
    expect(await path(`/public/x${query}`)).toBe("method.override");
  });
});

describe("hosts", () => {
  it.each([
    ["Gateway.EXAMPLE", "https"],
    ["gateway.example.", "https"],
    ["gateway.example:443", "https"],
    ["gateway.example.:443", "HTTPS"],
    ["gateway.example:80", "Http"],
  ])("B16: %s with scheme %s is the one host", async (host, scheme) => {
    const { reason, request } = await answerTo(hostile({ host, scheme }));
    expect(reason).toBe("allowed");
    expect(request?.host).toBe("gateway.example");
  });

  it.each([
    [{ host: "gateway.example.." }, "host.invalid"],
    [{ host: "gateway..example" }, "host.invalid"],
    [{ host: "user@gateway.example" }, "host.invalid"],
    [{ host: "gateway_example" }, "host.invalid"],
    [{ host: "gateway.example:0443" }, "host.invalid"],
    [{ host: "gateway.example:99999" }, "host.invalid"],
    [{ host: "\u212aateway.example" }, "host.invalid"],
    [{ host: "a.example,b.example" }, "host.conflict"],
    [{ headers: [["host", "other.example"]] as const }, "host.conflict"],
    [{ scheme: "ws" }, "request.malformed"],
    [{ scheme: "" }, "request.malformed"],
  ])("B16: %j is refused", async (change, reason) => {
    expect(await reasonTo(change)).toBe(reason);
  });
});
