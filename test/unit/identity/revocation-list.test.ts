/** A revocation list names exactly the credentials it means, and only a newer list replaces it. */
import { describe, expect, it } from "vitest";
import type { RevocableIds } from "../../../src/domain/principal.ts";
import {
  type RevocationDocument,
  readDocument,
} from "../../../src/identity/revocation-document.ts";
import { RevocationList } from "../../../src/identity/revocation-list.ts";
import { RevocationSet } from "../../../src/identity/revocation-set.ts";
import { handClock } from "../../support/hand-clock.ts";
import { type ListContent, listText } from "../../support/revocations.ts";
import { revocable } from "../../support/samples.ts";

const NOW_MS = 1_764_000_000_000;
const NOW_S = NOW_MS / 1_000;
const LATER = NOW_S + 3_600;
const HEX = "ab".repeat(32);
const DIGEST = Buffer.from(HEX, "hex").toString("base64url");

function document(content: Partial<ListContent> = {}): RevocationDocument {
  return readDocument(Buffer.from(listText({ sequence: 1, issuedAtMs: NOW_MS, ...content })));
}

function newList(refuseMs = 3_600_000) {
  const clock = handClock(NOW_MS);
  return { clock, list: new RevocationList({ clock, skewMs: 30_000, refuseMs }) };
}

describe("what an entry means", () => {
  const token = revocable({
    tokenDigest: DIGEST,
    issuer: "https://idp",
    tokenId: "t1",
    subject: "alice",
    sessionId: "s1",
    agentId: "planner",
    keyId: "k1",
    issuedAtS: NOW_S - 60,
  });
  const cases: readonly (readonly [string, object, RevocableIds, boolean])[] = [
    ["T28: jti", { kind: "jti", value: "t1" }, token, true],
    ["T28: sub", { kind: "sub", value: "alice" }, token, true],
    ["T28: sid", { kind: "sid", value: "s1" }, token, true],
    ["T28: agent_id", { kind: "agent_id", value: "planner" }, token, true],
    ["T28: kid", { kind: "kid", value: "k1" }, token, true],
    ["T28: api_key", { kind: "api_key", value: "a1" }, revocable({ apiKeyId: "a1" }), true],
    ["T28: token_sha256 in hex", { kind: "token_sha256", value: HEX }, token, true],
    ["T28: token_sha256 in base64url", { kind: "token_sha256", value: DIGEST }, token, true],
    ["T28: of its issuer", { kind: "sub", iss: "https://idp", value: "alice" }, token, true],
    ["of another issuer", { kind: "sub", iss: "https://idp2", value: "alice" }, token, false],
    ["another value", { kind: "sub", value: "Alice" }, token, false],
    ["another kind", { kind: "jti", value: "alice" }, token, false],
    ["the session of a user id", { kind: "sid", value: "alice" }, token, false],
    ["an API key by a subject", { kind: "api_key", value: "alice" }, token, false],
    ["issued before", { kind: "sub", value: "alice", not_before: NOW_S }, token, true],
    ["issued at that time", { kind: "sub", value: "alice", not_before: NOW_S - 60 }, token, false],
    [
      "no time of issue",
      { kind: "sub", value: "alice", not_before: 1 },
      revocable({ subject: "alice" }),
      true,
    ],
    ["run out", { kind: "sub", value: "alice", until: NOW_S }, token, false],
    [
      "prototype names",
      { kind: "sub", value: "__proto__" },
      revocable({ subject: "toString" }),
      false,
    ],
    ["no ids at all", { kind: "sub", value: "undefined" }, revocable(), false],
  ];

  it.each(cases)("%s", (_name, entry, credential, expected) => {
    const { list } = newList();
    list.take(document({ entries: [{ until: LATER, ...entry }] }));
    expect(list.isRevoked(credential)).toBe(expected);
  });

  it("keeps issuer and value apart, whatever they contain", () => {
    const set = new RevocationSet(
      document({ entries: [{ kind: "sub", iss: "a:b", value: "c", until: LATER }] }).entries,
    );
    expect(set.find(revocable({ issuer: "a:b", subject: "c" }), NOW_S)).toBe("sub");
    expect(set.find(revocable({ issuer: "a", subject: "b:c" }), NOW_S)).toBeUndefined();
    expect(set.find(revocable({ issuer: "a\nb", subject: "c" }), NOW_S)).toBeUndefined();
    expect(set.find(revocable({ subject: "c" }), NOW_S)).toBeUndefined();
  });

  it("lets the other entries of a value stand when one has run out", () => {
    const { list, clock } = newList();
    const entries = [
      { kind: "sub", value: "alice", not_before: NOW_S - 100, until: LATER },
      { kind: "sub", value: "alice", until: NOW_S + 10 },
    ];
    list.take(document({ entries }));
    const credential = revocable({ subject: "alice", issuedAtS: NOW_S - 50 });
    expect(list.isRevoked(credential)).toBe(true);
    clock.advance(10_000);
    expect(list.isRevoked(credential)).toBe(false);
    expect(list.isRevoked(revocable({ subject: "alice", issuedAtS: NOW_S - 200 }))).toBe(true);
  });
});

describe("which list follows which", () => {
  const entry = (value: string) => ({ kind: "jti", value, until: LATER });
  const isOut = (list: RevocationList, value: string) =>
    list.isRevoked(revocable({ tokenId: value }));

  it("replaces everything by a whole list with a higher number", () => {
    const { list } = newList();
    list.take(document({ sequence: 5, entries: [entry("a")] }));
    expect(list.take(document({ sequence: 9, entries: [entry("b")] }))).toBe("replaced");
    expect([isOut(list, "a"), isOut(list, "b")]).toEqual([false, true]);
  });

  it("T28: refuses a lower number, and one lower than before a restart", () => {
    const { list } = newList();
    list.take(document({ sequence: 5, entries: [entry("a")] }));
    expect(() => list.take(document({ sequence: 4 }))).toThrow(/older/);
    expect(isOut(list, "a")).toBe(true);
    const restarted = newList().list;
    restarted.requireSequence(5);
    expect(() => restarted.take(document({ sequence: 4 }))).toThrow(/older/);
    expect(restarted.take(document({ sequence: 5 }))).toBe("replaced");
  });

  it("takes a later signature of one number only when nothing is missing in it", () => {
    const { list } = newList();
    const ended = { ...entry("old"), until: NOW_S - 1 };
    const own = { kind: "sub", iss: "x", value: "u", not_before: 9, until: LATER };
    const entries = [entry("a"), own];
    list.take(document({ sequence: 5, issuedAtMs: NOW_MS - 1_000, entries: [...entries, ended] }));
    expect(list.take(document({ sequence: 5, issuedAtMs: NOW_MS - 2_000 }))).toBe("old");
    const others = [[], [entry("a")], [own], [entry("a"), { ...own, not_before: 8 }]];
    for (const wrong of [...others, [entry("a"), { ...own, iss: "y" }]]) {
      expect(() => list.take(document({ sequence: 5, entries: wrong }))).toThrow(/one number/);
    }
    expect(isOut(list, "a")).toBe(true);
    const more = document({ sequence: 5, entries: [...entries, entry("b")] });
    expect(list.take(more)).toBe("replaced");
    expect(isOut(list, "b")).toBe(true);
  });

  it("adds a change that is exactly the next one", () => {
    const { list } = newList();
    const change = (sequence: number, value: string) =>
      document({ sequence, full: false, entries: [entry(value)] });
    expect(list.take(change(6, "x"))).toBe("gap");
    list.take(document({ sequence: 5, entries: [entry("a")] }));
    expect(list.take(change(7, "c"))).toBe("gap");
    expect(list.take(change(6, "b"))).toBe("extended");
    expect(list.take(change(6, "b"))).toBe("old");
    expect(["a", "b", "c"].map((value) => isOut(list, value))).toEqual([true, true, false]);
  });

  it("refuses a list from the future beyond the tolerance", () => {
    const { list } = newList();
    expect(() => list.take(document({ issuedAtMs: NOW_MS + 30_001 }))).toThrow(/future/);
    expect(list.isLoaded).toBe(false);
    expect(list.take(document({ issuedAtMs: NOW_MS + 30_000 }))).toBe("replaced");
    expect(list.ageMs).toBe(0);
  });

  it("refuses a change that would pass the bound", () => {
    const { list } = newList();
    const many = Array.from({ length: 100_000 }, (_, index) => entry(`t${index}`));
    list.take(document({ entries: many }));
    const change = document({ sequence: 2, full: false, entries: [entry("x")] });
    expect(() => list.take(change)).toThrow(/100000/);
    expect(isOut(list, "t99999")).toBe(true);
  });
});

describe("ID-10: the age of the list", () => {
  it("caps stored allows by the time it was signed", () => {
    const { list, clock } = newList();
    expect(list.allowAgeMsMax()).toBe(5_000);
    list.take(document({ issuedAtMs: NOW_MS }));
    const caps = [5_000, 1, 54_999, 1].map((stepMs) => {
      clock.advance(stepMs);
      return list.allowAgeMsMax();
    });
    expect(caps).toEqual([Number.POSITIVE_INFINITY, 60_000, 60_000, 5_000]);
    list.renew(clock.unixMs());
    expect(list.allowAgeMsMax()).toBe(Number.POSITIVE_INFINITY);
  });

  it("T29: does not grow younger when the wall clock is set back", () => {
    const { list, clock } = newList(60_000);
    list.take(document({ issuedAtMs: NOW_MS }));
    clock.advance(10_000);
    clock.jumpWall(-3_600_000);
    expect(list.ageMs).toBe(10_000);
    expect(list.allowAgeMsMax()).toBe(60_000);
    clock.advance(50_000);
    expect(() => list.isRevoked(revocable({ subject: "bob" }))).toThrow(
      "identity.keys_unavailable",
    );
  });

  it("decides nothing without a list or with one that is too old, but still refuses the revoked", () => {
    const { list, clock } = newList(60_000);
    expect(() => list.isRevoked(revocable({ subject: "bob" }))).toThrow(
      "identity.keys_unavailable",
    );
    list.take(document({ entries: [{ kind: "sub", value: "alice", until: LATER }] }));
    clock.advance(59_999);
    expect(list.isRevoked(revocable({ subject: "bob" }))).toBe(false);
    clock.advance(1);
    expect(() => list.isRevoked(revocable({ subject: "bob" }))).toThrow(
      "identity.keys_unavailable",
    );
    expect(list.isRevoked(revocable({ subject: "alice" }))).toBe(true);
    expect([...list.figures.hitsByKind]).toEqual([["sub", 1]]);
  });
});
