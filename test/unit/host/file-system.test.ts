/** Files are read within bounds, and every way of replacing one is noticed. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileSystem } from "../../../src/host/file-system.ts";

let folder: string;
const stops: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sark-authz-files-"));
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  rmSync(folder, { recursive: true });
});

/** Resolves with the next report of a change. */
function watching(path: string) {
  let tell = () => {};
  let count = 0;
  stops.push(
    fileSystem.watch(path, () => {
      count += 1;
      tell();
    }),
  );
  return {
    next: () => new Promise<void>((resolve) => (tell = resolve)),
    count: () => count,
  };
}

it("reads up to the bound and not one byte more", async () => {
  const path = join(folder, "a");
  writeFileSync(path, "12345");
  expect(Buffer.from(await fileSystem.read(path, 5)).toString()).toBe("12345");
  await expect(fileSystem.read(path, 4)).rejects.toThrow("larger than 4 bytes");
});

it("reads an empty file and refuses what is no file", async () => {
  const path = join(folder, "a");
  writeFileSync(path, "");
  expect(await fileSystem.read(path, 5)).toHaveLength(0);
  execFileSync("mkfifo", [join(folder, "pipe")]);
  for (const other of [folder, join(folder, "pipe")]) {
    await expect(fileSystem.read(other, 5)).rejects.toThrow("not a regular file");
  }
  await expect(fileSystem.read(join(folder, "b"), 5)).rejects.toMatchObject({ code: "ENOENT" });
});

it("notices a file that is written, renamed over, made or removed", async () => {
  const path = join(folder, "a");
  const watch = watching(path);
  for (const change of [
    () => writeFileSync(path, "made"),
    () => writeFileSync(path, "written"),
    () => {
      writeFileSync(`${path}.new`, "renamed");
      renameSync(`${path}.new`, path);
    },
    () => rmSync(path),
  ]) {
    const changed = watch.next();
    change();
    await changed;
  }
});

it("notices a swapped link, as a ConfigMap update does it", async () => {
  for (const version of ["v1", "v2"]) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, "a"), version);
  }
  symlinkSync("v1", join(folder, "..data"));
  symlinkSync("..data/a", join(folder, "a"));
  const changed = watching(join(folder, "a")).next();
  symlinkSync("v2", join(folder, "..data_tmp"));
  renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  await changed;
});

it("says nothing when the same content is written again", async () => {
  const path = join(folder, "a");
  writeFileSync(path, "same");
  const watch = watching(path);
  const other = watching(join(folder, "b"));
  const changed = other.next();
  writeFileSync(path, "same");
  writeFileSync(join(folder, "b"), "new");
  await changed; // the watcher of the first file has looked by then
  expect(watch.count()).toBe(0);
});

it("replaces a file as a whole, readable by its owner only, and leaves no draft", async () => {
  const path = join(folder, "kept");
  for (const text of ["first, longer", "second"]) {
    await fileSystem.replace(path, Buffer.from(text));
    expect(readFileSync(path, "utf8")).toBe(text);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["kept"]);
});

it("leaves the old file and no draft when it can not be replaced", async () => {
  const path = join(folder, "kept");
  mkdirSync(path); // a folder can not be renamed over
  await expect(fileSystem.replace(path, Buffer.from("x"))).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["kept"]);
  await expect(fileSystem.replace(join(folder, "absent", "a"), Buffer.of())).rejects.toMatchObject({
    code: "ENOENT",
  });
});
