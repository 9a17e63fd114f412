/** Shared secrets: what can be guessed stops the start; what can not verifies HS256 and nothing else. */
import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/domain/errors.ts";
import { identitySchema } from "../../../src/identity/config.ts";
import { openIssuers } from "../../../src/identity/open-issuers.ts";
import { admitSecret } from "../../../src/identity/shared-secret.ts";
import { handClock } from "../../support/hand-clock.ts";
import { memoryFiles, memoryLog, scriptedHttp, settle } from "../../support/key-sources.ts";
import { base64url, userClaims } from "../../support/tokens.ts";
import { reasonOf, verifierAt } from "../../support/verifier.ts";

const SECRET = "x7Qm0f2LrT9vKd3ZsWp8Yb1NcJ6gHe4U";
const NOW_S = 1_764_000_000;

describe("T7: a weak secret stops the start", () => {
  it.each([
    ["nothing", "", "fewer than 32 bytes"],
    ["a blank", " ", "fewer than 32 bytes"],
    ["31 bytes", SECRET.slice(1), "fewer than 32 bytes"],
    ["31 bytes and a line end", `${SECRET.slice(1)}\n`, "fewer than 32 bytes"],
    ["SARK's default", "dev-secret-key-change-in-production-min-32-chars", "looks like a default"],
    ["a well-known default", "your-256-bit-secret-your-256-bit-secret", "looks like a default"],
    ["a request to change it", "CHANGE_ME_CHANGE_ME_0123456789_abc", "looks like a default"],
    ["one byte", "\0".repeat(64), "too easy to guess"],
    ["a repeated word", "correcthorse".repeat(4), "too easy to guess"],
    ["a repeated random part", SECRET.slice(0, 20).repeat(2), "too easy to guess"],
    ["the alphabet", "abcdefghijklmnopqrstuvwxyz0123456789", "too easy to guess"],
    ["two letters", "abbabaababbabababbabaabbabababbabaab", "too easy to guess"],
  ])("%s", (_name, text, problem) => {
    expect(() => admitSecret(Buffer.from(text))).toThrow(problem);
  });

  it("and its message has nothing of it", async () => {
    const files = memoryFiles({ secret: `secret-${SECRET}` }).files;
    const error = await open(files).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toEqual([
      "secret: looks like a default; give at least 32 random bytes, such as the output of openssl rand -base64 32",
    ]);
  });

  it.each([
    ["32 random bytes", () => randomBytes(32)],
    ["hexadecimal digits", () => Buffer.from(randomBytes(32).toString("hex"))],
    ["base64 with a line end", () => Buffer.from(`${randomBytes(32).toString("base64")}\n`)],
  ])("but %s are fine", (_name, make) => {
    for (let time = 0; time < 200; time++) expect(admitSecret(make()).keys).toHaveLength(1);
  });
});

function open(files: ReturnType<typeof memoryFiles>["files"], change: object = {}) {
  const clock = handClock(NOW_S * 1_000);
  const random = { bytes: () => new Uint8Array(), float: () => 0.5, uuid: () => "" };
  const entry = {
    issuer: "sark-auth",
    kind: "user",
    audience: "sark-api",
    algorithms: ["HS256"],
    shared_secret_file: "secret",
    ...change,
  };
  return openIssuers({
    entries: identitySchema.parse({ issuers: [entry] }).issuers,
    surroundings: { clock, random, http: scriptedHttp(new Error("unused")).http, files },
    log: memoryLog().log,
    hold: () => () => undefined,
    keys: { staleMsMax: 1, keptFolder: undefined },
    isOnline: true,
  });
}

async function rig(change: object = {}) {
  const file = memoryFiles({ secret: `${SECRET}\n` });
  const [issuer] = await open(file.files, change);
  if (issuer === undefined) throw new Error("no issuer");
  const named = { name: issuer.name, audience: "sark-api", jwks: () => ({ keys: [] }) };
  const verifying = verifierAt(handClock(NOW_S * 1_000), { issuer: named, change: issuer });
  return { file, ...verifying };
}

function minted(secret: string | Buffer, header: object = {}, claims: object = {}): string {
  const times = { iat: NOW_S, exp: NOW_S + 60 };
  const payload = { iss: "sark-auth", aud: "sark-api", ...times, ...userClaims(), ...claims };
  const parts = [{ alg: "HS256", typ: "JWT", ...header }, payload];
  const input = parts.map((part) => base64url(JSON.stringify(part))).join(".");
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

describe("a token under a shared secret", () => {
  it("is accepted", async () => {
    const { verify } = await rig();
    expect(await reasonOf(verify(minted(SECRET)))).toContain("accepted");
  });

  it.each<[string, string, string]>([
    ["T7: with a blank secret", minted(Buffer.alloc(0)), "identity.signature"],
    ["T7: with the secret's file content", minted(`${SECRET}\n`), "identity.signature"],
    ["T7: with another secret", minted(SECRET.toLowerCase()), "identity.signature"],
    ["T7: with a cut signature", minted(SECRET).slice(0, -2), "identity.malformed"],
    ["with another algorithm", minted(SECRET, { alg: "HS512" }), "identity.alg_refused"],
    ["with an asymmetric algorithm", minted(SECRET, { alg: "RS256" }), "identity.alg_refused"],
    ["with a kid", minted(SECRET, { kid: "k1" }), "identity.key_unknown"],
    ["without iss", minted(SECRET, {}, { iss: undefined }), "identity.issuer_unknown"],
  ])("%s is refused", async (_name, token, reason) => {
    const { verify } = await rig();
    expect(await reasonOf(verify(token))).toBe(reason);
  });

  it("may lack iss where the entry says so, and only lack it", async () => {
    const { verify } = await rig({ accept_missing_iss: true });
    const verdict = (iss: unknown) => reasonOf(verify(minted(SECRET, {}, { iss })));
    expect(await verdict(undefined)).toContain("accepted");
    expect(await verdict("sark-auth")).toContain("accepted");
    for (const iss of [null, "", "other", 7]) {
      expect(await verdict(iss)).toBe("identity.issuer_unknown");
    }
  });

  it("counts no more once the secret was replaced, and a bad file replaces nothing", async () => {
    const { file, verify, verifier } = await rig();
    const token = minted(SECRET);
    await verify(token);
    file.write("secret", "short");
    await settle();
    expect(verifier.known(token)).toBeDefined();
    const next = SECRET.split("").reverse().join("");
    file.write("secret", next);
    await settle();
    expect(verifier.known(token)).toBeUndefined();
    expect(await reasonOf(verify(token))).toBe("identity.signature");
    expect(await reasonOf(verify(minted(next)))).toContain("accepted");
  });
});
