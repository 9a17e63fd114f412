/** Replies say what their parts say, every header overwrites, and appended parts merge. */
import { describe, expect, it } from "vitest";
import {
  appendCheckResponse,
  encodeCheckResponse,
  type ReplyParts,
} from "../../../src/wire/check-response.ts";
import { readReply } from "../../support/check-response.ts";
import { CHECK_RESPONSE, decodeMessage } from "../../support/proto.ts";
import { hex } from "./vectors.ts";

function option(key: string, value: string) {
  return { header: { key, value }, append: {}, append_action: 2 };
}

describe("encodeCheckResponse", () => {
  it.each<[string, ReplyParts, string]>([
    ["the smallest allow", { status: 0, ok: {} }, "0a 00 1a 00"],
    ["no parts, which the builder never asks for", {}, ""],
    ["a status alone", { status: 7 }, "0a 02 08 07"],
    ["an empty denial", { status: 7, denied: {} }, "0a 02 08 07 12 00"],
    ["a denial with its status", { denied: { httpStatus: 403 } }, "12 05 0a 03 08 93 03"],
    ["an error", { error: { body: "x" } }, "2a 03 1a 01 78"],
    [
      "a header that overwrites by both switches",
      { ok: { headers: [["a", "b"]] } },
      "1a 0e 12 0c 0a 06 0a 01 61 12 01 62 12 00 18 02",
    ],
    ["a header to remove", { ok: { headersToRemove: ["a"] } }, "1a 03 2a 01 61"],
    [
      "metadata",
      {
        metadata: [
          ["s", "t"],
          ["n", 1],
        ],
      },
      "22 1a 0a 08 0a 01 73 12 03 1a 01 74 0a 0e 0a 01 6e 12 09 11 00 00 00 00 00 00 f0 3f",
    ],
  ])("writes %s", (_, parts, expected) => {
    expect(Buffer.from(encodeCheckResponse(parts)).toString("hex")).toBe(
      hex(expected).toString("hex"),
    );
  });

  it("writes every part so that another decoder reads the same", () => {
    const bytes = encodeCheckResponse({
      status: 0,
      ok: {
        headers: [
          ["x-sark-user-id", "alice"],
          ["x-sark-authz", "enforced"],
        ],
        headersToRemove: ["authorization", "x-api-key"],
        responseHeaders: [["cache-control", "no-store"]],
      },
      metadata: [
        ["decision", "allow"],
        ["cache_ttl", 59.5],
      ],
    });
    expect(decodeMessage(CHECK_RESPONSE, bytes)).toEqual({
      status: {},
      ok_response: {
        headers: [option("x-sark-user-id", "alice"), option("x-sark-authz", "enforced")],
        headers_to_remove: ["authorization", "x-api-key"],
        response_headers_to_add: [option("cache-control", "no-store")],
      },
      dynamic_metadata: {
        fields: { decision: { stringValue: "allow" }, cache_ttl: { numberValue: 59.5 } },
      },
    });
  });

  it.each(["denied", "error"] as const)("writes a whole %s answer", (member) => {
    const bytes = encodeCheckResponse({
      status: 16,
      [member]: { httpStatus: 401, headers: [["www-authenticate", "Bearer"]], body: "no" },
    });
    expect(decodeMessage(CHECK_RESPONSE, bytes)).toEqual({
      status: { code: 16 },
      [`${member}_response`]: {
        status: { code: 401 },
        headers: [option("www-authenticate", "Bearer")],
        body: "no",
      },
    });
  });

  it.each([0, 1, 63, 64, 65, 126, 127, 128, 129, 16_383, 16_384, 131_072])(
    "widens the lengths around a body of %i bytes",
    (length) => {
      const body = "b".repeat(length);
      const bytes = encodeCheckResponse({ status: 7, denied: { httpStatus: 200, body } });
      expect(readReply(bytes).denied).toEqual({ httpStatus: 200, headers: {}, body });
      const same = encodeCheckResponse({
        status: 7,
        denied: { httpStatus: 200, body: Buffer.from(body) },
      });
      expect(Buffer.compare(bytes, same)).toBe(0);
    },
  );

  it("writes text outside ASCII as UTF-8 and half a surrogate pair as U+FFFD", () => {
    const text = "ü€\u{1f600}".repeat(40);
    const bytes = encodeCheckResponse({
      status: 7,
      denied: {
        headers: [
          ["a", "ünï"],
          ["b", text],
        ],
        body: "x\u{d800}y",
      },
    });
    expect(readReply(bytes).denied).toEqual({
      httpStatus: 0,
      headers: { a: "ünï", b: text },
      body: "x\u{fffd}y",
    });
  });

  it("gives memory of its own each time", () => {
    const first = encodeCheckResponse({ status: 7, denied: { body: "first" } });
    const before = Buffer.from(first);
    encodeCheckResponse({ status: 14, error: { body: "second and longer" } });
    appendCheckResponse(first, { metadata: [["k", "v"]] });
    expect(Buffer.compare(first, before)).toBe(0);
    expect(first.buffer.byteLength).toBe(first.length);
  });
});

describe("appendCheckResponse", () => {
  it("adds headers and metadata to an allow", () => {
    const fixed = encodeCheckResponse({
      status: 0,
      ok: { headers: [["x-sark-authz", "enforced"]], headersToRemove: ["authorization"] },
      metadata: [
        ["decision", "allow"],
        ["cache", "miss"],
      ],
    });
    const whole = appendCheckResponse(fixed, {
      ok: { headers: [["x-sark-audit-id", "id-1"]] },
      metadata: [
        ["decision_id", "id-1"],
        ["cache", "hit"],
        ["cache_ttl", 12],
      ],
    });
    expect(Buffer.from(whole.subarray(0, fixed.length)).equals(Buffer.from(fixed))).toBe(true);
    expect(readReply(whole)).toEqual({
      code: 0,
      ok: {
        headers: { "x-sark-authz": "enforced", "x-sark-audit-id": "id-1" },
        remove: ["authorization"],
      },
      metadata: { decision: "allow", decision_id: "id-1", cache: "hit", cache_ttl: 12 },
    });
  });

  it.each(["denied", "error"] as const)("adds a header and the body to a %s answer", (member) => {
    const fixed = encodeCheckResponse({
      status: 7,
      [member]: { httpStatus: 403, headers: [["cache-control", "no-store"]] },
    });
    const whole = appendCheckResponse(fixed, {
      [member]: { headers: [["x-sark-audit-id", "id-1"]], body: "{}" },
    });
    expect(readReply(whole)[member]).toEqual({
      httpStatus: 403,
      headers: { "cache-control": "no-store", "x-sark-audit-id": "id-1" },
      body: "{}",
    });
  });

  it("gives the fixed part alone for no parts, in memory of its own", () => {
    const fixed = encodeCheckResponse({ status: 0, ok: {} });
    const whole = appendCheckResponse(fixed, {});
    expect(Buffer.from(whole)).toEqual(Buffer.from(fixed));
    whole.fill(0xff);
    expect(Buffer.from(fixed)).toEqual(hex("0a 00 1a 00"));
  });
});
