/** Token verifier: each token is verified once, by the issuer's present keys, and known afterwards. */
import { beforeAll, describe, expect, it } from "vitest";
import { DenyError, UnavailableError } from "../../../src/domain/errors.ts";
import {
  agentClaims,
  createIssuer,
  type TestAlgorithm,
  type TestIssuer,
  userClaims,
} from "../../support/tokens.ts";
import { keySet, reasonOf, verifierFor } from "../../support/verifier.ts";

let users: TestIssuer;
beforeAll(async () => {
  users = await createIssuer();
});

describe("algorithms", () => {
  it.each<TestAlgorithm>(["RS256", "PS256", "ES256", "ES384", "EdDSA"])("%s", async (algorithm) => {
    const issuer = await createIssuer({ algorithm });
    const { verify } = verifierFor({ issuer });
    expect((await verify(await issuer.sign(userClaims()))).principal.id).toBe("alice");
  });
});

it("gives the facts of the signature, frozen", async () => {
  const { verify, sets } = verifierFor({ issuer: users });
  const claims = userClaims({ aud: ["other", "sark-api"], jti: "j1", nbf: 1_763_999_999 });
  const verified = await verify(await users.sign(claims));
  expect(verified).toMatchObject({
    audiences: ["other", "sark-api"],
    expiresAtS: 1_764_003_600,
    notBeforeS: 1_763_999_999,
    revocable: { tokenId: "j1", keyId: "k1", subject: "alice", issuedAtS: 1_764_000_000 },
    keyThumbprint: sets.get(users.name)?.keys[0]?.thumbprint,
  });
  for (const value of [verified, verified.principal, verified.audiences]) {
    expect(Object.isFrozen(value)).toBe(true);
  }
});

describe("known tokens", () => {
  it("are known after the verification, as the same object", async () => {
    const { verifier, verify } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    expect(verifier.known(token)).toBeUndefined();
    const verified = await verify(token);
    expect(verifier.known(token)).toBe(verified);
    expect(verifier.figures).toMatchObject({ entries: 1, hits: 1, misses: 1 });
  });

  it("do not vouch for another spelling or another signature", async () => {
    const { verifier, verify } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    await verify(token);
    expect(verifier.known(`${token} `)).toBeUndefined();
    expect(verifier.known(await users.sign(userClaims()))).toBeUndefined(); // ECDSA is randomised
  });

  it("are no longer known once expired, and the reason is told", async () => {
    const { verifier, verify, clock } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims(), { expiresInS: 60 });
    await verify(token);
    clock.advance(60_000);
    expect(verifier.known(token)).toBeUndefined();
    expect(await reasonOf(verify(token))).toContain("accepted"); // in its grace time
    expect(verifier.known(token)).toBeUndefined();
    clock.advance(30_000);
    expect(await reasonOf(verify(token))).toBe("identity.expired");
  });

  it("never come from a refused one", async () => {
    const { verifier, verify } = verifierFor({ issuer: users });
    const token = await users.sign({ ...userClaims(), aud: "other" });
    expect(await reasonOf(verify(token))).toBe("identity.audience");
    expect(verifier.known(token)).toBeUndefined();
    expect(verifier.figures.entries).toBe(0);
  });

  it("are forgotten when told to", async () => {
    const { verifier, verify } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    await verify(token);
    verifier.clear();
    expect(verifier.known(token)).toBeUndefined();
  });
});

describe("keys", () => {
  it("that are not loaded are a failure of the service", async () => {
    const { verify, sets } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    sets.set(users.name, undefined);
    const error = await verify(token).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ reason: "identity.keys_unavailable" });
  });

  it("that rotate are taken at once, and withdrawn ones end the tokens they verified", async () => {
    const next = await createIssuer({ kid: "k2" });
    const { verifier, verify, sets } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    await verify(token);
    sets.set(users.name, keySet({ keys: [...users.jwks().keys, ...next.jwks().keys] }));
    expect(verifier.known(token)).toBeDefined();
    expect(await reasonOf(verify(await next.sign(userClaims())))).toContain("accepted");
    sets.set(users.name, keySet(next.jwks()));
    expect(verifier.known(token)).toBeUndefined();
    expect(await reasonOf(verify(token))).toBe("identity.key_unknown");
  });

  it("that are unknown make the source look again; those of another algorithm do not", async () => {
    const { verify, missed } = verifierFor({ issuer: users });
    const stranger = await createIssuer({ kid: "k9" });
    expect(await reasonOf(verify(await stranger.sign(userClaims())))).toBe("identity.key_unknown");
    expect(missed()).toBe(1);
    const other = await createIssuer({ algorithm: "EdDSA" });
    expect(await reasonOf(verify(await other.sign(userClaims())))).toBe("identity.alg_refused");
    expect(missed()).toBe(1);
  });

  it("need no kid where one fits, and one where two fit", async () => {
    const { verify, sets } = verifierFor({ issuer: users });
    const sign = () => users.sign(userClaims(), { header: { kid: undefined } });
    expect(await reasonOf(verify(await sign()))).toContain("accepted");
    const second = await createIssuer({ kid: "k2" });
    sets.set(users.name, keySet({ keys: [...users.jwks().keys, ...second.jwks().keys] }));
    expect(await reasonOf(verify(await sign()))).toBe("identity.key_unknown");
  });
});

describe("many at once", () => {
  it("share one verification when they are equal", async () => {
    const { verifier, verify } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    const first = verify(token);
    expect(verify(token)).toBe(first);
    expect(verifier.figures.verificationsInFlight).toBe(1);
    await first;
    expect(verifier.figures.verificationsInFlight).toBe(0);
  });

  it("ID-13: are 64 at most, and the rest wait for their turn", async () => {
    const { verifier, verify } = verifierFor({ issuer: users });
    const tokens = await Promise.all(Array.from({ length: 200 }, () => users.sign(userClaims())));
    const all = tokens.map((token) => reasonOf(verify(token)));
    expect(verifier.figures).toMatchObject({
      verificationsInFlight: 64,
      verificationsWaiting: 136,
    });
    for (const reason of await Promise.all(all)) expect(reason).toContain("accepted");
    expect(verifier.figures).toMatchObject({ verificationsInFlight: 0, verificationsWaiting: 0 });
    expect(verifier.figures.checks).toEqual(new Map([["accepted", 200]]));
  });

  it("ID-13: whose turn does not come before their deadline are shed", async () => {
    const { verifier, clock } = verifierFor({ issuer: users });
    const tokens = await Promise.all(Array.from({ length: 66 }, () => users.sign(userClaims())));
    const deadlineMs = clock.monotonicMs() + 140;
    const all = tokens.map((token) => reasonOf(verifier.verify(token, deadlineMs)));
    clock.advance(140);
    const reasons = await Promise.all(all);
    expect(reasons.filter((reason) => reason.startsWith("accepted"))).toHaveLength(64);
    expect(reasons.slice(64)).toEqual(["engine.overloaded", "engine.overloaded"]);
    const later = verifier.verify(tokens.at(-1) ?? "", Number.POSITIVE_INFINITY);
    expect(await reasonOf(later)).toContain("accepted");
    expect(verifier.figures.checks).toEqual(
      new Map([
        ["accepted", 65],
        ["overloaded", 2],
      ]),
    );
  });

  it("do not keep a place after a refusal", async () => {
    const { verifier, verify } = verifierFor({ issuer: users });
    for (let at = 0; at < 100; at++) {
      expect(await reasonOf(verify(`${"a".repeat(40)}${at}`))).toBe("identity.malformed");
    }
    expect(verifier.figures.verificationsInFlight).toBe(0);
  });
});

it("hashes ids only with the function it was given", async () => {
  const { verify } = verifierFor({ issuer: users });
  expect((await verify(await users.sign(userClaims()))).principal.hash).toBeUndefined();
});

it("refuses every token of an issuer that signs for the other kind", async () => {
  const agents = await createIssuer({ issuer: "sark-agent-auth", audience: "sark-a2a" });
  const { verify } = verifierFor({ issuer: users }, { issuer: agents, kind: "agent" });
  expect(await reasonOf(verify(await users.sign(agentClaims())))).toBe("identity.claims");
  expect(await reasonOf(verify(await agents.sign(userClaims())))).toBe("identity.claims");
});

it("answers faults of a token with a refusal that names no part of it", async () => {
  const { verify } = verifierFor({ issuer: users });
  const token = await users.sign(userClaims({ sub: " secret-subject" }));
  const error = await verify(token).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DenyError);
  expect(String(error)).toBe("DenyError: identity.claims: sub");
});
