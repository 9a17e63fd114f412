/** API keys with their records, and files that hold them. */
import { createSecretKey } from "node:crypto";
import type { ApiKeyRecord } from "../../src/identity/api-key-record.ts";
import { apiKeyMac } from "../../src/identity/api-key-set.ts";

export const PEPPER = createSecretKey(Buffer.alloc(32, 7));
export const SERVICE_KEY = `sark_sk_live_${"a".repeat(8)}_${"b".repeat(32)}`;
export const GATEWAY_KEY = `sark_gw_${"0a".repeat(16)}`;

export function apiKeyRecord(
  key: string = SERVICE_KEY,
  change: Partial<ApiKeyRecord> = {},
): ApiKeyRecord {
  return {
    id: "billing",
    mac: apiKeyMac(PEPPER, key).toString("hex"),
    scopes: ["gateway:authorize"],
    environment: "live",
    owner: "billing-team",
    team: "platform",
    ratePerMinute: 1_000,
    expiresAtMs: Number.POSITIVE_INFINITY,
    revokedAtMs: Number.POSITIVE_INFINITY,
    ...change,
  };
}

/** The code of the refusal, or "accepted". */
export function outcomeOf(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (thrown) {
    return (thrown as { reason?: string }).reason ?? `a defect: ${String(thrown)}`;
  }
}
