/**
 * Keys from a file next to the configuration, read again when it changes: a JWK Set, or a shared secret.
 * A file that can not be read or is wrong never replaces a good one. What an operator takes out of the
 * file counts no more from that moment.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import type { Logger } from "../domain/logger.ts";
import { Reload } from "../domain/reload.ts";
import type { Files } from "../domain/surroundings.ts";
import { type KeySet, KeySetError } from "./key-admission.ts";
import { KeyReport } from "./key-report.ts";
import type { KeyFigures, KeySource } from "./key-source.ts";

export interface FileKeySourceOptions {
  readonly path: string;
  /** Named in logs. */
  readonly issuer: string;
  readonly files: Files;
  readonly log: Logger;
  readonly bytesMax: number;
  /** @throws {KeySetError} */
  readonly admit: (bytes: Uint8Array) => KeySet;
  /** What a good file has, as the remedy of a start-up problem. */
  readonly remedy: string;
}

export class FileKeySource implements KeySource {
  readonly #options: FileKeySourceOptions;
  readonly #report: KeyReport;
  readonly #stopWatch: () => void;
  readonly #reload = new Reload(() => this.#reloadOnce());
  #set: KeySet | undefined;
  #revision = 0;
  #isChangedEarly = false;

  private constructor(options: FileKeySourceOptions) {
    this.#options = options;
    this.#report = new KeyReport(options.issuer, options.log);
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
      throw new ConfigError([`${problem}; ${options.remedy}`], { cause });
    }
    if (source.#isChangedEarly) source.#reload.ask();
    return source;
  }

  get current(): KeySet | undefined {
    return this.#set;
  }

  get figures(): KeyFigures {
    const { refreshes, rejected } = this.#report;
    const active = this.#set?.keys.length ?? 0;
    return { ageMs: undefined, active, leaving: 0, revision: this.#revision, refreshes, rejected };
  }

  missed(): void {
    // The watch reads the file as soon as it changes; asking more often finds nothing new.
  }

  stop(): void {
    this.#stopWatch();
    this.#reload.stop();
  }

  #changed(): void {
    if (this.#set === undefined) this.#isChangedEarly = true;
    else this.#reload.ask();
  }

  async #reloadOnce(): Promise<void> {
    const { log, issuer } = this.#options;
    try {
      const set = await this.#read();
      if (this.#reload.isStopped) return;
      this.#use(set);
      log.info("key set replaced", { issuer, keys: set.keys.length });
    } catch (err) {
      this.#report.failed(err);
      const problem = `${this.#options.path}: ${problemOf(err)}`;
      log.error("key set refused, the last good one stays", { issuer, problem });
    }
  }

  async #read(): Promise<KeySet> {
    const { files, path, bytesMax, admit } = this.#options;
    return admit(await files.read(path, bytesMax));
  }

  #use(set: KeySet): void {
    this.#set = set;
    this.#revision++;
    this.#report.loaded(set);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof KeySetError) return error.message;
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? `can not be read (${code})` : "can not be read";
}
