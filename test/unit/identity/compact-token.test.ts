/** Compact tokens: one spelling, strict JSON and bounds, before a library sees a byte. */
import { describe, expect, it } from "vitest";
import { readCompactToken } from "../../../src/identity/compact-token.ts";
import { base64url } from "../../support/tokens.ts";

const HEADER = '{"alg":"ES256","kid":"k1"}';
const PAYLOAD = '{"iss":"https://idp.example","sub":"alice"}';
const SIGNATURE = base64url(new Uint8Array(64).fill(7));

const token = (header: string | Uint8Array, payload: string | Uint8Array, signature = SIGNATURE) =>
  `${base64url(header)}.${base64url(payload)}.${signature}`;

function outcome(text: string): string {
  try {
    readCompactToken(text);
    return "read";
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}

it("reads header, payload and signature", () => {
  const read = readCompactToken(token(HEADER, PAYLOAD));
  expect(read.header["kid"]).toBe("k1");
  expect(read.payload["sub"]).toBe("alice");
  expect(read.signature).toHaveLength(64);
});

it("has objects without a prototype", () => {
  const { header, payload } = readCompactToken(token(HEADER, '{"act":{"sub":"planner"},"x":1}'));
  for (const object of [header, payload, payload["act"]]) {
    expect(Object.getPrototypeOf(object)).toBeNull();
  }
});

const good = token(HEADER, PAYLOAD);
const [header = "", payload = "", signature = ""] = good.split(".");

describe("refuses", () => {
  it.each([
    ["nothing", ""],
    ["a short text", "a.b.c"],
    ["two segments", `${header}.${payload}${signature}`],
    ["four segments", `${good}.${signature}`],
    ["five segments", `${good}.${header}.${payload}`],
    ["an empty header", `.${payload}.${signature}`],
    ["an empty payload", `${header}..${signature}`],
    ["an empty signature", `${header}.${payload}.`],
    ["white space behind", `${good} `],
    ["a line end behind", `${good}\n`],
    ["padding", `${header}=.${payload}.${signature}`],
    ["the other base64 alphabet", token(HEADER, PAYLOAD, `+/${signature.slice(2)}`)],
    ["an impossible length", token(HEADER, PAYLOAD, signature.slice(0, -1))],
    ["more than 8 KiB", token(HEADER, PAYLOAD, "A".repeat(8_192))],
    ["a header above 1 KiB", token(JSON.stringify({ kid: "k".repeat(1_024) }), PAYLOAD)],
    [
      "a payload above 6 KiB",
      token(HEADER, JSON.stringify({ sub: "s".repeat(5_990) + "é".repeat(90) })),
    ],
    ["a header that is a list", token("[]", PAYLOAD)],
    ["a payload that is a text", token(HEADER, '"abcdefgh"')],
    ["a payload that is null", token(HEADER, "null")],
    ["junk behind the JSON", token(HEADER, `${PAYLOAD}x`)],
    ["bytes that are not UTF-8", token(HEADER, Buffer.from('{"sub":"\xff"}', "latin1"))],
    ["a byte order mark", token(HEADER, `\ufeff${PAYLOAD}`)],
    ["a lone surrogate", token(HEADER, '{"sub":"\\ud800"}')],
    ["a repeated member", token(HEADER, '{"aud":"a","aud":"b"}')],
    ["a repeated member by escape", token('{"alg":"ES256","\\u0061lg":"none"}', PAYLOAD)],
    ["a repeated member inside", token(HEADER, '{"act":{"sub":"a","sub":"b"}}')],
    ["__proto__", token(HEADER, '{"__proto__":{"role":"admin"}}')],
    ["constructor inside", token(HEADER, '{"act":{"constructor":1}}')],
    ["prototype", token('{"prototype":1}', PAYLOAD)],
    ["nine levels", token(HEADER, `{"a":${"[".repeat(8)}${"]".repeat(8)}}`)],
    ["a depth bomb", token(HEADER, `{"a":${"[".repeat(2_000)}${"]".repeat(2_000)}}`)],
    ["65 members", token(HEADER, `{${Array.from({ length: 65 }, (_, at) => `"m${at}":1`)}}`)],
  ])("%s", (_name, text) => {
    expect(outcome(text)).toBe("identity.malformed");
  });

  it.each([0, 1, 2])("another spelling of the last character of segment %i", (at) => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const segments = [
      base64url('{"alg":"ES256"} '),
      base64url('{"sub":"alice"} '),
      base64url(new Uint8Array(64)),
    ];
    const segment = segments[at] ?? "";
    expect(segment.length % 4).not.toBe(0);
    expect(outcome(segments.join("."))).toBe("read");
    const next = alphabet[alphabet.indexOf(segment.slice(-1)) + 1];
    segments[at] = segment.slice(0, -1) + next;
    expect(Buffer.from(segments[at] ?? "", "base64url")).toEqual(Buffer.from(segment, "base64url"));
    expect(outcome(segments.join("."))).toBe("identity.malformed");
  });
});

it("accepts eight levels and 64 members", () => {
  expect(outcome(token(HEADER, `{"a":${"[".repeat(7)}${"]".repeat(7)}}`))).toBe("read");
  const members = Array.from({ length: 64 }, (_, at) => `"m${at}":1`);
  expect(outcome(token(HEADER, `{${members}}`))).toBe("read");
});
