/**
 * Issuer entries of the configuration → issuers with their keys. Key files are read at once; https
 * sources start in the background and hold a readiness latch while they have no usable set.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import type { Logger } from "../domain/logger.ts";
import type { Surroundings } from "../domain/surroundings.ts";
import type { IssuerConfig } from "./config.ts";
import { FileKeySource } from "./file-key-source.ts";
import { HttpsKeySource } from "./https-key-source.ts";
import type { Issuer } from "./issuer.ts";
import { KeptKeySet } from "./kept-key-set.ts";
import { admitKeys, KEY_SET_BYTES_MAX } from "./key-admission.ts";
import type { KeySource } from "./key-source.ts";
import { admitSecret, SECRET_BYTES_MAX } from "./shared-secret.ts";

const CA_BYTES_MAX = 1_048_576;

export interface OpenIssuersOptions {
  readonly entries: readonly IssuerConfig[];
  readonly surroundings: Surroundings;
  readonly log: Logger;
  /** Takes a readiness latch for a part; the result releases it. */
  readonly hold: (part: string) => () => void;
  readonly keys: {
    /** How long the last good set of a URL is used without its provider. */
    readonly staleMsMax: number;
    /** Where the last good sets of URLs outlive the process. */
    readonly keptFolder: string | undefined;
  };
  /** False for a check of the configuration: https sources are not asked. */
  readonly isOnline: boolean;
}

/** @throws {ConfigError} with the problems of every entry at once */
export async function openIssuers(options: OpenIssuersOptions): Promise<readonly Issuer[]> {
  const opened = await Promise.allSettled(options.entries.map((entry) => open(entry, options)));
  const issuers = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failures = opened.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (failures.length === 0) return issuers;
  for (const issuer of issuers) issuer.keys.stop();
  const defect = failures.find((failure) => !(failure instanceof ConfigError));
  if (defect !== undefined) throw defect;
  throw new ConfigError(failures.flatMap((failure: ConfigError) => failure.problems));
}

async function open(entry: IssuerConfig, options: OpenIssuersOptions): Promise<Issuer> {
  return {
    name: entry.issuer,
    kind: entry.kind,
    audiences: new Set(typeof entry.audience === "string" ? [entry.audience] : entry.audience),
    algorithms: new Set(entry.algorithms),
    keys: await openKeys(entry, options),
    requireAccessTyp: entry.require_typ !== undefined,
    acceptsMissingName: entry.accept_missing_iss,
    subjectPrefix: entry.subject_prefix ?? "",
    uuidProvider: entry.uuid_v5_provider,
    mapsTrustLadder: entry.trust_map === "ladder",
    trustsAttributes: entry.trust_attributes,
    policyClaims: entry.claims_to_policy,
    tokenAgeSecondsMax: entry.token_age_seconds_max,
  };
}

function openKeys(entry: IssuerConfig, options: OpenIssuersOptions): Promise<KeySource> {
  const { issuer } = entry;
  const { log } = options;
  const { files } = options.surroundings;
  if (entry.jwks_url !== undefined) return openUrl(entry, entry.jwks_url, options);
  if (entry.shared_secret_file !== undefined) {
    return FileKeySource.open({
      path: entry.shared_secret_file,
      issuer,
      files,
      log,
      bytesMax: SECRET_BYTES_MAX,
      admit: admitSecret,
      remedy: "give at least 32 random bytes, such as the output of openssl rand -base64 32",
    });
  }
  return FileKeySource.open({
    path: entry.jwks_file ?? "",
    issuer,
    files,
    log,
    bytesMax: KEY_SET_BYTES_MAX,
    admit: admitKeys,
    remedy: "give a JWK Set with at least one public key",
  });
}

async function openUrl(
  entry: IssuerConfig,
  url: string,
  options: OpenIssuersOptions,
): Promise<KeySource> {
  const { surroundings, log, keys } = options;
  const { issuer } = entry;
  const { files, clock } = surroundings;
  const folder = keys.keptFolder;
  const source = new HttpsKeySource(
    {
      url,
      issuer,
      caPem: await readCa(entry, options),
      allowPrivate: entry.allow_private,
      staleMsMax: keys.staleMsMax,
      kept:
        folder === undefined ? undefined : new KeptKeySet({ folder, issuer, url, files, clock }),
      hold: entry.required ? () => options.hold(`keys of ${issuer}`) : undefined,
      log,
    },
    surroundings,
  );
  if (options.isOnline) void source.start();
  return source;
}

async function readCa(
  entry: IssuerConfig,
  options: OpenIssuersOptions,
): Promise<string | undefined> {
  if (entry.ca_file === undefined) return undefined;
  try {
    return Buffer.from(
      await options.surroundings.files.read(entry.ca_file, CA_BYTES_MAX),
    ).toString();
  } catch (cause) {
    throw new ConfigError([`${entry.ca_file}: can not be read; give a PEM file with ca_file`], {
      cause,
    });
  }
}
