/**
 * One entry of a revocation list: what was taken back, and until when the list has to say so.
 *
 * @module
 */

export const REVOCATION_KINDS = [
  "jti",
  "sub",
  "sid",
  "agent_id",
  "kid",
  "api_key",
  "token_sha256",
] as const;
export type RevocationKind = (typeof REVOCATION_KINDS)[number];

/** Why a list was not taken; label of a metric. */
export const LIST_FAULTS = [
  "source",
  "size",
  "form",
  "signature",
  "sequence",
  "issued_at",
  "entries",
  "state",
] as const;
export type ListFault = (typeof LIST_FAULTS)[number];

/** A list that can not replace the last good one; the message has no content of it. */
export class RevocationListError extends Error {
  override readonly name = "RevocationListError";
  readonly fault: ListFault;

  constructor(fault: ListFault, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.fault = fault;
  }
}

export interface RevocationEntry {
  readonly kind: RevocationKind;
  /** Undefined stands for every issuer. */
  readonly issuer: string | undefined;
  /** A token's digest as base64url, whatever the list wrote. */
  readonly value: string;
  /** Only tokens issued before this Unix time in seconds; undefined = all of them. */
  readonly notBeforeS: number | undefined;
  /** Unix time in seconds from which on the entry says nothing more. */
  readonly untilS: number;
}

const VALUE_CHARACTERS_MAX = 256;
const ISSUER_CHARACTERS_MAX = 512;
const TEXT = /^[^\p{Cc}]+$/u;
const DIGEST_HEX = /^[0-9a-fA-F]{64}$/;
/** 32 bytes: the low two bits of the last character are zero. */
const DIGEST_BASE64URL = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const MEMBERS: ReadonlySet<string> = new Set(["kind", "iss", "value", "not_before", "until"]);
/** No issuer stands behind these. */
const WITHOUT_ISSUER: ReadonlySet<RevocationKind> = new Set(["api_key", "token_sha256"]);

/** @throws {RevocationListError} `form`: what is not understood could have revoked something */
export function readEntry(json: unknown): RevocationEntry {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw bad("not an object");
  for (const name of Object.keys(json)) if (!MEMBERS.has(name)) throw bad("unknown member");
  const { kind, iss, value, not_before, until } = json as Readonly<Record<string, unknown>>;
  if (!isKind(kind)) throw bad("kind");
  return {
    kind,
    issuer: readIssuer(iss, kind),
    value: readValue(value, kind),
    notBeforeS: readNotBefore(not_before, kind),
    untilS: readSeconds(until, "until"),
  };
}

export function isKind(value: unknown): value is RevocationKind {
  return REVOCATION_KINDS.includes(value as RevocationKind);
}

/** The entry as a list writes it. */
export function entryJson(entry: RevocationEntry): object {
  const { kind, issuer, value, notBeforeS, untilS } = entry;
  return {
    kind,
    ...(issuer === undefined ? {} : { iss: issuer }),
    value,
    ...(notBeforeS === undefined ? {} : { not_before: notBeforeS }),
    until: untilS,
  };
}

function readIssuer(value: unknown, kind: RevocationKind): string | undefined {
  if (value === undefined) return undefined;
  if (WITHOUT_ISSUER.has(kind)) throw bad(`iss does not belong to ${kind}`);
  return readText(value, ISSUER_CHARACTERS_MAX, "iss");
}

function readValue(value: unknown, kind: RevocationKind): string {
  const text = readText(value, VALUE_CHARACTERS_MAX, "value");
  if (kind !== "token_sha256") return text;
  if (DIGEST_HEX.test(text)) return Buffer.from(text, "hex").toString("base64url");
  if (!DIGEST_BASE64URL.test(text)) throw bad("value is no SHA-256");
  return text;
}

function readNotBefore(value: unknown, kind: RevocationKind): number | undefined {
  if (value === undefined) return undefined;
  if (kind !== "sub") throw bad("not_before belongs to sub");
  return readSeconds(value, "not_before");
}

function readText(value: unknown, charactersMax: number, name: string): string {
  const isFine = typeof value === "string" && value.length <= charactersMax && TEXT.test(value);
  if (!isFine) throw bad(name);
  return value;
}

function readSeconds(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value <= 0) throw bad(name);
  return value;
}

function bad(what: string): RevocationListError {
  return new RevocationListError("form", `an entry is refused: ${what}`);
}
