/** Exactly the well-formed byte sequences of RFC 3629 count as UTF-8. */
import { describe, expect, it } from "vitest";
import { isUtf8 } from "../../../src/wire/utf8.ts";
import { hex } from "./vectors.ts";

function check(bytes: Uint8Array): boolean {
  return isUtf8(bytes, 0, bytes.length);
}

function platformAccepts(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe("isUtf8", () => {
  it.each([
    ["nothing", ""],
    ["ASCII with NUL", "00 41 7f"],
    ["two bytes, least and greatest", "c2 80 df bf"],
    ["three bytes, least and greatest", "e0 a0 80 ef bf bf"],
    ["around the surrogates", "ed 9f bf ee 80 80"],
    ["four bytes, least and greatest", "f0 90 80 80 f4 8f bf bf"],
    ["the replacement character", "ef bf bd"],
    ["a byte order mark", "ef bb bf 41"],
  ])("accepts %s", (_, bytes) => {
    expect(check(hex(bytes))).toBe(true);
  });

  it.each([
    ["a lone continuation", "80"],
    ["an overlong slash", "c0 af"],
    ["an overlong DEL", "c1 bf"],
    ["an overlong three-byte form", "e0 9f bf"],
    ["an overlong four-byte form", "f0 8f bf bf"],
    ["a high surrogate", "ed a0 80"],
    ["a low surrogate", "ed bf bf"],
    ["a code point above U+10FFFF", "f4 90 80 80"],
    ["a lead that never was", "f8 88 80 80 80"],
    ["fe and ff", "fe ff"],
    ["a cut sequence at the end", "41 42 43 44 e2 82"],
    ["a cut sequence in the middle", "e2 82 41 41"],
    ["a bad last byte", "f0 9f 98 41"],
  ])("refuses %s", (_, bytes) => {
    expect(check(hex(bytes))).toBe(false);
  });

  it("agrees with the platform on every sequence of two bytes, at every offset of a word", () => {
    const wrong: string[] = [];
    for (let pair = 0; pair < 0x10000; pair++) {
      const bytes = Buffer.alloc(6, 0x61);
      bytes.writeUInt16BE(pair, pair % 5);
      if (check(bytes) !== platformAccepts(bytes)) wrong.push(bytes.toString("hex"));
    }
    expect(wrong).toEqual([]);
  });

  it("agrees with the platform on every lead and second byte of longer sequences", () => {
    const wrong: string[] = [];
    for (let lead = 0xc0; lead <= 0xff; lead++) {
      for (let second = 0; second <= 0xff; second++) {
        for (const rest of [[0x80], [0xbf, 0x80], [0x80, 0x7f], [0x80, 0x80, 0x61]]) {
          const bytes = Buffer.from([lead, second, ...rest]);
          if (check(bytes) !== platformAccepts(bytes)) wrong.push(bytes.toString("hex"));
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("looks at nothing outside its range", () => {
    expect(isUtf8(hex("ff 41 42 43 44 ff"), 1, 5)).toBe(true);
    expect(isUtf8(hex("41 e2 82 ac"), 0, 3)).toBe(false);
  });
});
