/** The spine with fakes at its ports, real stages between them, and a log of what was called. */

import { DecisionCache } from "../../src/cache/decision-cache.ts";
import type { CachedDecision, CheckDeps } from "../../src/check/check-state.ts";
import { createCheckHandler } from "../../src/check/run-check.ts";
import type { Call } from "../../src/domain/call.ts";
import type { VerifiedCredential } from "../../src/domain/principal.ts";
import type { CheckRecord } from "../../src/domain/record.ts";
import type { Registry } from "../../src/domain/registry.ts";
import type { Credential } from "../../src/domain/request.ts";
import type { Route } from "../../src/domain/route.ts";
import {
  REQUEST_HEADER_PREFIXES,
  REQUEST_HEADER_TWIN_PREFIXES,
  REQUEST_HEADERS_EXACT,
} from "../../src/request/header-rules.ts";
import { RouteTable } from "../../src/request/route-table.ts";
import { selectHeaders } from "../../src/wire/check-request.ts";
import { handClock } from "./hand-clock.ts";
import { registryAgent, resource, route, user, verified } from "./samples.ts";

export const call: Call = {
  deadlineMonotonicMs: Number.POSITIVE_INFINITY,
  header: () => undefined,
  onCancel: () => undefined,
};

/** As the service selects them. */
export const REQUEST_HEADERS = selectHeaders(
  REQUEST_HEADERS_EXACT,
  REQUEST_HEADER_PREFIXES,
  REQUEST_HEADER_TWIN_PREFIXES,
);

export interface SpineOptions {
  readonly routes?: readonly Route[];
  readonly token?: VerifiedCredential;
  /** What the policy answers, or throws. */
  readonly policy?: (entrypoint: string, input: object) => unknown;
  readonly percent?: number;
  readonly deps?: Partial<CheckDeps>;
}

const work = { start: 0, end: 24, days: [1, 2, 3, 4, 5, 6, 7], timeSlotSeconds: 3_600 };
const ALLOW = [{ result: { allow: true, reason: "Allowed: test" } }];

export function registry(change: Partial<Registry> = {}): Registry {
  return {
    revision: "d1",
    serverNames: new Set(["demo"]),
    resolve: (name) =>
      resource({
        type: name.type,
        server: name.server,
        tool: name.tool,
        sensitivity: name.claimedSensitivity ?? "low",
      }),
    agent: (id) => registryAgent({ id }),
    ...change,
  };
}

function textOf(credential: Credential): string {
  return credential.kind === "bearer" ? credential.token : credential.key;
}

export function spine(options: SpineOptions = {}) {
  const clock = handClock();
  const calls: string[] = [];
  const records: CheckRecord[] = [];
  const known = new Set<string>();
  const token = options.token ?? verified(user());
  const percent = options.percent ?? 100;
  const store = new DecisionCache<CachedDecision>({ entriesMax: 100, clock });
  let ids = 0;
  const state = { policyRevision: "p1", registry: registry(), token };
  const deps: CheckDeps = {
    clock,
    newAuditId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    headers: REQUEST_HEADERS,
    rules: { routes: new RouteTable(options.routes ?? [route()]), bodyBytesMax: 65_536 },
    identity: {
      known: (credential) => (known.has(textOf(credential)) ? state.token : undefined),
      verify: async (credential) => {
        calls.push("verify");
        known.add(textOf(credential));
        return state.token;
      },
    },
    revocation: {
      isRevoked: () => false,
      allowAgeMsMax: () => Number.POSITIVE_INFINITY,
    },
    workloads: new Set(),
    rollout: {
      bucket: () => 50,
      enforces: (bucket) => bucket < percent,
      isComplete: percent === 100,
    },
    cache: {
      get: (key) => {
        calls.push("cache.get");
        return store.get(key);
      },
      set: (key, value, ttlMs, bytes) => {
        calls.push("cache.set");
        store.set(key, value, ttlMs, bytes);
      },
    },
    policy: () => ({
      revision: state.policyRevision,
      answeredBy: "plan" as const,
      evaluate: (entrypoint, input) => {
        calls.push("policy");
        return { resultSet: (options.policy ?? (() => ALLOW))(entrypoint, input), readTime: false };
      },
    }),
    registry: () => state.registry,
    audit: {
      record: (record) => {
        calls.push(`audit:${record.effect}`);
        records.push(record);
      },
    },
    metrics: { observe: () => calls.push("metrics") },
    onDefect: () => calls.push("defect"),
    options: {
      checkMs: 150,
      checksInFlightMax: 256,
      entrypoints: { sark: "sark", a2a: "a2a", mcp: "mcp", http: "http" },
      workHours: work,
      ttlSecondsMax: 60,
      advertisedTtlSecondsMax: 60,
      denyTtlSecondsMax: 5,
    },
    ...options.deps,
  };
  return { handler: createCheckHandler(deps), calls, records, clock, state, store };
}
