/**
 * `sark-authz api-key create`, `revoke` and `list`: writes the file of API-key records that the sidecar
 * reads. The key itself is printed once and kept nowhere.
 *
 * @module
 */
import type { KeyObject } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { ConfigError } from "../domain/errors.ts";
import { fileSystem } from "../host/file-system.ts";
import { systemClock } from "../host/system-clock.ts";
import { systemRandom } from "../host/system-random.ts";
import { type ApiKeyRecord, timeText } from "../identity/api-key-record.ts";
import { apiKeyMac } from "../identity/api-key-set.ts";
import { readPepper } from "../identity/api-key-source.ts";
import { readApiKeys, rewriteApiKeys } from "./api-key-store.ts";
import { EXIT_CODE } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export const API_KEY_ENVIRONMENTS = ["live", "test", "dev"] as const;
export const API_KEY_KINDS = ["service", "gateway"] as const;

export interface ApiKeyOrder {
  readonly file: string;
  readonly pepperFile: string;
  /** Makes the pepper first where there is none. */
  readonly init: boolean;
  /** Undefined = a random one. */
  readonly id: string | undefined;
  readonly kind: (typeof API_KEY_KINDS)[number];
  readonly env: (typeof API_KEY_ENVIRONMENTS)[number];
  readonly scopes: readonly string[];
  readonly owner: string;
  readonly team: string | undefined;
  readonly ratePerMinute: number;
  /** Undefined = no end. */
  readonly expiresInDays: number | undefined;
}

const DAY_MS = 86_400_000;
const NEVER = Number.POSITIVE_INFINITY;
const PEPPER_BYTES = 32;

/** Only the key goes to stdout, so that it can be piped into a secret store. */
export async function apiKeyCreate(order: ApiKeyOrder, terminal: Terminal): Promise<number> {
  const pepper = await openPepper(order, terminal);
  const key = newKey(order);
  const record: ApiKeyRecord = {
    id: order.id ?? `key-${random(6).toString("hex")}`,
    mac: apiKeyMac(pepper, key).toString("hex"),
    scopes: [...new Set(order.scopes)],
    environment: order.env,
    owner: order.owner,
    team: order.team ?? null,
    ratePerMinute: order.ratePerMinute,
    expiresAtMs:
      order.expiresInDays === undefined
        ? NEVER
        : systemClock.unixMs() + order.expiresInDays * DAY_MS,
    revokedAtMs: NEVER,
  };
  const isNew = await rewriteApiKeys(order.file, (records) =>
    records.some(({ id }) => id === record.id) ? undefined : [...records, record],
  );
  if (!isNew) {
    terminal.tell(`${order.file}: the id is used already; choose another with --id`);
    return EXIT_CODE.negative;
  }
  terminal.tell(`wrote ${record.id} to ${order.file}; the key is shown only now:`);
  terminal.print(key);
  return EXIT_CODE.success;
}

/** What was taken back before stays as it was. */
export async function apiKeyRevoke(
  file: string,
  wanted: string,
  terminal: Terminal,
): Promise<number> {
  const nowMs = systemClock.unixMs();
  if (!existsSync(file)) {
    throw new ConfigError([`${file}: is not there; name the file of records with --file`]);
  }
  const isFound = await rewriteApiKeys(file, (records) => {
    if (!records.some(({ id }) => id === wanted)) return undefined;
    return records.map((record) =>
      record.id === wanted
        ? { ...record, revokedAtMs: Math.min(record.revokedAtMs, nowMs) }
        : record,
    );
  });
  terminal.tell(
    isFound ? `revoked ${wanted}` : `${file}: has no such id; "api-key list" shows all of them`,
  );
  return isFound ? EXIT_CODE.success : EXIT_CODE.negative;
}

export async function apiKeyList(file: string, terminal: Terminal): Promise<number> {
  const nowMs = systemClock.unixMs();
  const records = await readApiKeys(file);
  terminal.print("ID\tSTATE\tEXPIRES\tENVIRONMENT\tOWNER\tTEAM\tSCOPES");
  for (const record of records) {
    const { id, expiresAtMs, environment, owner, team, scopes } = record;
    const cells = [id, stateOf(record, nowMs), timeText(expiresAtMs) ?? "never", environment];
    terminal.print([...cells, owner, team ?? "-", scopes.join(" ") || "-"].join("\t"));
  }
  return EXIT_CODE.success;
}

function stateOf({ revokedAtMs, expiresAtMs }: ApiKeyRecord, nowMs: number): string {
  if (nowMs >= revokedAtMs) return "revoked";
  return nowMs >= expiresAtMs ? "expired" : "active";
}

/** SARK's two forms (contract 7.4): 192 random bits behind a public part, or 128 bits. */
function newKey({ kind, env }: ApiKeyOrder): string {
  if (kind === "gateway") return `sark_gw_${random(16).toString("hex")}`;
  return `sark_sk_${env}_${random(6).toString("base64url")}_${random(24).toString("base64url")}`;
}

function random(count: number): Buffer {
  return Buffer.from(systemRandom.bytes(count));
}

/** A pepper that exists is never replaced: every key made with it would be lost. */
async function openPepper(order: ApiKeyOrder, terminal: Terminal): Promise<KeyObject> {
  const { pepperFile: path, init } = order;
  if (init && !existsSync(path)) {
    try {
      writeFileSync(path, random(PEPPER_BYTES).toString("hex"), { mode: 0o600, flag: "wx" });
    } catch (cause) {
      throw new ConfigError([`${path}: can not be written; name another with --pepper-file`], {
        cause,
      });
    }
    terminal.tell(`wrote ${path}; keep it secret and give it to the sidecar`);
  }
  if (!existsSync(path)) {
    throw new ConfigError([
      `${path}: is not there; name another with --pepper-file, or make it with --init`,
    ]);
  }
  return readPepper(fileSystem, path);
}
