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
    const { verifier } = verifierFor({ issuer });
    expect((await verifier.verify(await issuer.sign(userClaims()))).principal.id).toBe("alice");
  });
});

it("gives the facts of the signature, frozen", async () => {
  const { verifier, sets } = verifierFor({ issuer: users });
  const claims = userClaims({ aud: ["other", "sark-api"], jti: "j1", nbf: 1_763_999_999 });
  const verified = await verifier.verify(await users.sign(claims));
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
    const { verifier } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    expect(verifier.known(token)).toBeUndefined();
    const verified = await verifier.verify(token);
    expect(verifier.known(token)).toBe(verified);
    expect(verifier.figures).toMatchObject({ entries: 1, hits: 1, misses: 1 });
  });

  it("do not vouch for another spelling or another signature", async () => {
    const { verifier } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    await verifier.verify(token);
    expect(verifier.known(`${token} `)).toBeUndefined();
    expect(verifier.known(await users.sign(userClaims()))).toBeUndefined(); // ECDSA is randomised
  });

  it("are no longer known once expired, and the reason is told", async () => {
    const { verifier, clock } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims(), { expiresInS: 60 });
    await verifier.verify(token);
    clock.advance(60_000);
    expect(verifier.known(token)).toBeUndefined();
    expect(await reasonOf(verifier.verify(token))).toContain("accepted"); // in its grace time
    expect(verifier.known(token)).toBeUndefined();
    clock.advance(30_000);
    expect(await reasonOf(verifier.verify(token))).toBe("identity.expired");
  });

  it("never come from a refused one", async () => {
    const { verifier } = verifierFor({ issuer: users });
    const token = await users.sign({ ...userClaims(), aud: "other" });
    expect(await reasonOf(verifier.verify(token))).toBe("identity.audience");
    expect(verifier.known(token)).toBeUndefined();
    expect(verifier.figures.entries).toBe(0);
  });

  it("are forgotten when told to", async () => {
    const { verifier } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    await verifier.verify(token);
    verifier.clear();
    expect(verifier.known(token)).toBeUndefined();
  });
});

describe("keys", () => {
  it("that are not loaded are a failure of the service", async () => {
    const { verifier, sets } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    sets.set(users.name, undefined);
    const error = await verifier.verify(token).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ reason: "identity.keys_unavailable" });
  });

  it("that rotate are taken at once, and withdrawn ones end the tokens they verified", async () => {
    const next = await createIssuer({ kid: "k2" });
    const { verifier, sets } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    await verifier.verify(token);
    sets.set(users.name, keySet({ keys: [...users.jwks().keys, ...next.jwks().keys] }));
    expect(verifier.known(token)).toBeDefined();
    expect(await reasonOf(verifier.verify(await next.sign(userClaims())))).toContain("accepted");
    sets.set(users.name, keySet(next.jwks()));
    expect(verifier.known(token)).toBeUndefined();
    expect(await reasonOf(verifier.verify(token))).toBe("identity.key_unknown");
  });

  it("that are unknown make the source look again; those of another algorithm do not", async () => {
    const { verifier, missed } = verifierFor({ issuer: users });
    const stranger = await createIssuer({ kid: "k9" });
    expect(await reasonOf(verifier.verify(await stranger.sign(userClaims())))).toBe(
      "identity.key_unknown",
    );
    expect(missed()).toBe(1);
    const other = await createIssuer({ algorithm: "EdDSA" });
    expect(await reasonOf(verifier.verify(await other.sign(userClaims())))).toBe(
      "identity.alg_refused",
    );
    expect(missed()).toBe(1);
  });

  it("need no kid where one fits, and one where two fit", async () => {
    const { verifier, sets } = verifierFor({ issuer: users });
    const sign = () => users.sign(userClaims(), { header: { kid: undefined } });
    expect(await reasonOf(verifier.verify(await sign()))).toContain("accepted");
    const second = await createIssuer({ kid: "k2" });
    sets.set(users.name, keySet({ keys: [...users.jwks().keys, ...second.jwks().keys] }));
    expect(await reasonOf(verifier.verify(await sign()))).toBe("identity.key_unknown");
  });
});

describe("many at once", () => {
  it("share one verification when they are equal", async () => {
    const { verifier } = verifierFor({ issuer: users });
    const token = await users.sign(userClaims());
    const first = verifier.verify(token);
    expect(verifier.verify(token)).toBe(first);
    expect(verifier.figures.verificationsInFlight).toBe(1);
    await first;
    expect(verifier.figures.verificationsInFlight).toBe(0);
  });

  it("are 64 at most, and the next ones are shed", async () => {
    const { verifier } = verifierFor({ issuer: users });
    const tokens = await Promise.all(Array.from({ length: 65 }, () => users.sign(userClaims())));
    const reasons = await Promise.all(tokens.map((token) => reasonOf(verifier.verify(token))));
    expect(reasons.filter((reason) => reason.startsWith("accepted"))).toHaveLength(64);
    expect(reasons.at(-1)).toBe("engine.overloaded");
    expect(await reasonOf(verifier.verify(tokens.at(-1) ?? ""))).toContain("accepted");
  });

  it("do not keep a place after a refusal", async () => {
    const { verifier } = verifierFor({ issuer: users });
    for (let at = 0; at < 100; at++) {
      expect(await reasonOf(verifier.verify(`${"a".repeat(40)}${at}`))).toBe("identity.malformed");
    }
    expect(verifier.figures.verificationsInFlight).toBe(0);
  });
});

it("hashes ids only with the function it was given", async () => {
  const { verifier } = verifierFor({ issuer: users });
  expect((await verifier.verify(await users.sign(userClaims()))).principal.hash).toBeUndefined();
});

it("refuses every token of an issuer that signs for the other kind", async () => {
  const agents = await createIssuer({ issuer: "sark-agent-auth", audience: "sark-a2a" });
  const { verifier } = verifierFor({ issuer: users }, { issuer: agents, kind: "agent" });
  expect(await reasonOf(verifier.verify(await users.sign(agentClaims())))).toBe("identity.claims");
  expect(await reasonOf(verifier.verify(await agents.sign(userClaims())))).toBe("identity.claims");
});

it("answers faults of a token with a refusal that names no part of it", async () => {
  const { verifier } = verifierFor({ issuer: users });
  const token = await users.sign(userClaims({ sub: " secret-subject" }));
  const error = await verifier.verify(token).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DenyError);
  expect(String(error)).toBe("DenyError: identity.claims: sub");
});
