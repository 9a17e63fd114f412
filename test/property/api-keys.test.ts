/** A key that differs from an issued one in any way is never accepted, and never a defect. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ApiKeySet } from "../../src/identity/api-key-set.ts";
import { apiKeyRecord, GATEWAY_KEY, outcomeOf, PEPPER, SERVICE_KEY } from "../support/api-keys.ts";

const RUN = { seed: 20_260_101, numRuns: 5_000 };
const KEYS = [SERVICE_KEY, GATEWAY_KEY];
const set = new ApiKeySet(
  KEYS.map((key, at) => apiKeyRecord(key, { id: `key-${at}` })),
  PEPPER,
  () => undefined,
);
const character = fc.constantFrom(..."abAB019-_. \u0000é");

it("accepts no mutation", () => {
  const mutation = fc.tuple(
    fc.constantFrom(...KEYS),
    fc.nat(80),
    fc.constantFrom("replace", "insert", "delete", "cut", "append"),
    character,
  );
  fc.assert(
    fc.property(mutation, ([key, at, how, letter]) => {
      const place = at % key.length;
      const mutated = {
        replace: key.slice(0, place) + letter + key.slice(place + 1),
        insert: key.slice(0, place) + letter + key.slice(place),
        delete: key.slice(0, place) + key.slice(place + 1),
        cut: key.slice(0, place),
        append: key + letter,
      }[how];
      const expected = KEYS.includes(mutated) ? "accepted" : "identity.api_key_unknown";
      expect(outcomeOf(() => set.find(mutated, 0))).toBe(expected);
    }),
    RUN,
  );
});

it("accepts no other key, and not the MAC itself", () => {
  const text = fc.oneof(
    fc.string(),
    fc.stringMatching(/^sark_gw_[0-9a-f]{32}$/),
    fc.constantFrom(...KEYS.map((key) => apiKeyRecord(key).mac)),
  );
  fc.assert(
    fc.property(text, (key) => {
      expect(outcomeOf(() => set.find(key, 0))).toBe("identity.api_key_unknown");
    }),
    RUN,
  );
});
