/**
 * What an application takes from its process, and the files it loads before it can decide anything.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { hostname } from "node:os";
import { engineOptions, keyOptions } from "./app-options.ts";
import { openRevocation, type Revocation } from "./app-revocation.ts";
import { parseRegistry } from "./config/registry-document.ts";
import type { Config } from "./config/schema.ts";
import { ConfigError } from "./domain/errors.ts";
import type { Logger } from "./domain/logger.ts";
import type { ByteSink, Store, Surroundings } from "./domain/surroundings.ts";
import { fileSink, stdoutSink } from "./host/byte-sink.ts";
import { fileSystem } from "./host/file-system.ts";
import { httpsClient } from "./host/https-client.ts";
import { systemClock } from "./host/system-clock.ts";
import { systemRandom } from "./host/system-random.ts";
import { ApiKeySource } from "./identity/api-key-source.ts";
import type { Issuer } from "./identity/issuer.ts";
import { openIssuers } from "./identity/open-issuers.ts";
import type { Readiness } from "./lifecycle/readiness.ts";
import { createLog, type Log, standardDestination } from "./observability/log.ts";
import type { PolicyEngine } from "./policy/policy-engine.ts";
import { loadPolicyBundle } from "./policy/policy-store.ts";
import { RegistrySource } from "./registry/registry-source.ts";

const STDERR = 2;
const PEPPER_BYTES_MIN = 32;
const PEPPER_BYTES_MAX = 4_096;
const HASH_CHARACTERS = 16;

/** Everything that is not configuration; a test replaces what it wants to control. */
export interface AppParts {
  readonly surroundings: Surroundings;
  readonly log: Log;
  readonly openSink: (audit: Config["audit"]) => Promise<ByteSink>;
  /** Loads its client only when it is called. */
  readonly openStore: (redis: Config["redis"], log: Logger) => Promise<Store>;
  /** Runs a task after the work at hand. */
  readonly defer: (task: () => void) => void;
  readonly version: string;
  /** Name of this process in its records. */
  readonly instance: string;
  /** False builds and checks everything without asking anybody over the network. */
  readonly isOnline: boolean;
}

export function realParts(config: Config, replace: Partial<AppParts>): AppParts {
  const { level } = config.log;
  const silent = { write: () => undefined };
  return {
    surroundings: {
      clock: systemClock,
      random: systemRandom,
      http: httpsClient,
      files: fileSystem,
    },
    log: createLog({
      level: level === "silent" ? "error" : level,
      clock: systemClock,
      destination: level === "silent" ? silent : standardDestination(STDERR),
    }),
    openSink: openRealSink,
    openStore: openRealStore,
    defer: (task) => setImmediate(task),
    version: "unknown",
    instance: hostname(),
    isOnline: true,
    ...replace,
  };
}

async function openRealSink(audit: Config["audit"]): Promise<ByteSink> {
  if (audit.sink === "stdout" || audit.file === null) return stdoutSink(systemClock);
  try {
    return await fileSink(audit.file, systemClock);
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code);
    throw new ConfigError([`${audit.file}: can not be opened (${code}); name another audit.file`], {
      cause,
    });
  }
}

async function openRealStore(redis: Config["redis"], log: Logger): Promise<Store> {
  const { openRedisStore } = await import("./host/redis-store.ts");
  return openRedisStore(redis, { clock: systemClock, random: systemRandom, log });
}

export interface LoadedFiles {
  readonly issuers: readonly Issuer[];
  readonly registry: RegistrySource;
  readonly policy: PolicyEngine;
  readonly revocation: Revocation;
  readonly hashId: (id: string) => string | undefined;
  /** Undefined where none is configured. */
  readonly apiKeys: ApiKeySource | undefined;
}

/** @throws {ConfigError} with the problems of every file at once */
export async function loadFiles(
  config: Config,
  parts: AppParts,
  readiness: Readiness,
): Promise<LoadedFiles> {
  const { surroundings, log } = parts;
  const hashing = openPepper(config, parts);
  const [issuers, registry, policy, revocation, hashId, apiKeys] = await Promise.allSettled([
    openIssuers({
      entries: config.identity.issuers,
      surroundings,
      log: log.component("identity"),
      hold: (part) => readiness.hold(part),
      keys: keyOptions(config),
      isOnline: parts.isOnline,
    }),
    openRegistry(config, parts),
    loadPolicyBundle({
      files: surroundings.files,
      path: config.policy.bundle,
      allowUnsigned: config.policy.insecure_unsigned_bundle,
      ...engineOptions(config),
      random: () => surroundings.random.float(),
      defer: parts.defer,
      monotonicMs: () => surroundings.clock.monotonicMs(),
      log: log.component("policy"),
    }),
    openRevocation(config, parts, readiness),
    hashing,
    openApiKeys(config, parts, hashing),
  ]);
  const problems: string[] = [];
  const take = <Value>(result: PromiseSettledResult<Value>): Value => {
    if (result.status === "fulfilled") return result.value;
    if (!(result.reason instanceof ConfigError)) throw result.reason;
    problems.push(...result.reason.problems);
    return undefined as Value; // never used: the problems are thrown below
  };
  const loaded = {
    issuers: take(issuers),
    registry: take(registry),
    policy: take(policy),
    revocation: take(revocation),
    hashId: take(hashId),
    apiKeys: take(apiKeys),
  };
  if (problems.length === 0) return loaded;
  loaded.registry?.close();
  loaded.apiKeys?.close();
  await loaded.revocation?.close();
  for (const issuer of loaded.issuers ?? []) issuer.keys.stop();
  throw new ConfigError(problems);
}

function openRegistry(config: Config, parts: AppParts): Promise<RegistrySource> {
  const log = parts.log.component("registry");
  return RegistrySource.open({
    file: config.registry.file,
    files: parts.surroundings.files,
    parse: parseRegistry,
    onSwap: (registry) => log.info("registry replaced", { data_revision: registry.revision }),
    onRefused: (error) =>
      log.error("registry refused, the last good one stays", { problems: error.problems }),
  });
}

/** A pepper of the audit that can not be read is told by itself; ids are left unhashed meanwhile. */
async function openApiKeys(
  config: Config,
  parts: AppParts,
  hashing: Promise<LoadedFiles["hashId"]>,
): Promise<ApiKeySource | undefined> {
  const entry = config.identity.api_keys;
  if (entry === undefined) return undefined;
  const { files, clock } = parts.surroundings;
  return ApiKeySource.open({
    file: entry.file,
    pepperFile: entry.pepper_file,
    files,
    clock,
    log: parts.log.component("identity"),
    hashId: await hashing.catch(() => () => undefined),
  });
}

/** The key of `user_hash`; without one no id is hashed. */
async function openPepper(config: Config, parts: AppParts): Promise<LoadedFiles["hashId"]> {
  const path = config.audit.pepper_file;
  if (path === null) return () => undefined;
  const pepper = await parts.surroundings.files.read(path, PEPPER_BYTES_MAX).catch((cause) => {
    throw new ConfigError([`${path}: can not be read; it keys user_hash`], { cause });
  });
  if (pepper.length < PEPPER_BYTES_MIN) {
    throw new ConfigError([`${path}: needs at least ${PEPPER_BYTES_MIN} bytes`]);
  }
  return (id) => createHmac("sha256", pepper).update(id).digest("hex").slice(0, HASH_CHARACTERS);
}
