/**
 * The workload that Envoy saw in the peer's certificate, beside the caller's own credential: known by
 * its exact name or refused. Certificates are not parsed here, and no pattern is ever compared. Pure.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { Route } from "../domain/route.ts";

export const WORKLOAD_BYTES_MAX = 2_048;
/** SPIFFE ID section 2: lower-case trust domain, at least one path segment, no dot segment. */
const SPIFFE = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/;
const DNS = /^(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.(?!$)|$))+$/;

/** Whether a name may be configured: a SPIFFE id, or a DNS name without wildcard. */
export function isWorkloadName(name: string): boolean {
  return name.length <= WORKLOAD_BYTES_MAX && (SPIFFE.test(name) || DNS.test(name));
}

/**
 * On a route that looks at the peer, a name that is there must be known, even where none is needed.
 *
 * @throws {DenyError} `identity.workload_unknown`
 */
export function requireWorkload(
  known: ReadonlySet<string>,
  mtls: Route["mtls"],
  peerPrincipal: string,
): void {
  if (mtls === undefined) return;
  if (peerPrincipal === "" && mtls === "optional") return;
  if (peerPrincipal.length > WORKLOAD_BYTES_MAX || !known.has(peerPrincipal)) {
    throw new DenyError("identity.workload_unknown", "the peer's certificate names no workload");
  }
}
