/** Inputs that once broke a promise: `test/fixtures/fuzz/TARGET/NAME.bin`, each tried on every run. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = new URL("../fixtures/fuzz", import.meta.url).pathname;

export function failedInputs(target: string): readonly Buffer[] {
  const folder = join(FOLDER, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".bin"))
    .sort()
    .map((file) => readFileSync(join(folder, file)));
}
