/**
 * All API keys of one file: which record a presented key belongs to, and whom it proves.
 *
 * A key is only ever held as its MAC under the pepper, so neither the file nor memory gives one away.
 *
 * @module
 */
import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { DenyError } from "../domain/errors.ts";
import type { ApiKeyPrincipal, VerifiedCredential } from "../domain/principal.ts";
import type { ApiKeyRecord } from "./api-key-record.ts";
import { principalDigest } from "./principal-digest.ts";

/** Where the principal comes from; no token can name it, because its ids begin otherwise. */
const ISSUER = "sark-api-keys";
const ROLE = "service";
const MS_PER_S = 1_000;
const NO_TEXTS: readonly string[] = Object.freeze([]);

/** Keyed digest of an id for records; undefined without a key. */
export type HashId = (id: string) => string | undefined;

interface Entry {
  readonly record: ApiKeyRecord;
  readonly mac: Buffer;
  /** Made when the key is first used: most keys of a large set never are. */
  verified: VerifiedCredential | undefined;
}

/** MAC of a key as a record holds it. */
export function apiKeyMac(pepper: KeyObject, key: string): Buffer {
  return createHmac("sha256", pepper).update(key).digest();
}

/** Immutable but for what it remembers; a reload makes a new one. */
export class ApiKeySet {
  readonly #pepper: KeyObject;
  readonly #hashId: HashId;
  readonly #byMac: ReadonlyMap<string, Entry>;

  constructor(records: readonly ApiKeyRecord[], pepper: KeyObject, hashId: HashId) {
    this.#pepper = pepper;
    this.#hashId = hashId;
    this.#byMac = new Map(
      records.map((record) => [
        record.mac,
        { record, mac: Buffer.from(record.mac, "hex"), verified: undefined },
      ]),
    );
  }

  get size(): number {
    return this.#byMac.size;
  }

  /** @throws {DenyError} `identity.api_key_unknown`, `identity.api_key_expired`, `identity.revoked` */
  find(key: string, unixMs: number): VerifiedCredential {
    const mac = apiKeyMac(this.#pepper, key);
    const entry = this.#byMac.get(mac.toString("hex"));
    if (entry === undefined || !timingSafeEqual(entry.mac, mac)) throw unknownKey();
    const { record } = entry;
    if (unixMs >= record.revokedAtMs) {
      throw new DenyError("identity.revoked", "the API key was taken back");
    }
    if (unixMs >= record.expiresAtMs) {
      throw new DenyError("identity.api_key_expired", "the API key has expired");
    }
    entry.verified ??= verifiedKey(record, this.#hashId);
    return entry.verified;
  }
}

export function unknownKey(): DenyError {
  return new DenyError("identity.api_key_unknown", "no such API key");
}

function verifiedKey(record: ApiKeyRecord, hashId: HashId): VerifiedCredential {
  return Object.freeze({
    principal: apiKeyPrincipal(record, hashId),
    audiences: NO_TEXTS,
    expiresAtS: Math.floor(record.expiresAtMs / MS_PER_S),
    notBeforeS: 0,
    keyThumbprint: "",
    revocable: Object.freeze({
      tokenDigest: undefined,
      issuer: undefined,
      tokenId: undefined,
      subject: undefined,
      sessionId: undefined,
      agentId: undefined,
      keyId: undefined,
      apiKeyId: record.id,
      issuedAtS: undefined,
    }),
  });
}

/** The digest covers the whole record: a changed one never meets a decision made before. */
function apiKeyPrincipal(record: ApiKeyRecord, hashId: HashId): ApiKeyPrincipal {
  const id = `apikey:${record.id}`;
  const { environment, owner, team, ratePerMinute, expiresAtMs, revokedAtMs, mac } = record;
  const principal = {
    kind: "api_key" as const,
    id,
    issuer: ISSUER,
    email: null,
    name: null,
    role: ROLE,
    roles: Object.freeze([ROLE]),
    teams: team === null ? NO_TEXTS : Object.freeze([team]),
    permissions: NO_TEXTS,
    scopes: record.scopes,
    mfaVerified: false,
    mfaTimestampNs: 0,
    mfaMethods: NO_TEXTS,
    attributes: Object.freeze({ environment, owner, rate_per_minute: ratePerMinute }),
    delegationDepth: 0,
    actors: NO_TEXTS,
  };
  const digest = principalDigest({ ...principal, mac, expiresAtMs, revokedAtMs });
  return Object.freeze({ ...principal, digest, hash: hashId(id) });
}
