/**
 * A dead or hostile provider of keys on a real socket: the last good set stays, no Check waits, no token
 * of its making counts.
 */
import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { httpsClient } from "../../src/host/https-client.ts";
import { HttpsKeySource } from "../../src/identity/https-key-source.ts";
import { handClock } from "../support/hand-clock.ts";
import {
  answerJson,
  type Certificate,
  type KeyAnswer,
  makeCertificate,
  startKeyServer,
} from "../support/key-server.ts";
import { memoryLog } from "../support/key-sources.ts";
import { createIssuer, type TestIssuer, userClaims } from "../support/tokens.ts";
import { reasonOf, verifierAt } from "../support/verifier.ts";
import { waitUntil } from "../support/wait-until.ts";

let certificate: Certificate;
let provider: Awaited<ReturnType<typeof startKeyServer>>;
let users: TestIssuer;
let attacker: TestIssuer;
const opened: HttpsKeySource[] = [];

beforeAll(async () => {
  certificate = makeCertificate("DNS:localhost,IP:127.0.0.1");
  provider = await startKeyServer(certificate);
  users = await createIssuer({ kid: "good" });
  attacker = await createIssuer({ kid: "evil" });
});
afterEach(() => {
  for (const source of opened.splice(0)) source.stop();
});
afterAll(() => provider.close());

function sourceOf(url: string, change: { readonly caPem?: string } = {}) {
  const clock = handClock();
  const { log, lines } = memoryLog();
  const random = { bytes: () => new Uint8Array(), float: () => 0.5, uuid: () => "" };
  const source = new HttpsKeySource(
    {
      url,
      issuer: users.name,
      caPem: change.caPem ?? certificate.certPem,
      allowPrivate: true,
      staleMsMax: 86_400_000,
      kept: undefined,
      hold: undefined,
      log,
    },
    { clock, http: httpsClient, random },
  );
  opened.push(source);
  const attempts = () => [...source.figures.refreshes.values()].reduce((sum, one) => sum + one, 0);
  /** One more regular visit, and its end. */
  const visit = async () => {
    const before = attempts();
    clock.advance(600_000);
    await waitUntil("the end of a visit", () => attempts() > before);
  };
  return { source, clock, lines, visit };
}

/** A source with the good set, and a verifier that uses it. */
async function loaded() {
  provider.script.answer = answerJson(users.jwks());
  const rig = sourceOf(provider.url);
  await rig.source.start();
  const verifying = verifierAt(rig.clock, { issuer: users, change: { keys: rig.source } });
  return { ...rig, ...verifying };
}

const status = (code: number, headers: Record<string, string>, body = ""): KeyAnswer => {
  return (response) => void response.writeHead(code, headers).end(body);
};
const JSON_TYPE = { "content-type": "application/json" };

/** Writes until the other side has enough. */
function flood(response: ServerResponse, bytes: number): void {
  let left = bytes;
  response.writeHead(200, JSON_TYPE);
  const pump = () => {
    while (left > 0 && !response.destroyed) {
      left -= 65_536;
      if (!response.write(" ".repeat(65_536))) return;
    }
    response.end();
  };
  response.on("drain", pump);
  pump();
}

const withEvil = (...keys: readonly object[]) => ({ keys: [...keys] });

describe("T21, ID-06, ID-07, ID-08: after a good set", () => {
  it.each<[string, string, () => KeyAnswer]>([
    ["a redirect", "redirect", () => status(302, { location: provider.url })],
    ["a redirect loop", "redirect", () => status(308, { location: "/keys" })],
    ["HTML", "content_type", () => status(200, { "content-type": "text/html" }, "<html></html>")],
    ["HTML that says it is JSON", "document", () => status(200, JSON_TYPE, "<html></html>")],
    ["status 500", "status", () => status(500, JSON_TYPE, "{}")],
    ["nothing", "document", () => status(200, JSON_TYPE)],
    ["an empty set", "document", () => answerJson({ keys: [] })],
    ["an answer that breaks off", "connect", () => (response) => void response.destroy()],
    ["100 MB", "too_large", () => (response) => flood(response, 100_000_000)],
    ["an endless answer", "too_large", () => (response) => flood(response, Infinity)],
    [
      "compressed text",
      "encoding",
      () => status(200, { ...JSON_TYPE, "content-encoding": "gzip" }, "x"),
    ],
    [
      "private keys only",
      "document",
      () => answerJson(withEvil({ ...attacker.publicJwk, d: "AAAA" })),
    ],
    ["symmetric keys only", "document", () => answerJson(withEvil({ kty: "oct", k: "AAAA" }))],
    [
      "one key id twice only",
      "document",
      () => answerJson(withEvil(attacker.publicJwk, { ...attacker.publicJwk, use: "sig" })),
    ],
    [
      "a repeated member",
      "document",
      () => status(200, JSON_TYPE, `{"keys":[],"keys":[${JSON.stringify(attacker.publicJwk)}]}`),
    ],
  ])("%s changes nothing (%s)", async (_name, result, answer) => {
    const { source, visit, verify, verifier } = await loaded();
    const token = await users.sign(userClaims());
    await verify(token);
    provider.script.answer = answer();
    await visit();
    expect(source.figures.refreshes).toEqual(
      new Map([
        ["ok", 1],
        [result, 1],
      ]),
    );
    expect(await reasonOf(verify(token))).toContain("accepted");
    expect(verifier.known(token)).toBeDefined();
    expect(await reasonOf(verify(await attacker.sign(userClaims())))).toBe("identity.key_unknown");
  });

  it("T21, ID-03: a slow answer makes no Check wait", async () => {
    const { source, clock, verify } = await loaded();
    const asked = Promise.withResolvers<void>();
    provider.script.answer = () => asked.resolve(); // and never a byte
    clock.advance(600_000);
    await asked.promise;
    expect(await reasonOf(verify(await users.sign(userClaims())))).toContain("accepted");
    expect(source.current).toBeDefined();
  });

  it("T21: a key that is refused beside good ones verifies nothing and raises an alarm", async () => {
    const { visit, verify, lines, source } = await loaded();
    const leaked = { ...attacker.publicJwk, d: "AAAA" };
    provider.script.answer = answerJson({ keys: [...users.jwks().keys, leaked] });
    await visit();
    expect(await reasonOf(verify(await attacker.sign(userClaims())))).toBe("identity.key_unknown");
    expect(lines.join()).toContain("error the key set holds keys that must be withdrawn");
    expect(source.figures.rejected).toEqual(new Map([["private_key", 1]]));
  });
});

describe("T22, ID-05: 10,000 tokens with key ids of their own", () => {
  it("bring one visit in five seconds and no other", async () => {
    const { source, clock, verify } = await loaded();
    const before = provider.requests();
    const payload = JSON.stringify({ iss: users.name, aud: users.audience, sub: "x", exp: 9e9 });
    for (let at = 0; at < 10_000; at++) {
      const token = users.signTexts(`{"alg":"ES256","kid":"bogus-${at}"}`, payload);
      expect(await reasonOf(verify(token))).toBe("identity.key_unknown");
    }
    expect(provider.requests()).toBe(before);
    clock.advance(5_000);
    await waitUntil("the visit", () => source.figures.refreshes.get("ok") === 2);
    expect(provider.requests()).toBe(before + 1);
    clock.advance(5_000);
    expect(provider.requests()).toBe(before + 1);
  });
});

describe("ID-08: without a proven name", () => {
  it.each<[string, () => Certificate, (url: string) => string]>([
    ["another host", () => makeCertificate("DNS:other.example"), (url) => url],
    ["an expired certificate", () => makeCertificate("DNS:localhost", true), (url) => url],
  ])("%s gives no keys", async (_name, make, urlOf) => {
    const own = make();
    const server = await startKeyServer(own);
    server.script.answer = answerJson(users.jwks());
    const { source } = sourceOf(urlOf(server.url), { caPem: own.certPem });
    await source.start();
    expect(source.figures.refreshes).toEqual(new Map([["tls", 1]]));
    expect([source.current, server.requests()]).toEqual([undefined, 0]);
    await server.close();
  });

  it("nor does a certificate that nobody trusts", async () => {
    const { source } = sourceOf(provider.url, { caPem: makeCertificate("DNS:a.example").certPem });
    await source.start();
    expect(source.figures.refreshes).toEqual(new Map([["tls", 1]]));
  });
});

describe("ID-01: a provider that is down at start", () => {
  it("answers at once that there are no keys, and asks for none on the way", async () => {
    const gone = await startKeyServer(certificate);
    await gone.close();
    const { source, clock } = sourceOf(gone.url);
    const { verify } = verifierAt(clock, { issuer: users, change: { keys: source } });
    const token = await users.sign(userClaims());
    expect(await reasonOf(verify(token))).toBe("identity.keys_unavailable");
    await source.start();
    expect(source.figures.refreshes).toEqual(new Map([["connect", 1]]));
    expect(await reasonOf(verify(token))).toBe("identity.keys_unavailable");
    expect(source.figures.refreshes).toEqual(new Map([["connect", 1]]));
  });
});

describe("ID-04: rotation under load", () => {
  it("refuses no token of the old or the new key while both may be met", async () => {
    const next = await createIssuer({ kid: "next" });
    const { visit, clock, verify } = await loaded();
    const reasons: string[] = [];
    const ask = async (signer: TestIssuer) => {
      const nowS = Math.floor(clock.unixMs() / 1_000);
      const tokens = await Promise.all(
        Array.from({ length: 20 }, () => signer.sign(userClaims(), { nowS })),
      );
      reasons.push(...(await Promise.all(tokens.map((token) => reasonOf(verify(token))))));
    };
    await ask(users);
    provider.script.answer = answerJson({ keys: [...users.jwks().keys, ...next.jwks().keys] });
    await Promise.all([visit(), ask(users)]);
    await Promise.all([ask(users), ask(next)]);
    provider.script.answer = answerJson(next.jwks());
    await Promise.all([visit(), ask(users)]);
    await Promise.all([ask(users), ask(next)]); // the old one lingers for a minute
    expect(reasons.filter((reason) => !reason.startsWith("accepted"))).toEqual([]);
    clock.advance(60_000);
    const late = await users.sign(userClaims(), { nowS: Math.floor(clock.unixMs() / 1_000) });
    expect(await reasonOf(verify(late))).toBe("identity.key_unknown");
  });
});
