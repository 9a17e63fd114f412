/**
 * One line of an API-key file: a record as JSON, without the key itself. Pure.
 *
 * One record a line, so that a hundred thousand of them can be read in slices and a problem has a line.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { ENVIRONMENT_BYTES_MAX, SCOPES_MAX } from "../domain/limits.ts";
import { lazyObject } from "../json/json-node.ts";
import { protocolLevel } from "../json/protocol-level.ts";
import { readStrictJson } from "../json/strict-json.ts";

export interface ApiKeyRecord {
  readonly id: string;
  /** HMAC-SHA-256 of the key under the pepper, lower-case hex. */
  readonly mac: string;
  readonly scopes: readonly string[];
  readonly environment: string;
  readonly owner: string;
  readonly team: string | null;
  /** For policy to see; nothing counts calls here. */
  readonly ratePerMinute: number;
  /** Unix milliseconds; Infinity = no end. */
  readonly expiresAtMs: number;
  /** Unix milliseconds from which it is refused; Infinity = not taken back. */
  readonly revokedAtMs: number;
}

/** Largest line of a file. */
export const API_KEY_LINE_BYTES_MAX = 16_384;
const RATE_PER_MINUTE = 1_000;
const RATE_PER_MINUTE_MAX = 10_000_000;
const NEVER = Number.POSITIVE_INFINITY;

export const API_KEY_ID = /^[A-Za-z0-9_.-]{1,64}$/;
/** RFC 6749 section 3.3. */
export const API_KEY_SCOPE = /^[!#-[\]-~]{1,128}$/;
/** Visible ASCII with spaces inside. */
export const API_KEY_NAME = /^(?=.{1,256}$)[!-~](?:[ -~]*[!-~])?$/;
const MAC = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** What a member must be, as a sentence and as a test. */
type Rule = readonly [text: string, holds: (value: Json) => boolean];

const isText = (pattern: RegExp) => (value: Json) =>
  typeof value === "string" && pattern.test(value);
const orNull = (holds: (value: Json) => boolean) => (value: Json) => value === null || holds(value);
const TIME_TEXT = "must be a time such as 2027-01-31T00:00:00Z, or null";

const REQUIRED: Readonly<Record<string, Rule>> = {
  id: ["must be 1-64 letters, digits, dots, underscores or hyphens", isText(API_KEY_ID)],
  mac: ["must be 64 lower-case hexadecimal digits", isText(MAC)],
  scopes: [`must list at most ${SCOPES_MAX} different scopes`, isScopeList],
  environment: ["must be 1-64 visible characters", isEnvironment],
  owner: ["must be 1-256 visible characters", isText(API_KEY_NAME)],
};
const OPTIONAL: Readonly<Record<string, Rule>> = {
  team: ["must be 1-256 visible characters, or null", orNull(isText(API_KEY_NAME))],
  rate_per_minute: [`must be a whole number from 1 to ${RATE_PER_MINUTE_MAX}`, isRate],
  expires_at: [TIME_TEXT, orNull(isTime)],
  revoked_at: [TIME_TEXT, orNull(isTime)],
};

const NO_LEVEL = protocolLevel({});

/** The record, or what is wrong with the line; never a value. */
export function readApiKeyLine(line: Uint8Array): ApiKeyRecord | readonly string[] {
  const members = line.length > API_KEY_LINE_BYTES_MAX ? undefined : objectOf(line);
  if (members === undefined) {
    return [`must be one JSON object of at most ${API_KEY_LINE_BYTES_MAX} bytes`];
  }
  const problems = problemsOf(members);
  return problems.length > 0 ? problems : recordOf(members);
}

/** The line of a record, without its end. */
export function writeApiKeyLine(record: ApiKeyRecord): string {
  const { ratePerMinute, expiresAtMs, revokedAtMs, ...same } = record;
  return JSON.stringify({
    ...same,
    rate_per_minute: ratePerMinute,
    expires_at: timeText(expiresAtMs),
    revoked_at: timeText(revokedAtMs),
  });
}

export function timeText(unixMs: number): string | null {
  return unixMs === NEVER ? null : new Date(unixMs).toISOString();
}

/** Strict: of a repeated member no reader may choose the one it likes. */
function objectOf(line: Uint8Array): JsonObject | undefined {
  try {
    const node = readStrictJson(line, NO_LEVEL);
    return node.kind === "object" ? lazyObject(node).value() : undefined;
  } catch (thrown) {
    if (thrown instanceof DenyError) return undefined;
    throw thrown;
  }
}

function problemsOf(members: JsonObject): string[] {
  const problems: string[] = [];
  for (const [name, [text, holds]] of Object.entries(REQUIRED)) {
    const value = members[name];
    if (value === undefined) problems.push(`${name}: is missing; it ${text}`);
    else if (!holds(value)) problems.push(`${name}: ${text}`);
  }
  for (const [name, [text, holds]] of Object.entries(OPTIONAL)) {
    const value = members[name];
    if (value !== undefined && !holds(value)) problems.push(`${name}: ${text}`);
  }
  const known = (name: string) => Object.hasOwn(REQUIRED, name) || Object.hasOwn(OPTIONAL, name);
  if (!Object.keys(members).every(known)) problems.push("has a member that is not known");
  return problems;
}

function recordOf(members: JsonObject): ApiKeyRecord {
  return Object.freeze({
    id: members["id"] as string,
    mac: members["mac"] as string,
    scopes: Object.freeze(members["scopes"] as string[]),
    environment: members["environment"] as string,
    owner: members["owner"] as string,
    team: (members["team"] ?? null) as string | null,
    ratePerMinute: (members["rate_per_minute"] ?? RATE_PER_MINUTE) as number,
    expiresAtMs: timeOf(members["expires_at"]),
    revokedAtMs: timeOf(members["revoked_at"]),
  });
}

function timeOf(value: Json | undefined): number {
  return typeof value === "string" ? Date.parse(value) : NEVER;
}

function isScopeList(value: Json): boolean {
  if (!Array.isArray(value) || value.length > SCOPES_MAX) return false;
  return value.every(isText(API_KEY_SCOPE)) && new Set(value).size === value.length;
}

function isEnvironment(value: Json): boolean {
  return isText(API_KEY_NAME)(value) && String(value).length <= ENVIRONMENT_BYTES_MAX;
}

function isRate(value: Json): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= RATE_PER_MINUTE_MAX;
}

/** A day that does not exist is not moved to one that does. */
function isTime(value: Json): boolean {
  if (typeof value !== "string" || !TIME.test(value)) return false;
  const unixMs = Date.parse(value);
  return !Number.isNaN(unixMs) && new Date(unixMs).toISOString().startsWith(value.slice(0, 19));
}
