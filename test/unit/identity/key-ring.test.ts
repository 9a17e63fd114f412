/** Keys in use: a new set counts at once, and a key that merely left it a little longer. */
import { beforeAll, describe, expect, it } from "vitest";
import { KeyRing } from "../../../src/identity/key-ring.ts";
import { UnknownKeys } from "../../../src/identity/unknown-keys.ts";
import { handClock } from "../../support/hand-clock.ts";
import { createIssuer, type TestIssuer } from "../../support/tokens.ts";
import { keySet } from "../../support/verifier.ts";

let one: TestIssuer;
let two: TestIssuer;
beforeAll(async () => {
  one = await createIssuer({ kid: "one" });
  two = await createIssuer({ kid: "two" });
});

function rig() {
  const clock = handClock();
  const ring = new KeyRing(clock);
  const ids = () => [
    ...(ring.current?.keys ?? []).map(({ keyId }) => keyId),
    ...(ring.current?.lingering ?? []).map(({ keyId }) => `${keyId} (late)`),
  ];
  return { clock, ring, ids };
}

describe("a key that left the set", () => {
  it("lingers for a minute, findable by its id only, and its tokens stay known", () => {
    const { clock, ring, ids } = rig();
    ring.publish(keySet(one.jwks()));
    const [thumbprint = ""] = ring.current?.thumbprints ?? [];
    ring.publish(keySet(two.jwks()));
    expect(ids()).toEqual(["two", "one (late)"]);
    expect(ring.figures).toEqual({ active: 1, leaving: 1, revision: 2 });
    clock.advance(59_999);
    expect(ring.current?.thumbprints.has(thumbprint)).toBe(true);
    clock.advance(1);
    expect(ids()).toEqual(["two"]);
    expect(ring.current?.thumbprints.has(thumbprint)).toBe(false);
    expect(ring.figures.leaving).toBe(0);
  });

  it("is not kept longer by sets that come and go", () => {
    const { clock, ring, ids } = rig();
    ring.publish(keySet(one.jwks()));
    for (let visit = 0; visit < 4; visit++) {
      ring.publish(keySet(two.jwks()));
      clock.advance(20_000);
    }
    expect(ids()).toEqual(["two"]);
  });

  it("is an ordinary one when it comes back", () => {
    const { ring, ids } = rig();
    for (const issuer of [one, two, one]) ring.publish(keySet(issuer.jwks()));
    expect(ids()).toEqual(["one", "two (late)"]);
  });

  it("is gone at once when the set speaks of it in another form", () => {
    const { ring, ids } = rig();
    ring.publish(keySet(one.jwks()));
    const withdrawn = { ...one.publicJwk, use: "enc" };
    ring.publish(keySet({ keys: [withdrawn, ...two.jwks().keys] }));
    expect(ids()).toEqual(["two"]);
    ring.publish(keySet({ keys: [{ ...one.publicJwk, kid: "two" }] }));
    expect(ids()).toEqual(["two"]);
  });

  it("is gone at once without an id", () => {
    const { ring, ids } = rig();
    ring.publish(keySet({ keys: [{ ...one.publicJwk, kid: undefined }] }));
    ring.publish(keySet(two.jwks()));
    expect(ids()).toEqual(["two"]);
  });
});

describe("ID-05: key ids nobody has", () => {
  it("are a thousand at most, the oldest forgotten first", () => {
    const unknown = new UnknownKeys(handClock());
    for (let at = 0; at < 10_000; at++) expect(unknown.isNew(`k${at}`)).toBe(true);
    expect(unknown.size).toBe(1_000);
    expect(unknown.isNew("k9999")).toBe(false);
    expect(unknown.isNew("k0")).toBe(true);
  });

  it("are new again after a minute and after a new set; a missing id is one of them", () => {
    const clock = handClock();
    const unknown = new UnknownKeys(clock);
    const isNew = () => [unknown.isNew("k"), unknown.isNew(undefined)];
    expect([isNew(), isNew()]).toEqual([
      [true, true],
      [false, false],
    ]);
    clock.advance(60_000);
    expect(isNew()).toEqual([true, true]);
    unknown.clear();
    expect(isNew()).toEqual([true, true]);
  });
});
