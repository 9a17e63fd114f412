/**
 * The registry file as the present registry: loaded at start, watched, and swapped as one object. A
 * file that can not be read or is wrong never replaces a good one.
 *
 * @module
 */
import { hash } from "node:crypto";
import { ConfigError } from "../domain/errors.ts";
import type { Registry } from "../domain/registry.ts";
import { Reload } from "../domain/reload.ts";
import type { Files } from "../domain/surroundings.ts";
import type { RegistryDocument } from "./config.ts";
import { buildRegistry } from "./registry.ts";

const REGISTRY_BYTES_MAX = 1_048_576;

export interface RegistrySourceOptions {
  readonly file: string;
  readonly files: Files;
  /** Text → checked document; throws `ConfigError` with every problem. */
  readonly parse: (text: string, file: string) => RegistryDocument;
  /** A new registry is in use. */
  readonly onSwap: (registry: Registry) => void;
  /** A change was refused and the last good registry stays. */
  readonly onRefused: (error: ConfigError) => void;
}

export class RegistrySource {
  readonly #options: RegistrySourceOptions;
  readonly #stopWatching: () => void;
  readonly #reload = new Reload(() => this.#reloadOnce());
  #current: Registry;

  private constructor(options: RegistrySourceOptions, first: Registry, stopWatching: () => void) {
    this.#options = options;
    this.#current = first;
    this.#stopWatching = stopWatching;
  }

  /** @throws {ConfigError} when there is no good registry to start with. */
  static async open(options: RegistrySourceOptions): Promise<RegistrySource> {
    let source: RegistrySource | undefined;
    let isChangedEarly = false;
    // Watched before it is read, so that no change falls between the two.
    const stop = options.files.watch(options.file, () => {
      if (source === undefined) isChangedEarly = true;
      else source.#reload.ask();
    });
    try {
      source = new RegistrySource(options, await load(options), stop);
    } catch (thrown) {
      stop();
      throw thrown;
    }
    if (isChangedEarly) source.#reload.ask();
    return source;
  }

  /** Immutable; one Check reads this once. */
  get current(): Registry {
    return this.#current;
  }

  close(): void {
    this.#stopWatching();
    this.#reload.stop();
  }

  async #reloadOnce(): Promise<void> {
    const { onSwap, onRefused } = this.#options;
    try {
      const next = await load(this.#options);
      if (next.revision === this.#current.revision) return;
      this.#current = next;
      onSwap(next);
    } catch (thrown) {
      onRefused(
        thrown instanceof ConfigError
          ? thrown
          : new ConfigError([`${this.#options.file}: can not be used`], { cause: thrown }),
      );
    }
  }
}

async function load({ file, files, parse }: RegistrySourceOptions): Promise<Registry> {
  const bytes = await files.read(file, REGISTRY_BYTES_MAX).catch((cause: unknown) => {
    const problem = `${file}: can not be read, or is larger than ${REGISTRY_BYTES_MAX} bytes`;
    throw new ConfigError([`${problem}; name another with registry.file`], { cause });
  });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError([`${file}: is not UTF-8`], { cause });
  }
  return buildRegistry(parse(text, file), hash("sha256", bytes, "hex"));
}
