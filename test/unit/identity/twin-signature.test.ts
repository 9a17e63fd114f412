/** Twin signatures: the other form of a token taken back by its digest is taken back too. */
import { hash } from "node:crypto";
import { expect, it } from "vitest";
import { RevocationSet } from "../../../src/identity/revocation-set.ts";
import { twinSignature } from "../../../src/identity/twin-signature.ts";
import { createIssuer, type TestAlgorithm, userClaims } from "../../support/tokens.ts";
import { verifierFor } from "../../support/verifier.ts";

it.each<TestAlgorithm>(["ES256", "ES384"])("%s: a twin is revoked with its token", async (name) => {
  const issuer = await createIssuer({ algorithm: name });
  const { verify } = verifierFor({ issuer });
  const token = await issuer.sign(userClaims());
  const end = token.lastIndexOf(".") + 1;
  const twin = twinSignature(Buffer.from(token.slice(end), "base64url"), name);
  const other = token.slice(0, end) + twin?.toString("base64url");
  const value = hash("sha256", token, "base64url");
  const untilS = 1_764_003_600;
  const { revocable } = await verify(other);
  const stranger = await verify(await issuer.sign(userClaims({ sub: "bob" })));
  expect(revocable.tokenDigest).not.toBe(value);

  for (const of of [undefined, issuer.name]) {
    const set = new RevocationSet([
      { kind: "token_sha256", issuer: of, value, notBeforeS: undefined, untilS },
    ]);
    expect(set.find(revocable, untilS - 1)).toBe("token_sha256");
    expect(set.find(stranger.revocable, untilS - 1)).toBeUndefined();
  }
});

it.each(["RS256", "PS256", "EdDSA", "HS256"])("%s has one form", (name) => {
  expect(twinSignature(Buffer.alloc(64, 1), name)).toBeUndefined();
});
