/** The commands write what the sidecar reads, show a key once, and never lose a record. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCommandLine } from "../../../src/cli/command-line.ts";
import { fileSystem } from "../../../src/host/file-system.ts";
import { systemClock } from "../../../src/host/system-clock.ts";
import { ApiKeySource } from "../../../src/identity/api-key-source.ts";
import { readCredential } from "../../../src/request/bearer-token.ts";
import type { RequestHeaders } from "../../../src/request/request-headers.ts";
import { outcomeOf } from "../../support/api-keys.ts";

let folder: string;
let file: string;
let pepper: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sark-api-key-"));
  file = join(folder, "keys.jsonl");
  pepper = join(folder, "pepper");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine({
    args: ["api-key", ...args],
    env: {},
    print: (line) => out.push(line),
    tell: (line) => err.push(line),
    onStop: () => {},
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const create = (...more: readonly string[]) =>
  run(
    "create",
    "--file",
    file,
    "--pepper-file",
    pepper,
    "--owner",
    "o",
    "--scope",
    "admin",
    ...more,
  );

async function sidecarFinds(key: string) {
  const log = { isDebug: false, debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const source = await ApiKeySource.open({
    ...{ file, pepperFile: pepper, files: fileSystem, clock: systemClock, log },
    hashId: () => undefined,
  });
  source.close();
  return () => source.current.find(key, systemClock.unixMs());
}

describe("create", () => {
  it.each([
    [["--kind", "service", "--env", "test"], /^sark_sk_test_/],
    [["--kind", "gateway"], /^sark_gw_[0-9a-f]{32}$/],
  ])("makes a key that the sidecar reads and knows: %j", async (options, form) => {
    const { code, out } = await create("--init", "--team", "t", "--id", "a", ...options);
    expect([code, out]).toEqual([0, expect.stringMatching(form)]);
    const headers = { get: (name: string) => (name === "x-api-key" ? out : undefined) };
    expect(readCredential(headers as RequestHeaders)).toEqual({ kind: "api_key", key: out });
    const find = await sidecarFinds(out);
    expect(find().principal).toMatchObject({ id: "apikey:a", teams: ["t"], scopes: ["admin"] });
  });

  it("keeps the key nowhere and the pepper to its owner", async () => {
    const { out, err } = await create("--init");
    expect(readFileSync(file, "utf8") + err).not.toContain(out);
    expect(statSync(pepper).mode & 0o777).toBe(0o600);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("adds to a file with the mode it has, and never replaces a pepper", async () => {
    await create("--init");
    chmodSync(file, 0o600);
    const before = readFileSync(pepper, "utf8");
    await create("--init");
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(2);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(pepper, "utf8")).toBe(before);
  });

  it("gives a key an end", async () => {
    await create("--init", "--expires-in-days", "2");
    const { expires_at: expiresAt } = JSON.parse(readFileSync(file, "utf8"));
    const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(1.99);
    expect(days).toBeLessThanOrEqual(2);
  });

  it("refuses an id that is used", async () => {
    await create("--init", "--id", "a");
    const before = readFileSync(file, "utf8");
    expect(await create("--id", "a")).toMatchObject({ code: 1, out: "" });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it.each([
    [["--scope", "a b"]],
    [["--owner", "a\nb"]],
    [["--kind", "other"]],
    [["--env", "production"]],
    [["--expires-in-days", "0"]],
    [["--expires-in-days", "1.5"]],
    [["--rate-per-minute", "-1"]],
    [["--id", "a/b"]],
  ])("calls %j wrong usage", async (options) => {
    expect(await create("--init", ...options)).toMatchObject({ code: 64, out: "" });
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ["there is no pepper", () => {}, "make it with --init"],
    ["the pepper is short", () => writeFileSync(pepper, "short"), "at least 32 random bytes"],
    [
      "the file is wrong",
      () => {
        writeFileSync(pepper, "x".repeat(32));
        writeFileSync(file, "{}\n");
      },
      "keys.jsonl:1 id: is missing",
    ],
    [
      "another command is writing",
      () => {
        writeFileSync(pepper, "x".repeat(32));
        writeFileSync(`${file}.new`, "");
      },
      "another command is writing",
    ],
  ])("ends with 78 when %s", async (_, prepare, message) => {
    prepare();
    const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const { code, out, err } = await create();
    expect([code, out]).toEqual([78, ""]);
    expect(err).toContain(message);
    expect(existsSync(file) ? readFileSync(file, "utf8") : undefined).toBe(before);
  });

  it("writes no record that the sidecar would refuse", async () => {
    const scopes = Array.from({ length: 65 }, (_, at) => `s${at}`);
    expect(await create("--init", ...scopes.flatMap((scope) => ["--scope", scope]))).toMatchObject({
      code: 78,
    });
    expect([existsSync(file), existsSync(`${file}.new`)]).toEqual([false, false]);
  });
});

it("revokes a key from now on, once", async () => {
  const { out: key } = await create("--init", "--id", "a");
  await create("--id", "b");
  expect(await run("revoke", "a", "--file", file)).toMatchObject({ code: 0 });
  expect(outcomeOf(await sidecarFinds(key))).toBe("identity.revoked");
  const before = readFileSync(file, "utf8");
  expect(await run("revoke", "a", "--file", file)).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(await run("revoke", "c", "--file", file)).toMatchObject({ code: 1 });
});

it("lists what there is, and no MAC", async () => {
  await create("--init", "--id", "a", "--env", "dev");
  await create("--id", "b", "--team", "t");
  await run("revoke", "b", "--file", file);
  const { code, out } = await run("list", "--file", file);
  expect([code, ...out.split("\n")]).toEqual([
    0,
    "ID\tSTATE\tEXPIRES\tENVIRONMENT\tOWNER\tTEAM\tSCOPES",
    "a\tactive\tnever\tdev\to\t-\tadmin",
    "b\trevoked\tnever\tlive\to\tt\tadmin",
  ]);
});

it.each(["create", "revoke", "list"])("has help with an example for %s", async (command) => {
  const { code, out } = await run(command, "--help");
  expect(code).toBe(0);
  expect(out).toContain(`Example:\n  sark-authz api-key ${command}`);
});
