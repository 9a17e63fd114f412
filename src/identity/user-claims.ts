/**
 * Claims → user, in every shape SARK issues (contract 7.2). Pure.
 *
 * @module
 */
import type { Json, JsonObject } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import { PERMISSIONS_MAX, ROLES_MAX, TEAMS_MAX } from "../domain/limits.ts";
import type { UserPrincipal } from "../domain/principal.ts";
import {
  actorsOf,
  badClaim,
  optionalText,
  scopes,
  sortedUnique,
  subject,
  texts,
} from "./claim-readers.ts";
import type { Issuer } from "./issuer.ts";
import { nameUuid } from "./name-uuid.ts";
import { principalDigest } from "./principal-digest.ts";
import { provesSecondFactor } from "./second-factor.ts";

/** The first one present is `user.role`. */
const ROLE_ORDER = [
  "admin",
  "security_admin",
  "team_lead",
  "team_manager",
  "developer",
  "data_analyst",
  "analyst",
  "service",
  "auditor",
  "compliance_officer",
  "viewer",
  "user",
  "guest",
] as const;

const METHODS_MAX = 16;
const EMPTY: Readonly<Record<string, unknown>> = Object.freeze({});
const NS_PER_S = 1_000_000_000;

export function userPrincipal(
  payload: JsonObject,
  issuer: Issuer,
  hashId: (id: string) => string | undefined,
): UserPrincipal {
  const id = userId(subject(payload["sub"], "sub"), issuer);
  const role = optionalText(payload["role"], "role");
  const roles = texts(payload["roles"], "roles", ROLES_MAX);
  const allRoles = sortedUnique(role === null ? roles : [...roles, role]);
  const actors = actorsOf(payload);
  const mfaMethods = sortedUnique(texts(payload["amr"], "amr", METHODS_MAX));
  const user = {
    kind: "user" as const,
    id,
    issuer: issuer.name,
    email: optionalText(payload["email"], "email"),
    name: optionalText(payload["name"] ?? payload["preferred_username"], "name"),
    role: ROLE_ORDER.find((known) => allRoles.includes(known)) ?? null,
    roles: allRoles,
    teams: teamsOf(payload),
    permissions: sortedUnique(texts(payload["permissions"], "permissions", PERMISSIONS_MAX)),
    scopes: scopes(payload),
    mfaVerified: provesSecondFactor(mfaMethods),
    mfaTimestampNs: authTimeNs(payload["auth_time"]),
    mfaMethods,
    attributes: attributesOf(payload, issuer),
    delegationDepth: actors.length,
    actors,
  };
  return Object.freeze({ ...user, digest: principalDigest(user), hash: hashId(id) });
}

/** `groups` when it is a non-empty list, else `teams`. */
function teamsOf(payload: JsonObject): readonly string[] {
  const groups = sortedUnique(texts(payload["groups"], "groups", TEAMS_MAX));
  const teams = sortedUnique(texts(payload["teams"], "teams", TEAMS_MAX));
  return groups.length > 0 ? groups : teams;
}

function authTimeNs(value: Json | undefined): number {
  if (value === undefined) return 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw badClaim("auth_time");
  }
  return value * NS_PER_S;
}

/** SARK's ids of users that another provider knows are UUIDs over both names. */
function userId(name: string, { uuidProvider, subjectPrefix }: Issuer): string {
  return subjectPrefix + (uuidProvider === undefined ? name : nameUuid(`${uuidProvider}:${name}`));
}

/** Only where the issuer entry says so: these reach the policy as they are. */
function attributesOf(payload: JsonObject, issuer: Issuer): Readonly<Record<string, unknown>> {
  const { trustsAttributes, policyClaims } = issuer;
  const { attributes = {} } = payload;
  const trusted = trustsAttributes ? attributes : {};
  if (!isJsonObject(trusted)) throw badClaim("attributes");
  const listed = policyClaims.filter((name) => Object.hasOwn(payload, name));
  if (listed.length === 0 && Object.keys(trusted).length === 0) return EMPTY;
  const claims = listed.map((name) => [name, payload[name] as Json] as const);
  return frozen({ ...trusted, ...Object.fromEntries(claims) }) as JsonObject;
}

/** Depth is bounded by the token reader. */
function frozen(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
