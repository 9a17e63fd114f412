/**
 * The last good key set of a URL on disk, for a start while its provider is down. It is admitted again
 * when it is read, and its age counts from the recorded wall time: a restart prolongs nothing.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { Clock } from "../domain/clock.ts";
import type { Files } from "../domain/surroundings.ts";
import { lazyObject } from "../json/json-node.ts";
import { protocolLevel } from "../json/protocol-level.ts";
import { readStrictJson } from "../json/strict-json.ts";
import { admitKeys, KEY_SET_BYTES_MAX, type KeySet } from "./key-admission.ts";

export interface KeptKeySetOptions {
  readonly folder: string;
  readonly issuer: string;
  readonly url: string;
  readonly files: Files;
  readonly clock: Pick<Clock, "unixMs">;
}

export interface KeptSet {
  readonly set: KeySet;
  readonly ageMs: number;
}

/** The document in base64, and the few members around it. */
const FILE_BYTES_MAX = Math.ceil(KEY_SET_BYTES_MAX / 3) * 4 + 1_024;
const NO_LEVEL = protocolLevel({});

export class KeptKeySet {
  readonly #options: KeptKeySetOptions;
  /** Of issuer and URL: another URL never meets keys of this one. */
  readonly #source: string;
  readonly #path: string;

  constructor(options: KeptKeySetOptions) {
    this.#options = options;
    this.#source = hash("sha256", `${options.issuer}\n${options.url}`, "hex");
    this.#path = `${options.folder}/${this.#source}.jwks.json`;
  }

  /** Rejects when there is none, or none that can be used. */
  async read(): Promise<KeptSet> {
    const node = readStrictJson(
      await this.#options.files.read(this.#path, FILE_BYTES_MAX),
      NO_LEVEL,
    );
    const kept = node.kind === "object" ? lazyObject(node).value() : {};
    const { source, loaded_unix_ms: loadedUnixMs, document } = kept;
    if (source !== this.#source) throw new Error("kept for another source");
    if (typeof loadedUnixMs !== "number" || typeof document !== "string") {
      throw new Error("not in the form it was written in");
    }
    const ageMs = this.#options.clock.unixMs() - loadedUnixMs;
    if (!(ageMs >= 0)) throw new Error("its time lies ahead, so its age is not known");
    return { set: admitKeys(Buffer.from(document, "base64")), ageMs };
  }

  /** Rejects when the folder can not be written. */
  write(document: Uint8Array): Promise<void> {
    const kept = {
      source: this.#source,
      loaded_unix_ms: this.#options.clock.unixMs(),
      document: Buffer.from(document).toString("base64"),
    };
    return this.#options.files.replace(this.#path, Buffer.from(JSON.stringify(kept)));
  }
}
