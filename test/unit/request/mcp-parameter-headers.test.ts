/** `Mcp-Param-*` headers of a tool that declares them repeat its arguments, or the call is refused. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/domain/json.ts";
import { requireParameterHeaders } from "../../../src/request/mcp-parameter-headers.ts";
import { request } from "../../support/samples.ts";
import { reasonOf } from "./attributes.ts";

const MAPPING = new Map([["city", "city_name"]]);

function compare(
  value: JsonObject,
  headers: Readonly<Record<string, string>> | undefined,
  mapping: ReadonlyMap<string, string> = MAPPING,
): string {
  const facts = { method: "tools/call", protocolVersion: "2026-07-28", sessionId: null };
  const parameterHeaders = headers === undefined ? undefined : new Map(Object.entries(headers));
  const asked = request({
    parameters: { bytes: new Uint8Array(1), value: () => value },
    mcp: parameterHeaders === undefined ? facts : { ...facts, parameterHeaders },
  });
  return reasonOf(() => requireParameterHeaders(asked, mapping));
}

describe("a mapped argument", () => {
  it.each<[unknown, string]>([
    ["Paris", "Paris"],
    ["Paris", " Paris "],
    ["Z\u00fcrich", "=?base64?WsO8cmljaA==?="],
    ["", ""],
    [true, "true"],
    [false, "false"],
    [42, "42"],
    [42, "42.0"],
    [-7, "-7"],
    [1.5, "1.5"],
    ["9007199254740993", "9007199254740993"],
  ])("%j is repeated by %j", (value, header) => {
    expect(compare({ city_name: value as string }, { city: header })).toBe("accepted");
  });

  it.each<[unknown, string]>([
    ["Paris", "paris"],
    ["Paris", "Paris,Paris"],
    ["Z\u00fcrich", "Zurich"],
    ["true", "True"],
    [true, "1"],
    [true, "True"],
    [42, "43"],
    [42, "0x2a"],
    [42, "4.2e1"],
    [42, "042"],
    [0, ""],
    [null, "null"],
    [{}, "{}"],
    [["a"], "a"],
  ])("%j and header %j are refused as mcp.header_mismatch", (value, header) => {
    expect(compare({ city_name: value as string }, { city: header })).toBe("mcp.header_mismatch");
  });

  it("without a header, or a header without it, is mcp.header_mismatch", () => {
    expect(compare({ city_name: "Paris" }, {})).toBe("mcp.header_mismatch");
    expect(compare({}, { city: "Paris" })).toBe("mcp.header_mismatch");
    expect(compare({}, {})).toBe("accepted");
    expect(compare({ city_name: null }, {})).toBe("accepted");
  });

  it("in a header that can not be decoded is mcp.header_encoding", () => {
    expect(compare({ city_name: "a" }, { city: "=?base64?YQ?=" })).toBe("mcp.header_encoding");
  });
});

describe("what is not mapped", () => {
  it("is not looked at", () => {
    expect(compare({ city_name: "a" }, { city: "b" }, new Map())).toBe("accepted");
    expect(compare({ city_name: "a", other: "b" }, { city: "a", other: "c" })).toBe("accepted");
  });

  it("are messages of earlier revisions, and names of every object", () => {
    expect(compare({ city_name: "a" }, undefined)).toBe("accepted");
    expect(compare({}, {}, new Map([["city", "toString"]]))).toBe("accepted");
  });
});
