/** The reader stays inside the message it is in and refuses what is not well-formed protobuf. */
import { describe, expect, it } from "vitest";
import { bytesTag, Reader } from "../../../src/wire/reader.ts";
import { WireError } from "../../../src/wire/wire-error.ts";
import { field, hex, integer, join, varint } from "./vectors.ts";

describe("varint", () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 53 - 1])("reads %i", (value) => {
    const reader = new Reader(varint(value));
    expect(reader.varint()).toBe(value);
    expect(reader.at).toBe(reader.end);
  });

  it("reads a padded form, which is legal", () => {
    expect(new Reader(hex("81 80 80 80 80 80 80 80 80 00")).varint()).toBe(1);
  });

  it.each([
    ["nothing", ""],
    ["a cut one", "80"],
    ["eleven bytes", "80 80 80 80 80 80 80 80 80 80 00"],
    ["more than 64 bits", "ff ff ff ff ff ff ff ff ff 02"],
  ])("refuses %s", (_, bytes) => {
    expect(() => new Reader(hex(bytes)).varint()).toThrow(WireError);
  });
});

describe("count", () => {
  it.each<[bigint, number]>([
    [0n, 0],
    [65_537n, 65_537],
    [2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
    [2n ** 53n + 1n, Number.MAX_SAFE_INTEGER],
    [2n ** 63n - 1n, Number.MAX_SAFE_INTEGER],
    [-1n, 0],
    [-(2n ** 63n), 0],
  ])("reads %s as %i", (value, expected) => {
    expect(new Reader(varint(value)).count()).toBe(expected);
  });
});

describe("tag", () => {
  it("is 0 at the end", () => {
    expect(new Reader(new Uint8Array(0)).tag()).toBe(0);
  });

  it("knows the greatest field number", () => {
    expect(new Reader(hex("fa ff ff ff 0f")).tag()).toBe(bytesTag(2 ** 29 - 1));
  });

  it.each([
    ["field number 0", "02"],
    ["field number 0 in a padded form", "82 00"],
    ["a field number above 29 bits", "82 80 80 80 10"],
    ["an end marker in disguise", "00"],
  ])("refuses %s", (_, bytes) => {
    expect(() => new Reader(hex(bytes)).tag()).toThrow(WireError);
  });
});

describe("skip", () => {
  it.each([
    ["a varint", integer(9, 300)],
    ["a double", join(hex("49"), Buffer.alloc(8))],
    ["bytes", field(9, "anything")],
    ["a float", join(hex("4d"), Buffer.alloc(4))],
  ])("moves behind %s", (_, bytes) => {
    const reader = new Reader(join(bytes, field(1, "x")));
    reader.skip(reader.tag());
    expect(reader.tag()).toBe(bytesTag(1));
    expect(reader.text()).toBe("x");
  });

  it.each([
    ["the start of a group", "4b 4c"],
    ["the end of a group", "4c"],
    ["wire type 6", "4e 00"],
    ["wire type 7", "4f 00"],
    ["a cut double", "49 00 00 00 00 00 00 00"],
    ["a cut float", "4d 00 00 00"],
    ["a length past the end", "4a 02 00"],
    ["a length beyond any memory", "4a ff ff ff ff ff ff ff ff ff 01"],
  ])("refuses %s", (_, bytes) => {
    const reader = new Reader(hex(bytes));
    expect(() => reader.skip(reader.tag())).toThrow(WireError);
  });
});

describe("enter", () => {
  it("bounds what is inside by the length of the message", () => {
    const reader = new Reader(join(field(1, hex("0a 05"), "ab"), field(2, "outside")));
    reader.tag();
    const outerEnd = reader.enter();
    reader.tag();
    expect(() => reader.text()).toThrow(WireError);
    reader.leave(outerEnd);
    expect(reader.end).toBe(reader.bytes.length);
  });
});

describe("text", () => {
  it("keeps a replacement character that was sent", () => {
    const reader = new Reader(field(1, "a\u{fffd}b"));
    reader.tag();
    expect(reader.text()).toBe("a\u{fffd}b");
  });

  it("refuses bytes that only decode with a replacement", () => {
    const reader = new Reader(field(1, hex("61 ff 62")));
    reader.tag();
    expect(() => reader.text()).toThrow(WireError);
  });

  it("reads from the middle of a larger buffer", () => {
    const whole = join("....", field(1, "value"), "....");
    const view = new Uint8Array(whole.buffer, whole.byteOffset + 4, whole.length - 8);
    const reader = new Reader(view);
    reader.tag();
    expect(reader.text()).toBe("value");
    expect(reader.tag()).toBe(0);
  });
});
