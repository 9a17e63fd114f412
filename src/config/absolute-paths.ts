/**
 * Relative paths of a configuration count from the folder of its file, wherever the process runs.
 *
 * @module
 */
import { dirname, resolve } from "node:path";

const UNIX = "unix:";

/** A copy with every `file`, `*_file`, `*_dir`, `bundle` and `unix:` text made absolute; frozen throughout. */
export function withAbsolutePaths<Value>(value: Value, file: string): Value {
  return copy(value, dirname(resolve(file))) as Value;
}

function copy(value: unknown, folder: string, key = ""): unknown {
  if (typeof value === "string")
    return isPath(key) ? resolve(folder, value) : withSocket(value, folder);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => copy(item, folder)));
  const members = Object.entries(value).map(([name, member]) => [name, copy(member, folder, name)]);
  return Object.freeze(Object.fromEntries(members));
}

function isPath(key: string): boolean {
  return key === "file" || key === "bundle" || key.endsWith("_file") || key.endsWith("_dir");
}

function withSocket(text: string, folder: string): string {
  return text.startsWith(UNIX) ? `${UNIX}${resolve(folder, text.slice(UNIX.length))}` : text;
}
