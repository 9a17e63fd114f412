/** readTarGz: gives exactly the regular files of an archive, or says why it takes none of it. */
import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readTarGz } from "../../../src/policy/tar.ts";
import { type TarEntry, tar, tarGz } from "./tar-archive.ts";

const read = (archive: Uint8Array) => readTarGz(archive, "bundle.tar.gz");
const FILE: TarEntry = { name: "/data.json", body: "{}" };

describe("a good archive", () => {
  it("gives names without leading slash and bodies of any length", () => {
    const bodies = ["", "x", "y".repeat(511), "z".repeat(512), "w".repeat(513)];
    const files = read(tarGz(bodies.map((body, index) => ({ name: `/f/${index}`, body }))));
    expect([...files.keys()]).toEqual(["f/0", "f/1", "f/2", "f/3", "f/4"]);
    const texts = [...files.values()].map((bytes) => Buffer.from(bytes).toString());
    expect(texts).toEqual(bodies);
  });

  it("joins the halves of a long name", () => {
    const files = read(tarGz([{ name: "policy.wasm", prefix: "/deep/down" }]));
    expect([...files.keys()]).toEqual(["deep/down/policy.wasm"]);
  });
});

describe("a bad archive", () => {
  it.each<[string, TarEntry[], RegExp]>([
    ["goes up", [{ name: "../data.json" }], /leaves the archive/],
    ["goes up in the middle", [{ name: "/a/../../data.json" }], /leaves the archive/],
    ["goes up in a prefix", [{ name: "data.json", prefix: "/.." }], /leaves the archive/],
    ["is absolute twice", [{ name: "//etc/passwd" }], /leaves the archive/],
    ["has a stray dot", [{ name: "/a/./data.json" }], /leaves the archive/],
    ["has a back slash", [{ name: "a\\b" }], /other characters/],
    ["has no name", [{ name: "" }], /other characters/],
    ["is a symbolic link", [{ ...FILE, type: "2" }], /regular files/],
    ["is a hard link", [{ ...FILE, type: "1" }], /regular files/],
    ["is a folder", [{ name: "/a/", type: "5" }], /regular files/],
    ["is a device", [{ ...FILE, type: "3" }], /regular files/],
    ["is an extended header", [{ ...FILE, type: "x" }], /regular files/],
    ["comes twice", [FILE, FILE], /occurs twice/],
    ["comes twice by another spelling", [FILE, { name: "./data.json" }], /occurs twice/],
    ["has a wrong checksum", [{ ...FILE, checksum: "0000001\0" }], /checksum/],
    ["has a size that is no number", [{ ...FILE, size: "12x" }], /file size/],
    ["has a negative size", [{ ...FILE, size: "-1" }], /file size/],
    ["has a size beyond the archive", [{ ...FILE, size: "77777777777" }], /truncated/],
  ])("is refused when an entry %s", (_name, entries, message) => {
    expect(() => read(tarGz(entries))).toThrow(message);
  });

  it("is refused with more than a thousand entries", () => {
    const noise = hash("shake256", "noise", { outputEncoding: "buffer", outputLength: 16_384 });
    const entries = Array.from({ length: 1_000 }, (_value, index) => ({ name: `/f${index}` }));
    expect(read(tarGz([...entries.slice(1), { name: "/noise", body: noise }])).size).toBe(1_000);
    expect(() => read(tarGz([...entries, { name: "/noise", body: noise }]))).toThrow(
      /above 1,000 entries/,
    );
  });

  it("is refused when it unpacks too far", () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1_048_576));
    expect(() => read(bomb)).toThrow(/bundle\.too_large/);
  });

  it("is refused when it is cut anywhere", () => {
    const whole = tarGz([FILE, { name: "/x", body: "content" }]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => read(whole.subarray(0, length))).toThrow(/bundle\.tar/);
    }
    const unpacked = tar([FILE]);
    expect(() => read(gzipSync(unpacked.subarray(0, 1_024)))).toThrow(/truncated/);
    expect(() => read(gzipSync(unpacked.subarray(0, 700)))).toThrow(/truncated/);
  });

  it("is refused when any bit of it is flipped, or gives the same files", () => {
    const whole = tarGz([{ name: "/x", body: "the content of a file" }]);
    const expected = read(whole);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        expect(read(flipped)).toEqual(expected);
      } catch (error) {
        expect(error).toMatchObject({ name: "ConfigError" });
      }
    }
  });

  it("says which file, what is wrong and what to do", () => {
    expect(() => read(Buffer.from("not gzip"))).toThrow(
      'bundle.tar.gz: bundle.tar: not a complete gzip file; build the bundle again with "sark-authz policy build"',
    );
  });
});
