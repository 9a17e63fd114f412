/** A revocation list is read in one way or refused as a whole, and is never mistaken for a token. */
import { describe, expect, it } from "vitest";
import { readCompactToken } from "../../../src/identity/compact-token.ts";
import {
  documentText,
  readDocument,
  renewedAtMs,
} from "../../../src/identity/revocation-document.ts";
import { RevocationListError } from "../../../src/identity/revocation-entry.ts";
import { openList, readSigner, signList } from "../../../src/identity/revocation-signature.ts";
import { listSigner, listText, signedList } from "../../support/revocations.ts";
import { createIssuer } from "../../support/tokens.ts";

const ISSUED_MS = 1_764_000_000_123;
const UNTIL = 1_764_009_999;
const good = { kind: "sub", value: "alice", until: UNTIL };
const list = (entry: unknown) =>
  `{"sequence":1,"issued_at":1764000000,"full":true,"entries":[${JSON.stringify(entry)}]}`;

describe("the document", () => {
  it("is written as it is read", () => {
    const text = listText({ sequence: 7, issuedAtMs: ISSUED_MS, entries: [good] });
    const document = readDocument(Buffer.from(text));
    expect(document).toMatchObject({ sequence: 7, issuedAtMs: ISSUED_MS, isFull: true });
    expect(documentText(document)).toBe(text);
  });

  it.each([
    ["no JSON", "x"],
    ["an array", "[]"],
    ["a repeated member", '{"sequence":1,"sequence":2,"issued_at":1,"full":true,"entries":[]}'],
    ["a repeated member of an entry", list(good).replace('"value"', '"until":1,"value"')],
    ["another case", '{"Sequence":1,"issued_at":1,"full":true,"entries":[]}'],
    ["an unknown member", '{"sequence":1,"issued_at":1,"full":true,"entries":[],"x":1}'],
    ["a missing member", '{"sequence":1,"issued_at":1,"full":true}'],
    ["sequence 0", '{"sequence":0,"issued_at":1,"full":true,"entries":[]}'],
    ["a broken sequence", '{"sequence":1.5,"issued_at":1,"full":true,"entries":[]}'],
    ["a text as sequence", '{"sequence":"1","issued_at":1,"full":true,"entries":[]}'],
    ["issued_at 0", '{"sequence":1,"issued_at":0,"full":true,"entries":[]}'],
    ["full as text", '{"sequence":1,"issued_at":1,"full":"true","entries":[]}'],
    ["entries as object", '{"sequence":1,"issued_at":1,"full":true,"entries":{}}'],
    ["a text as entry", list("alice")],
    ["an unknown kind", list({ ...good, kind: "subject" })],
    ["an unknown member of an entry", list({ ...good, notbefore: 1 })],
    ["__proto__ in an entry", list(good).replace('"value"', '"__proto__":1,"value"')],
    ["an empty value", list({ ...good, value: "" })],
    ["a control character", list({ ...good, value: "a\u0000b" })],
    ["a long value", list({ ...good, value: "a".repeat(257) })],
    ["a number as value", list({ ...good, value: 1 })],
    ["no until", list({ kind: "sub", value: "alice" })],
    ["a broken until", list({ ...good, until: 1.5 })],
    ["not_before without sub", list({ ...good, kind: "jti", not_before: 1 })],
    ["a short digest", list({ ...good, kind: "token_sha256", value: "ab" })],
    ["a digest with spare bits", list({ ...good, kind: "token_sha256", value: "B".repeat(43) })],
    ["the issuer of an API key", list({ ...good, kind: "api_key", iss: "x" })],
    ["an empty issuer", list({ ...good, iss: "" })],
  ])("is refused with %s", (_name, text) => {
    expect(() => readDocument(Buffer.from(text))).toThrow(RevocationListError);
  });

  it("is bounded in entries and bytes", () => {
    const entries = Array.from({ length: 100_001 }, () => good);
    const text = listText({ sequence: 1, issuedAtMs: ISSUED_MS, entries });
    expect(() => readDocument(Buffer.from(text))).toThrow(/100000 entries/);
    expect(() => readDocument(Buffer.alloc(16_777_217, 0x20))).toThrow(/bytes/);
  });
});

describe("a heartbeat", () => {
  const at = (issuedAtMs: number, change = {}) =>
    Buffer.from(listText({ sequence: 7, issuedAtMs, entries: [good], ...change }));

  it("is known by everything but the time being the same", () => {
    expect(renewedAtMs(at(ISSUED_MS), at(1_000))).toBe(ISSUED_MS);
  });

  it.each([
    ["another number", at(ISSUED_MS, { sequence: 8 })],
    ["other entries", at(ISSUED_MS, { entries: [] })],
    ["a change", at(ISSUED_MS, { full: false })],
    ["another spelling", Buffer.from(` ${at(ISSUED_MS).toString()}`)],
  ])("is read anew with %s", (_name, bytes) => {
    expect(renewedAtMs(bytes, at(1_000))).toBeUndefined();
    expect(renewedAtMs(bytes, undefined)).toBeUndefined();
  });
});

describe("the signature", () => {
  const content = { sequence: 1, issuedAtMs: ISSUED_MS };

  it.each(["EdDSA", "ES256"] as const)("is verified with %s", async (algorithm) => {
    const signer = listSigner(algorithm);
    const opened = await openList(signedList(content, signer), signer.keys);
    expect(opened.toString()).toBe(listText(content));
  });

  it("is refused of another key, of an unknown key id and of another algorithm", async () => {
    const signer = listSigner();
    const { keys } = listSigner();
    await expect(openList(signedList(content, signer), keys)).rejects.toThrow(/does not fit/);
    const renamed = { ...signer, keyId: "r2" };
    await expect(openList(signedList(content, renamed), signer.keys)).rejects.toThrow(/no single/);
    const ec = listSigner("ES256");
    await expect(openList(signedList(content, ec), signer.keys)).rejects.toThrow(/no single/);
  });

  it("stands around no token, and no token around a list", async () => {
    const signer = listSigner();
    const issuer = await createIssuer({ algorithm: "EdDSA", kid: "r1" });
    await expect(openList(await issuer.sign({ sub: "alice" }), signer.keys)).rejects.toThrow(
      /header/,
    );
    const { header } = readCompactToken(signedList(content, signer));
    expect(header["typ"]).toBe("sark-authz-revocations+jws");
  });

  it.each([
    ["four segments", (text: string) => `${text}.x`],
    ["two segments", (text: string) => text.slice(0, text.lastIndexOf("."))],
    ["padding", (text: string) => `${text}=`],
    ["a blank", (text: string) => text.replace(".", " .")],
    ["an empty signature", (text: string) => text.slice(0, text.lastIndexOf(".") + 1)],
  ])("is refused with %s", async (_name, change) => {
    const signer = listSigner();
    const text = change(signedList(content, signer));
    await expect(openList(text, signer.keys)).rejects.toBeInstanceOf(RevocationListError);
  });

  it.each([
    ["typ", { alg: "EdDSA", kid: "r1", typ: "JWT" }],
    ["no typ", { alg: "EdDSA", kid: "r1" }],
    ["alg none", { alg: "none", kid: "r1", typ: "sark-authz-revocations+jws" }],
    ["crit", { alg: "EdDSA", kid: "r1", typ: "sark-authz-revocations+jws", crit: [] }],
    ["jwk", { alg: "EdDSA", kid: "r1", typ: "sark-authz-revocations+jws", jwk: {} }],
  ])("is refused with the header's %s", async (_name, header) => {
    const signer = listSigner();
    const [, payload, signature] = signList(listText(content), signer).split(".");
    const text = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${payload}.${signature}`;
    await expect(openList(text, signer.keys)).rejects.toThrow(/header/);
  });

  it("is made by a private key that says what it is", () => {
    const { key } = listSigner();
    const jwk = { ...key.export({ format: "jwk" }), kid: "r1", alg: "EdDSA" };
    const bytes = (value: object) => Buffer.from(JSON.stringify(value));
    expect(readSigner(bytes(jwk))).toMatchObject({ keyId: "r1", algorithm: "EdDSA" });
    for (const wrong of [{ ...jwk, alg: "ES256" }, { ...jwk, kid: "" }, { ...jwk, d: "" }, {}]) {
      expect(() => readSigner(bytes(wrong))).toThrow(RevocationListError);
    }
  });
});
