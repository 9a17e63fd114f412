/** Keys from a file: a bad file stops the start, and never replaces a good set later. */
import { beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/domain/errors.ts";
import { FileKeySource } from "../../../src/identity/file-key-source.ts";
import { admitKeys, KEY_SET_BYTES_MAX } from "../../../src/identity/key-admission.ts";
import { memoryFiles, memoryLog, settle } from "../../support/key-sources.ts";
import { createIssuer } from "../../support/tokens.ts";

const PATH = "keys/users.jwks.json";
let one: string;
let two: string;
beforeAll(async () => {
  one = JSON.stringify((await createIssuer({ kid: "one" })).jwks());
  two = JSON.stringify((await createIssuer({ kid: "two" })).jwks());
});

const SET = {
  bytesMax: KEY_SET_BYTES_MAX,
  admit: admitKeys,
  remedy: "give a JWK Set with at least one public key",
};

async function rig(initial: string | undefined = one) {
  const file = memoryFiles(initial === undefined ? {} : { [PATH]: initial });
  const { log, lines } = memoryLog();
  const source = await FileKeySource.open({
    path: PATH,
    issuer: "https://idp.example",
    files: file.files,
    log,
    ...SET,
  });
  const keyIds = () => source.current?.keys.map((key) => key.keyId);
  return { file, lines, source, keyIds };
}

describe("at start", () => {
  it("has the keys at once", async () => {
    expect((await rig()).keyIds()).toEqual(["one"]);
  });

  it.each([
    ["absent", undefined, "can not be read (ENOENT)"],
    ["no JSON", "<html>", "not strict JSON"],
    ["without keys", '{"keys":[]}', "no key can be used (empty set)"],
    ["private", '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}', "no key can be used (private_key)"],
    ["too large", "x".repeat(262_145), "can not be read"],
  ])("refuses a file that is %s, with its name and a remedy", async (_name, text, problem) => {
    const file = memoryFiles(text === undefined ? {} : { [PATH]: text });
    const { log } = memoryLog();
    const opening = FileKeySource.open({ path: PATH, issuer: "i", files: file.files, log, ...SET });
    const error = await opening.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toEqual([
      `${PATH}: ${problem}; give a JWK Set with at least one public key`,
    ]);
    expect(file.watched(PATH)).toBe(0);
  });

  it("says which rules dropped keys", async () => {
    const { keys } = JSON.parse(one) as { keys: object[] };
    const { lines } = await rig(JSON.stringify({ keys: [...keys, { kty: "oct", k: "AAAA" }] }));
    expect(lines).toEqual([expect.stringContaining("private_key")]);
  });

  it("sees a change between watch and first read", async () => {
    const file = memoryFiles({ [PATH]: one });
    const release = file.holdReads();
    const { log } = memoryLog();
    const opening = FileKeySource.open({ path: PATH, issuer: "i", files: file.files, log, ...SET });
    file.write(PATH, two);
    release();
    const source = await opening;
    await settle();
    expect(source.current?.keys[0]?.keyId).toBe("two");
  });
});

describe("later", () => {
  it("takes a new file at once, and what it lacks counts no more", async () => {
    const { file, source, keyIds } = await rig();
    file.write(PATH, two);
    await settle();
    expect([keyIds(), source.figures.revision]).toEqual([["two"], 2]);
  });

  it.each([
    ["gone", undefined],
    ["wrong", "{}"],
    ["empty", '{"keys":[]}'],
  ])("keeps the last good set when the file is %s", async (_name, text) => {
    const { file, source, keyIds, lines } = await rig();
    file.write(PATH, text);
    await settle();
    expect([keyIds(), source.figures.revision]).toEqual([["one"], 1]);
    expect(lines.at(-1)).toMatch(/error key set refused.*(can not be read|no array|no key)/);
    file.write(PATH, two);
    await settle();
    expect(keyIds()).toEqual(["two"]);
  });

  it("ends with the last content when changes overtake a slow read", async () => {
    const { file, keyIds } = await rig();
    const release = file.holdReads();
    file.write(PATH, "{}");
    file.write(PATH, two);
    file.write(PATH, two);
    release();
    await settle();
    expect(keyIds()).toEqual(["two"]);
    expect(file.reads).toBe(3); // start, the slow one, and one for all later changes
  });

  it("does not read because a token names an unknown key", async () => {
    const { file, source } = await rig();
    for (let miss = 0; miss < 1_000; miss++) source.missed();
    await settle();
    expect(file.reads).toBe(1);
  });

  it("watches no more once stopped", async () => {
    const { file, source, keyIds } = await rig();
    source.stop();
    file.write(PATH, two);
    await settle();
    expect([keyIds(), file.watched(PATH)]).toEqual([["one"], 0]);
  });

  it("takes nothing from a read that ends after it was stopped", async () => {
    const { file, source, keyIds } = await rig();
    const release = file.holdReads();
    file.write(PATH, two);
    source.stop();
    release();
    await settle();
    expect([keyIds(), file.reads]).toEqual([["one"], 2]);
  });
});
