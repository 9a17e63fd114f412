/**
 * Keys from a file next to the configuration, read again when it changes. A file that can not be read or
 * is wrong never replaces a good set.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import type { Logger } from "../domain/logger.ts";
import type { Files } from "../domain/surroundings.ts";
import { admitKeys, KEY_SET_BYTES_MAX, type KeySet, KeySetError } from "./key-admission.ts";
import type { KeySource } from "./key-source.ts";

export interface FileKeySourceOptions {
  readonly path: string;
  /** Named in logs. */
  readonly issuer: string;
  readonly files: Files;
  readonly log: Logger;
}

export class FileKeySource implements KeySource {
  readonly #options: FileKeySourceOptions;
  readonly #listeners: (() => void)[] = [];
  readonly #stopWatch: () => void;
  #set: KeySet | undefined;
  /** A reload is running, and whether the file changed again meanwhile. */
  #reload: "idle" | "running" | "again" = "running";
  #isStopped = false;

  private constructor(options: FileKeySourceOptions) {
    this.#options = options;
    // Watched before it is read, so that no change falls between the two.
    this.#stopWatch = options.files.watch(options.path, () => this.#changed());
  }

  /** @throws {ConfigError} naming the file, the problem and the remedy. */
  static async open(options: FileKeySourceOptions): Promise<FileKeySource> {
    const source = new FileKeySource(options);
    try {
      source.#use(await source.#read());
    } catch (cause) {
      source.stop();
      const problem = `${options.path}: ${problemOf(cause)}`;
      throw new ConfigError([`${problem}; give a JWK Set with at least one public key`], { cause });
    }
    source.#settled();
    return source;
  }

  get current(): KeySet | undefined {
    return this.#set;
  }

  missed(): void {
    // The watch reads the file as soon as it changes; asking more often finds nothing new.
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopWatch();
  }

  /** One read at a time: a slow old read can not replace a newer one. */
  #changed(): void {
    if (this.#reload !== "idle") {
      this.#reload = "again";
      return;
    }
    this.#reload = "running";
    void this.#reloadOnce().finally(() => this.#settled());
  }

  #settled(): void {
    const isAgain = this.#reload === "again" && !this.#isStopped;
    this.#reload = "idle";
    if (isAgain) this.#changed();
  }

  async #reloadOnce(): Promise<void> {
    const { log, issuer } = this.#options;
    try {
      const set = await this.#read();
      if (this.#isStopped) return;
      this.#use(set);
      log.info("key set replaced", { issuer, keys: set.keys.length });
      for (const listener of this.#listeners) listener();
    } catch (err) {
      log.error("key set refused, the last good one stays", { issuer, err });
    }
  }

  async #read(): Promise<KeySet> {
    return admitKeys(await this.#options.files.read(this.#options.path, KEY_SET_BYTES_MAX));
  }

  #use(set: KeySet): void {
    this.#set = set;
    const { log, issuer } = this.#options;
    if (set.dropped.length > 0) log.warn("keys dropped", { issuer, rules: set.dropped });
  }
}

function problemOf(error: unknown): string {
  if (error instanceof KeySetError) return error.message;
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? `can not be read (${code})` : "can not be read";
}
