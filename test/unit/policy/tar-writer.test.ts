/** writeTarGz: an archive that OPA and the reader take, the same bytes each time. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { readTarGz } from "../../../src/policy/tar.ts";
import { writeTarGz } from "../../../src/policy/tar-writer.ts";

const FILES = new Map([
  ["data.json", Buffer.from("{}\n")],
  ["src/a.rego", Buffer.from("package a\n".repeat(100))],
  ["empty", Buffer.alloc(0)],
  ["block", Buffer.alloc(512, 7)],
]);

it("writes what the reader reads, in order", () => {
  const read = readTarGz(writeTarGz(FILES), "b");
  expect([...read]).toEqual([...FILES]);
});

it("writes names with a leading slash and neither times nor owners, as tar sees it", () => {
  const archive = writeTarGz(FILES);
  const args = ["-tzvP", "--numeric-owner", "--full-time"];
  const lines = execFileSync("tar", args, { input: archive, encoding: "utf8", env: { TZ: "UTC" } });
  expect(lines.split("\n")[0]).toMatch(/^-rw------- 0\/0 +3 1970-01-01 00:00:00 \/data\.json$/);
});

it("writes the same bytes for the same files, and names no system", () => {
  const archive = writeTarGz(FILES);
  expect(writeTarGz(new Map(FILES)).equals(archive)).toBe(true);
  expect(archive.subarray(4, 10)).toEqual(Buffer.from([0, 0, 0, 0, 2, 255]));
});

it("refuses a name that does not fit", () => {
  expect(() => writeTarGz(new Map([["a".repeat(100), Buffer.alloc(1)]]))).toThrow(/too long/);
});
