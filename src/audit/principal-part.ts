/**
 * The part of a record that says who called. The same text for every Check of a credential.
 *
 * @module
 */
import type { Principal } from "../domain/principal.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { type LineLimits, quote, quoteList, quoteOrNull } from "./json-text.ts";

const NOBODY =
  '"user_id":null,"agent_id":null,"user_hash":null,"principal_type":null,"principal_attributes":null';

/** SARK's words. */
const TYPES = { user: "human", api_key: "service", agent: "agent" } as const;

/** Written once for the limits that nearly every record has. */
const written = new WeakMap<Principal, { readonly limits: LineLimits; readonly part: string }>();

export function principalPart(entry: AuditEntry, limits: LineLimits): string {
  const { principal } = entry;
  if (principal === undefined) return NOBODY;
  const known = written.get(principal);
  if (known?.limits === limits) return known.part;
  const part = write(principal, entry.tokenHash, limits);
  written.set(principal, { limits, part });
  return part;
}

function write(principal: Principal, tokenHash: string | undefined, limits: LineLimits): string {
  const { textCharactersMax } = limits;
  const isUser = principal.kind !== "agent";
  const id = quote(principal.id, textCharactersMax);
  const attributes = isUser
    ? `"roles":${list(principal.roles, limits)},"teams":${list(principal.teams, limits)}`
    : `"agent_type":"${principal.agentType}","trust_level":"${principal.trustLevel}"`;
  return `"user_id":${isUser ? id : "null"},"agent_id":${isUser ? "null" : id},"user_hash":${quoteOrNull(principal.hash, textCharactersMax)},"principal_type":"${TYPES[principal.kind]}","principal_attributes":{"issuer":${quote(principal.issuer, textCharactersMax)},${attributes},"actor":${list(principal.actors, limits)},"token_hash":${quoteOrNull(tokenHash, textCharactersMax)}}`;
}

function list(texts: readonly string[], limits: LineLimits): string {
  return quoteList(texts, limits.textCharactersMax, limits.listCharactersMax);
}
