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
  const id = issuer.subjectPrefix + subject(payload["sub"], "sub");
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
    attributes: attributesOf(payload["attributes"], issuer),
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

/** Only where the issuer entry says so: these reach the policy as they are. */
function attributesOf(value: Json | undefined, issuer: Issuer): Readonly<Record<string, unknown>> {
  if (!issuer.trustsAttributes || value === undefined) return EMPTY;
  if (!isJsonObject(value)) throw badClaim("attributes");
  return frozen(value) as JsonObject;
}

/** Depth is bounded by the token reader. */
function frozen(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
