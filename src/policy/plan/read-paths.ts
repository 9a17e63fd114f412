/**
 * Which parts of input and data an evaluation looked up, as paths. Values are known again by identity.
 *
 * @module
 */
import { isArray, isObject, type Value } from "./values/value.ts";

const READS_MAX = 1_000;
const PATH_CHARACTERS_MAX = 300;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export class ReadPaths {
  readonly #paths = new Map<unknown, string>();
  readonly #reads = new Set<string>();
  isFull = false;

  constructor(input: Value | undefined, data: Value) {
    if (isArray(input) || isObject(input)) this.#paths.set(input, "input");
    this.#paths.set(data, "data");
  }

  add(source: Value | undefined, key: Value, value: Value | undefined): void {
    const from = this.#paths.get(source);
    if (from === undefined) return;
    const path = pathOf(from, key);
    if (!this.#reads.has(path)) {
      if (this.#reads.size >= READS_MAX) {
        this.isFull = true;
        return;
      }
      this.#reads.add(path);
    }
    if (isArray(value) || isObject(value)) this.#paths.set(value, path);
  }

  sorted(): readonly string[] {
    return [...this.#reads].sort();
  }
}

function pathOf(from: string, key: Value): string {
  if (typeof key === "string" && key.length <= PATH_CHARACTERS_MAX && NAME.test(key)) {
    return shortened(`${from}.${key}`);
  }
  const shown = typeof key === "string" ? shortened(key) : typeof key === "number" ? key : "…";
  return shortened(`${from}[${JSON.stringify(shown)}]`);
}

function shortened(text: string): string {
  return text.length > PATH_CHARACTERS_MAX ? `${text.slice(0, PATH_CHARACTERS_MAX)}…` : text;
}
