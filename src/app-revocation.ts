/**
 * The revocation list of an application: its source, its feed and what its age means, joined as the
 * configuration says.
 *
 * @module
 */
import type { RevocationPort } from "./check/ports.ts";
import type { Config } from "./config/schema.ts";
import { ConfigError } from "./domain/errors.ts";
import type { Logger } from "./domain/logger.ts";
import type { Store, Surroundings } from "./domain/surroundings.ts";
import { FileKeySource } from "./identity/file-key-source.ts";
import { admitKeys, KEY_SET_BYTES_MAX } from "./identity/key-admission.ts";
import { RevocationFeed } from "./identity/revocation-feed.ts";
import { RevocationList } from "./identity/revocation-list.ts";
import {
  fileRevocations,
  type RevocationSource,
  StoreRevocations,
} from "./identity/revocation-sources.ts";
import { StalenessWatch } from "./identity/revocation-staleness.ts";
import type { Readiness } from "./lifecycle/readiness.ts";
import type { RevocationReading } from "./observability/readings.ts";

/** What is needed of the process. */
export interface RevocationParts {
  readonly surroundings: Surroundings;
  readonly log: { readonly component: (name: string) => Logger };
  /** Loads its client only when it is called. */
  readonly openStore: (redis: Config["redis"], log: Logger) => Promise<Store>;
  /** False for a check of the configuration: no server is asked. */
  readonly isOnline: boolean;
}

export interface Revocation {
  readonly port: RevocationPort;
  /** Undefined when there is no list. */
  readonly reading: () => RevocationReading | undefined;
  close(): Promise<void>;
}

/** Without a list nothing is revoked, and the configured TTLs are capped instead. */
const NO_REVOCATION: Revocation = {
  port: { isRevoked: () => false, allowAgeMsMax: () => Number.POSITIVE_INFINITY },
  reading: () => undefined,
  close: async () => undefined,
};

/** @throws {ConfigError} for files that can not be used, and for a list file that gives no list */
export async function openRevocation(
  config: Config,
  parts: RevocationParts,
  readiness: Readiness,
): Promise<Revocation> {
  const { revocation } = config;
  if (revocation.source === "none") return NO_REVOCATION;
  const { surroundings } = parts;
  const log = parts.log.component("revocation");
  const { warn_seconds, not_ready_seconds, refuse_seconds } = revocation.staleness;
  const list = new RevocationList({
    clock: surroundings.clock,
    skewMs: config.identity.clock_skew_seconds * 1_000,
    refuseMs: refuse_seconds * 1_000,
  });
  const keys = await openKeys(revocation.keys_file, parts);
  const watch = new StalenessWatch({
    clock: surroundings.clock,
    ageMs: () => list.ageMs,
    warnMs: warn_seconds * 1_000,
    notReadyMs: not_ready_seconds * 1_000,
    refuseMs: refuse_seconds * 1_000,
    log,
    hold: (part) => readiness.hold(part),
  });
  const feed = new RevocationFeed({
    list,
    keys: keys === undefined ? undefined : () => keys.current,
    files: surroundings.files,
    statePath: revocation.state_file ?? "",
    log,
    onTaken: () => watch.look(),
  });
  const opened: { store?: Store; source?: RevocationSource } = {};
  const close = async () => {
    watch.stop();
    opened.source?.stop();
    keys?.stop();
    await opened.store?.close();
  };
  try {
    await feed.restore();
    watch.look();
    await openSource(config, parts, feed, opened);
    if (revocation.source === "file" && !list.isLoaded) throw noList(revocation.file, feed);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const reading = () => ({
    ...list.figures,
    ageS: list.ageMs / 1_000,
    faultsByCause: feed.faultsByCause,
    isStoreConnected: opened.store?.isConnected,
  });
  return { port: list, reading, close };
}

/** A check of the configuration reads a file and asks no server. */
async function openSource(
  config: Config,
  parts: RevocationParts,
  feed: RevocationFeed,
  opened: { store?: Store; source?: RevocationSource },
): Promise<void> {
  const { clock, random, files } = parts.surroundings;
  const { source, file } = config.revocation;
  if (source === "file") opened.source = fileRevocations(files, file ?? "", feed);
  else if (parts.isOnline) {
    const store = await parts.openStore(config.redis, parts.log.component("store"));
    opened.store = store;
    opened.source = new StoreRevocations({ store, feed, clock, random });
  }
  await opened.source?.start();
}

async function openKeys(
  path: string | null,
  parts: RevocationParts,
): Promise<FileKeySource | undefined> {
  if (path === null) return undefined;
  const log = parts.log.component("revocation");
  const { files } = parts.surroundings;
  return FileKeySource.open({
    path,
    issuer: "revocation list",
    files,
    log,
    bytesMax: KEY_SET_BYTES_MAX,
    admit: admitKeys,
    remedy: "give a JWK Set with the public key that signs the list",
  });
}

function noList(file: string | null, feed: RevocationFeed): ConfigError {
  const causes = [...feed.faultsByCause.keys()].join(", ");
  return new ConfigError([
    `${file}: gives no revocation list (${causes}); make one with sark-authz revoke init`,
  ]);
}
