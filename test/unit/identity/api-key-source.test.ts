/** The key set follows its files, and a bad file never replaces a good set. */
import { describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../../src/domain/errors.ts";
import type { Files } from "../../../src/domain/surroundings.ts";
import { API_KEY_RECORDS_MAX, readApiKeyLines } from "../../../src/identity/api-key-file.ts";
import { type ApiKeyRecord, writeApiKeyLine } from "../../../src/identity/api-key-record.ts";
import { ApiKeySource } from "../../../src/identity/api-key-source.ts";
import { apiKeyRecord, GATEWAY_KEY, outcomeOf, SERVICE_KEY } from "../../support/api-keys.ts";

const NOW = 1_764_000_000_000;
const PEPPER_TEXT = "\x07".repeat(32);
const clock = { sleep: async () => undefined };

function fileOf(...records: readonly ApiKeyRecord[]): string {
  return records.map((record) => `${writeApiKeyLine(record)}\n`).join("");
}

function rig(keys: string | undefined, pepper: string | undefined = PEPPER_TEXT) {
  const texts = new Map([
    ["keys", keys],
    ["pepper", pepper],
  ]);
  const watchers = new Map<string, () => void>();
  const files: Files = {
    read: async (path) => {
      const text = texts.get(path);
      if (text === undefined) throw new Error("ENOENT");
      return Buffer.from(text);
    },
    replace: async () => {
      throw new Error("nothing is written here");
    },
    watch: (path, changed) => {
      watchers.set(path, changed);
      return () => watchers.delete(path);
    },
  };
  const log = { isDebug: false, debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const options = {
    file: "keys",
    pepperFile: "pepper",
    files,
    clock,
    log,
    hashId: () => undefined,
  };
  return {
    open: () => ApiKeySource.open(options),
    files,
    log,
    watchers,
    write: (path: string, text: string | undefined) => {
      texts.set(path, text);
      watchers.get(path)?.();
    },
  };
}

it("swaps to new records as one object", async () => {
  const { open, write, log } = rig(fileOf(apiKeyRecord()));
  const source = await open();
  const before = source.current;
  write(
    "keys",
    fileOf(apiKeyRecord(SERVICE_KEY, { revokedAtMs: NOW }), apiKeyRecord(GATEWAY_KEY, { id: "b" })),
  );
  await vi.waitFor(() => expect(log.info).toHaveBeenCalledTimes(1));
  expect(outcomeOf(() => source.current.find(SERVICE_KEY, NOW))).toBe("identity.revoked");
  expect(outcomeOf(() => source.current.find(GATEWAY_KEY, NOW))).toBe("accepted");
  expect(outcomeOf(() => before.find(SERVICE_KEY, NOW))).toBe("accepted");
});

it("reads the pepper again too", async () => {
  const { open, write, log } = rig(fileOf(apiKeyRecord()));
  const source = await open();
  write("pepper", "other".repeat(10));
  await vi.waitFor(() => expect(log.info).toHaveBeenCalledTimes(1));
  expect(outcomeOf(() => source.current.find(SERVICE_KEY, NOW))).toBe("identity.api_key_unknown");
});

it.each([
  ["keys", "half a line", '{"id":'],
  ["keys", "gone", undefined],
  ["pepper", "short", "short"],
  ["pepper", "gone", undefined],
])("keeps the last good set when the %s are %s", async (path, _, text) => {
  const { open, write, log } = rig(fileOf(apiKeyRecord()));
  const source = await open();
  write(path, text);
  await vi.waitFor(() => expect(log.error).toHaveBeenCalledTimes(1));
  expect(log.error.mock.calls[0]?.[1]?.problems[0]).toContain(`${path}:`);
  expect(outcomeOf(() => source.current.find(SERVICE_KEY, NOW))).toBe("accepted");
});

it("does not miss a change between the watch and the first read", async () => {
  const made = rig(fileOf());
  const { read } = made.files;
  let isFirst = true;
  Object.assign(made.files, {
    read: async (path: string, bytesMax: number) => {
      const bytes = await read(path, bytesMax);
      if (path === "keys" && isFirst) {
        isFirst = false;
        made.write("keys", fileOf(apiKeyRecord()));
      }
      return bytes;
    },
  });
  const source = await made.open();
  await vi.waitFor(() => expect(source.current.size).toBe(1));
});

it("lets the watches go, and reads no more", async () => {
  const { open, watchers, write, log } = rig(fileOf());
  const source = await open();
  const changed = watchers.get("keys");
  source.close();
  expect(watchers.size).toBe(0);
  write("keys", fileOf(apiKeyRecord()));
  changed?.();
  await Promise.resolve();
  expect([source.current.size, log.info.mock.calls]).toEqual([0, []]);
});

it("names the problems of both files at once and starts with neither", async () => {
  const { open, watchers } = rig(`\n${fileOf(apiKeyRecord())}{}\n`, "short");
  const error = await open().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).problems).toEqual([
    ...["id", "mac", "scopes", "environment", "owner"].map((name) =>
      expect.stringContaining(`keys:3 ${name}: is missing`),
    ),
    "pepper: needs at least 32 random bytes; api-key create --init makes a pepper",
  ]);
  expect(watchers.size).toBe(0);
});

describe("lines", () => {
  const read = (text: string) => readApiKeyLines(Buffer.from(text), "f", clock);

  it.each([
    ["an id twice", fileOf(apiKeyRecord(), apiKeyRecord(GATEWAY_KEY)), "f:2 id: is used"],
    ["a key twice", fileOf(apiKeyRecord(), apiKeyRecord(SERVICE_KEY, { id: "b" })), "f:2 mac: is"],
  ])("refuses %s", async (_, text, problem) => {
    await expect(read(text)).rejects.toThrow(problem);
  });

  it("needs no newline at the end", async () => {
    expect(await read(fileOf(apiKeyRecord()).trimEnd())).toHaveLength(1);
  });

  it("stops at a hundred problems of a file of another kind", async () => {
    const error = await read("x\n".repeat(1_000)).catch((thrown: unknown) => thrown);
    expect((error as ConfigError).problems).toHaveLength(100);
  });

  it("takes breaths, and refuses one record too many", async () => {
    const sleep = vi.fn(async () => undefined);
    const line = (at: number) =>
      `{"id":"${at}","mac":"${at.toString(16).padStart(64, "0")}","scopes":[],"environment":"e","owner":"o"}\n`;
    const text = Array.from({ length: API_KEY_RECORDS_MAX + 1 }, (_, at) => line(at)).join("");
    const bytes = Buffer.from(text);
    const last = line(API_KEY_RECORDS_MAX).length;
    const whole = await readApiKeyLines(bytes.subarray(0, bytes.length - last), "f", { sleep });
    expect(whole).toHaveLength(API_KEY_RECORDS_MAX);
    expect(sleep).toHaveBeenCalledTimes(500);
    await expect(readApiKeyLines(bytes, "f", { sleep })).rejects.toThrow("more than 100000");
  });
});
