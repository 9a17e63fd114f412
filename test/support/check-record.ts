/** A complete record of a Check that was answered from the cache, changeable in single fields. */
import type { CheckRecord } from "../../src/domain/record.ts";
import { request, resource, route, user } from "./samples.ts";

export function checkRecord(change: Partial<CheckRecord> = {}): CheckRecord {
  return {
    auditId: "3f0c9a52-6d3e-4a8b-9c55-0d1f7c0a4b11",
    unixMs: 1_764_000_000_123,
    durationMs: 0.043_21,
    evaluationMs: 0,
    effect: "allow",
    reason: "allowed",
    text: "Allowed: gateway:tool:invoke by user alice",
    httpStatus: 0,
    source: "cache",
    cacheTtlS: 60,
    policyRevision: "p1",
    policyEngine: "plan",
    dataRevision: "d1",
    bucket: 63,
    isCancelled: false,
    route: route(),
    request: request(),
    principal: user(),
    resource: resource(),
    parametersDigest: undefined,
    defect: undefined,
    ...change,
  };
}
