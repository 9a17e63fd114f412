/** The writer makes what is missing, changes nothing by accident, and its lists are what readers take. */
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runCommandLine } from "../../../src/cli/command-line.ts";
import { createCredentials } from "../../support/credentials.ts";
import { sidecarConfig } from "../../support/sidecar-config.ts";
import { waitUntil } from "../../support/wait-until.ts";

let folder: string;
let stop: (() => void) | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sark-revoke-"));
  await configure({ keys_file: "list.jwks.json" });
});
afterEach(() => rmSync(folder, { recursive: true }));

async function configure(how: Readonly<Record<string, unknown>>): Promise<void> {
  const revocation = { source: "file", file: "list.jws", state_file: "state", ...how };
  const config = sidecarConfig({
    check: "127.0.0.1:0",
    metricsPort: 0,
    credentials: await createCredentials(folder),
    folder,
    change: { revocation },
  });
  writeFileSync(join(folder, "sark.yaml"), JSON.stringify(config));
}

async function revoke(verb: string, ...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine({
    args: ["revoke", verb, "--config", join(folder, "sark.yaml"), ...args],
    env: {},
    print: (line) => out.push(line),
    tell: (line) => err.push(line),
    onStop: (listener) => {
      stop = listener;
    },
  });
  return { code, out, err: err.join("\n") };
}

const KEY = () => ["--key", join(folder, "private.jwk")];
const listed = async () => {
  const { out } = await revoke("list");
  return out.map((line) => JSON.parse(line));
};

it("makes keys and a list once, and the private key for its owner only", async () => {
  expect(await revoke("init", ...KEY())).toMatchObject({ code: 0, err: "" });
  expect(statSync(join(folder, "private.jwk")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "list.jws")).mode & 0o777).toBe(0o640);
  const before = ["private.jwk", "list.jwks.json", "list.jws"].map(content);
  expect((await revoke("init", ...KEY())).out).toEqual(["the key is there", "the list is there"]);
  expect(["private.jwk", "list.jwks.json", "list.jws"].map(content)).toEqual(before);
  expect(content("list.jwks.json")).not.toContain('"d"');
});

it("adds, shows and removes entries, each time under the next number", async () => {
  await revoke("init", ...KEY());
  const [{ sequence: first }] = await listed();
  const alice = ["--kind", "sub", "--value", "alice", "--iss", "https://idp.example"];
  const times = ["--for", "8h", "--not-before", "2026-11-24T10:00:00Z"];
  expect((await revoke("add", ...KEY(), ...alice, ...times)).code).toBe(0);
  const hex = "ab".repeat(32);
  await revoke("add", ...KEY(), "--kind", "token_sha256", "--value", hex, "--until", "4000000000");
  const [head, ...entries] = await listed();
  expect(head).toMatchObject({ sequence: first + 2, entries: 2 });
  expect(entries).toEqual([
    {
      kind: "sub",
      iss: "https://idp.example",
      value: "alice",
      not_before: 1_795_514_400,
      until: expect.any(Number),
    },
    {
      kind: "token_sha256",
      value: Buffer.from(hex, "hex").toString("base64url"),
      until: 4_000_000_000,
    },
  ]);
  expect(await revoke("remove", ...KEY(), "--kind", "sub", "--value", "alice")).toMatchObject({
    code: 1,
    out: ["the list has no such entry"],
  });
  expect((await revoke("remove", ...KEY(), ...alice)).code).toBe(0);
  expect((await listed())[0]).toMatchObject({ sequence: first + 3, entries: 1 });
});

it("drops entries that have run out, and repeats none", async () => {
  await revoke("init", ...KEY());
  const soon = String(Math.floor(Date.now() / 1_000) + 1);
  await revoke("add", ...KEY(), "--kind", "jti", "--value", "short", "--until", soon);
  await waitUntil("the entry to run out", () => Date.now() / 1_000 > Number(soon));
  const long = ["--kind", "jti", "--value", "long", "--until", "4000000000"];
  await revoke("add", ...KEY(), ...long);
  await revoke("add", ...KEY(), ...long);
  expect((await listed()).slice(1)).toEqual([{ kind: "jti", value: "long", until: 4_000_000_000 }]);
});

it("signs the list again until it is stopped, and writes a lost one from memory", async () => {
  await revoke("init", ...KEY());
  const before = content("list.jws");
  const [{ sequence }] = await listed();
  const serving = revoke("serve", ...KEY());
  await waitUntil("the first heartbeat", () => content("list.jws") !== before);
  rmSync(join(folder, "list.jws"));
  await waitUntil("the list to come back", async () => (await listed())[0].sequence > sequence);
  stop?.();
  expect((await serving).code).toBe(0);
});

it("gives the list a number above all others", async () => {
  await revoke("init", ...KEY());
  const [{ sequence }] = await listed();
  expect((await revoke("renumber", ...KEY())).code).toBe(0);
  expect((await listed())[0].sequence).toBeGreaterThan(sequence);
});

it("needs no key for a list without signature", async () => {
  await configure({ insecure_unsigned_file: true });
  await revoke("init");
  expect((await revoke("add", "--kind", "sid", "--value", "s1", "--for", "1m")).code).toBe(0);
  expect(JSON.parse(content("list.jws"))).toMatchObject({ full: true, entries: [{ value: "s1" }] });
});

it.each([
  ["no list", ["list"], /revoke init/],
  ["no key", ["init"], /--key/],
  [
    "a key that is none",
    ["add", "--key", "package.json", "--kind", "jti", "--value", "x", "--for", "1s"],
    /no private key/,
  ],
  ["an unknown kind", ["add", "--kind", "user", "--value", "x", "--for", "1s"], /kind/],
  ["a wrong time", ["add", "--kind", "jti", "--value", "x", "--for", "soon"], /--for/],
  ["no time", ["add", "--kind", "jti", "--value", "x"], /--for or --until/],
  [
    "a date without zone",
    ["add", "--kind", "jti", "--value", "x", "--until", "2026-11-24T18:00:00"],
    /--until/,
  ],
  ["a time in the past", ["add", "--kind", "jti", "--value", "x", "--until", "1"], /past/],
  [
    "not_before without sub",
    ["add", "--kind", "jti", "--value", "x", "--for", "1s", "--not-before", "1"],
    /not_before/,
  ],
] as const)("refuses %s and says what to do", async (_name, args, message) => {
  const [verb, ...rest] = args;
  const { code, err } = await revoke(verb, ...rest);
  expect(code).toBe(78);
  expect(err).toMatch(message);
});

it.each(["add", "renumber", "serve"])(
  "does not %s with a key that the readers do not have",
  async (verb) => {
    await revoke("init", ...KEY());
    const before = content("list.jws");
    rmSync(join(folder, "private.jwk"));
    renameSync(join(folder, "list.jwks.json"), join(folder, "kept"));
    await revoke("init", ...KEY());
    renameSync(join(folder, "kept"), join(folder, "list.jwks.json"));
    const entry = verb === "add" ? ["--kind", "jti", "--value", "x", "--for", "1m"] : [];
    const { code, err } = await revoke(verb, ...KEY(), ...entry);
    expect({ code, err }).toMatchObject({ code: 78, err: expect.stringMatching(/public half/) });
    expect(content("list.jws")).toBe(before);
  },
);

it("changes no list that somebody else signed", async () => {
  await revoke("init", ...KEY());
  const foreign = content("list.jws");
  rmSync(join(folder, "private.jwk"));
  rmSync(join(folder, "list.jwks.json"));
  await revoke("init", ...KEY());
  const { code, err } = await revoke(
    "add",
    ...KEY(),
    "--kind",
    "jti",
    "--value",
    "x",
    "--for",
    "1s",
  );
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(/no single key/) });
  expect(content("list.jws")).toBe(foreign);
});

function content(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
