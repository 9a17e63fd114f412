/**
 * Issuer entries of the configuration → issuers with their keys. Key files are read at once; https
 * sources start in the background and hold a readiness latch until their first good set.
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
import type { KeySource } from "./key-source.ts";

const CA_BYTES_MAX = 1_048_576;

export interface OpenIssuersOptions {
  readonly entries: readonly IssuerConfig[];
  readonly surroundings: Surroundings;
  readonly log: Logger;
  /** Takes a readiness latch for a part; the result releases it. */
  readonly hold: (part: string) => () => void;
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
    subjectPrefix: entry.subject_prefix ?? "",
    mapsTrustLadder: entry.trust_map === "ladder",
    trustsAttributes: entry.trust_attributes,
    tokenAgeSecondsMax: entry.token_age_seconds_max,
  };
}

async function openKeys(entry: IssuerConfig, options: OpenIssuersOptions): Promise<KeySource> {
  const { surroundings, log } = options;
  const { issuer } = entry;
  if (entry.jwks_file !== undefined) {
    return FileKeySource.open({ path: entry.jwks_file, issuer, files: surroundings.files, log });
  }
  const source = new HttpsKeySource(
    {
      url: entry.jwks_url ?? "",
      issuer,
      caPem: await readCa(entry, options),
      allowPrivate: entry.allow_private,
      log,
    },
    surroundings,
  );
  if (!options.isOnline) return source;
  if (entry.required) {
    const release = options.hold(`keys of ${issuer}`);
    source.onChange(release);
  }
  void source.start();
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
