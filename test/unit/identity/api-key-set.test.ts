/** A key proves what its record says, from the first to the last millisecond of its life. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { ApiKeyRecord } from "../../../src/identity/api-key-record.ts";
import { ApiKeySet } from "../../../src/identity/api-key-set.ts";
import { CredentialVerifier } from "../../../src/identity/credential-verifier.ts";
import type { TokenVerifier } from "../../../src/identity/token-verifier.ts";
import {
  apiKeyRecord,
  GATEWAY_KEY,
  outcomeOf,
  PEPPER,
  SERVICE_KEY,
} from "../../support/api-keys.ts";

const NOW = 1_764_000_000_000;
const setOf = (...records: readonly ApiKeyRecord[]) => new ApiKeySet(records, PEPPER, () => "h");
const only = (change: Partial<ApiKeyRecord>) => setOf(apiKeyRecord(SERVICE_KEY, change));

it("is a service to policy, with the scopes and the team of its record", () => {
  const found = only({ expiresAtMs: NOW + 1_500 }).find(SERVICE_KEY, NOW);
  expect(found).toMatchObject({
    principal: {
      kind: "api_key",
      id: "apikey:billing",
      role: "service",
      roles: ["service"],
      teams: ["platform"],
      scopes: ["gateway:authorize"],
      permissions: [],
      mfaVerified: false,
      attributes: { environment: "live", owner: "billing-team", rate_per_minute: 1_000 },
      hash: "h",
    },
    audiences: [],
    expiresAtS: 1_764_000_001,
    revocable: { apiKeyId: "billing", tokenDigest: undefined },
  });
});

it("finds the record of each key, and the same facts each time", () => {
  const set = setOf(apiKeyRecord(), apiKeyRecord(GATEWAY_KEY, { id: "edge", team: null }));
  expect(set.size).toBe(2);
  expect(set.find(GATEWAY_KEY, NOW).principal).toMatchObject({ id: "apikey:edge", teams: [] });
  expect(set.find(SERVICE_KEY, NOW)).toBe(set.find(SERVICE_KEY, NOW));
});

describe("time", () => {
  it.each([
    [{ expiresAtMs: NOW + 1 }, "accepted"],
    [{ expiresAtMs: NOW }, "identity.api_key_expired"],
    [{ revokedAtMs: NOW + 1 }, "accepted"],
    [{ revokedAtMs: NOW }, "identity.revoked"],
    [{ revokedAtMs: NOW, expiresAtMs: NOW }, "identity.revoked"],
  ])("%j: %s", (change, expected) => {
    expect(outcomeOf(() => only(change).find(SERVICE_KEY, NOW))).toBe(expected);
  });

  it("ends a key that was good before", () => {
    const set = only({ expiresAtMs: NOW + 10 });
    set.find(SERVICE_KEY, NOW);
    expect(outcomeOf(() => set.find(SERVICE_KEY, NOW + 10))).toBe("identity.api_key_expired");
  });
});

it("gives a changed record another digest, so that no old decision meets it", () => {
  const digestOf = (change: Partial<ApiKeyRecord>) =>
    only(change).find(SERVICE_KEY, NOW).principal.digest;
  const changes: readonly Partial<ApiKeyRecord>[] = [
    {},
    { id: "other" },
    { scopes: ["admin"] },
    { environment: "test" },
    { owner: "other" },
    { team: null },
    { ratePerMinute: 5 },
    { expiresAtMs: NOW + 1 },
    { revokedAtMs: NOW + 1 },
  ];
  expect(new Set(changes.map(digestOf)).size).toBe(changes.length);
  expect(digestOf({})).toBe(digestOf({}));
});

it("needs the pepper the record was made with", () => {
  const record = apiKeyRecord(SERVICE_KEY, { mac: "0".repeat(64) });
  expect(outcomeOf(() => setOf(record).find(SERVICE_KEY, NOW))).toBe("identity.api_key_unknown");
});

it("shows nothing of itself", () => {
  const shown = inspect(only({}), { depth: 9, showHidden: true });
  expect(shown).not.toContain(apiKeyRecord().mac.slice(0, 16));
  expect(shown).not.toContain(Buffer.alloc(8, 7).toString("hex"));
});

describe("at the door of all credentials", () => {
  const tokens = {} as TokenVerifier;
  const clock = { unixMs: () => NOW };
  const credential = { kind: "api_key", key: SERVICE_KEY } as const;

  it("is known at once or not at all", async () => {
    const apiKeys = { current: only({}) };
    const door = new CredentialVerifier({ tokens, apiKeys, clock });
    expect(door.known(credential)?.principal.id).toBe("apikey:billing");
    expect(await door.verify(credential, 0)).toBe(door.known(credential));
    apiKeys.current = setOf();
    expect(outcomeOf(() => door.known(credential))).toBe("identity.api_key_unknown");
  });

  it("is unknown where no keys are configured", async () => {
    const door = new CredentialVerifier({ tokens, apiKeys: undefined, clock });
    expect(outcomeOf(() => door.known(credential))).toBe("identity.api_key_unknown");
    await expect(door.verify(credential, 0)).rejects.toThrow("identity.api_key_unknown");
  });
});
