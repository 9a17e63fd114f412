/** The registry follows its file, and a bad file never replaces a good registry. */
import { expect, it, vi } from "vitest";
import { parseRegistry } from "../../../src/config/registry-document.ts";
import { ConfigError } from "../../../src/domain/errors.ts";
import type { Registry } from "../../../src/domain/registry.ts";
import type { Files } from "../../../src/domain/surroundings.ts";
import { RegistrySource } from "../../../src/registry/registry-source.ts";

/** One file in memory; `write` tells the watcher. */
function oneFile(first: string) {
  let text: string | undefined = first;
  let changed = () => {};
  const files: Files = {
    read: async () => {
      if (text === undefined) throw new Error("ENOENT");
      return Buffer.from(text, "latin1");
    },
    watch: (_, listener) => {
      changed = listener;
      return () => {
        changed = () => {};
      };
    },
    replace: async () => {},
  };
  return {
    files,
    write: (next: string | undefined) => {
      text = next;
      changed();
    },
  };
}

function optionsFor(files: Files) {
  const onSwap = vi.fn<(registry: Registry) => void>();
  const onRefused = vi.fn<(error: ConfigError) => void>();
  return { file: "r.yaml", files, parse: parseRegistry, onSwap, onRefused };
}

it("has the file's SHA-256 as revision", async () => {
  const source = await RegistrySource.open(optionsFor(oneFile("agents: {}\n").files));
  expect(source.current.revision).toBe(
    "81499a7fe1c9e6cf76d123db44f387469ab643f8cbfbd28bb2ca44f2acb976ca",
  );
});

it("swaps to a new content as one object", async () => {
  const file = oneFile("agents: {}");
  const options = optionsFor(file.files);
  const source = await RegistrySource.open(options);
  const before = source.current;
  file.write("agents: { a: {} }");
  await vi.waitFor(() => expect(options.onSwap).toHaveBeenCalledTimes(1));
  expect(source.current.agent("a").known).toBe(true);
  expect(before.agent("a").known).toBe(false);
  expect(source.current.revision).not.toBe(before.revision);
});

it.each([
  ["wrong", "agents: { a: 1 }", ["r.yaml:1:14 agents.a: must be a section of keys"]],
  ["no UTF-8", "agents: {} # \xff", ["r.yaml: is not UTF-8"]],
  ["gone", undefined, [expect.stringContaining("r.yaml: can not be read")]],
])("keeps the last good one when the file is %s", async (_, text, problems) => {
  const file = oneFile("agents: { a: {} }");
  const options = optionsFor(file.files);
  const source = await RegistrySource.open(options);
  file.write(text);
  await vi.waitFor(() => expect(options.onRefused).toHaveBeenCalledTimes(1));
  expect(options.onRefused.mock.calls[0]?.[0]).toMatchObject({ problems });
  expect(source.current.agent("a").known).toBe(true);
  file.write("agents: { b: {} }");
  await vi.waitFor(() => expect(source.current.agent("b").known).toBe(true));
});

it("looks again when the file changes while it is read", async () => {
  const file = oneFile("agents: {}");
  const options = optionsFor(file.files);
  const source = await RegistrySource.open(options);
  file.write("agents: { a: {} }");
  file.write("agents: { b: {} }");
  file.write("agents: { c: {} }");
  await vi.waitFor(() => expect(source.current.agent("c").known).toBe(true));
});

it("does not miss a change between the watch and the first read", async () => {
  const file = oneFile("agents: {}");
  let isFirst = true;
  const read: Files["read"] = async (path, bytesMax) => {
    const bytes = await file.files.read(path, bytesMax);
    if (isFirst) {
      isFirst = false;
      file.write("agents: { late: {} }");
    }
    return bytes;
  };
  const source = await RegistrySource.open(optionsFor({ ...file.files, read }));
  await vi.waitFor(() => expect(source.current.agent("late").known).toBe(true));
});

it("does not start without a good file, and lets the watch go", async () => {
  const stop = vi.fn();
  const files: Files = { ...oneFile("agents: 1").files, watch: () => stop };
  await expect(RegistrySource.open(optionsFor(files))).rejects.toThrow(ConfigError);
  expect(stop).toHaveBeenCalledTimes(1);
});
