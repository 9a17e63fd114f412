/** A revocation list with any bit changed never replaces a good one. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { RevocationFeed } from "../../src/identity/revocation-feed.ts";
import { RevocationList } from "../../src/identity/revocation-list.ts";
import { handClock } from "../support/hand-clock.ts";
import { memoryFiles, memoryLog } from "../support/key-sources.ts";
import { listSigner, signedList } from "../support/revocations.ts";
import { revocable } from "../support/samples.ts";

const NOW_MS = 1_764_000_000_000;
const entry = (value: string) => ({ kind: "sub", value, until: 1_764_009_999 });
const RUNS = 1_500;

it.each(["EdDSA", "ES256"] as const)(
  "T28: refuses every flipped bit under %s",
  async (algorithm) => {
    const signer = listSigner(algorithm);
    const list = new RevocationList({ clock: handClock(NOW_MS), skewMs: 0, refuseMs: 3_600_000 });
    const feed = new RevocationFeed({
      list,
      keys: () => signer.keys,
      files: memoryFiles().files,
      statePath: "/state",
      log: memoryLog().log,
      onTaken: () => undefined,
    });
    const good = { sequence: 5, issuedAtMs: NOW_MS, entries: [entry("alice")] };
    await feed.offerList(signedList(good, signer));
    const next = Buffer.from(signedList({ ...good, sequence: 6, entries: [] }, signer));
    const change = Buffer.from(signedList({ ...good, sequence: 6, full: false }, signer));

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(next, change),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (original, place) => {
          const bit = Math.floor(place * original.length * 8);
          const bytes = Buffer.from(original);
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const text = bytes.toString("latin1");
          expect(await feed.offerList(text)).toBeUndefined();
          expect(await feed.offerChange(text)).toBeUndefined();
          expect(list.figures.sequence).toBe(5);
          expect(list.isRevoked(revocable({ subject: "alice" }))).toBe(true);
        },
      ),
      { numRuns: RUNS, seed: 41 },
    );
    expect(await feed.offerList(next.toString())).toBe("replaced");
  },
);
