/** Files an operator brings: a configuration, a registry, a bundle. Each is good or names its problems. */
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { parseRegistry } from "../../../src/config/registry-document.ts";
import { ConfigError } from "../../../src/domain/errors.ts";
import { readTarGz } from "../../../src/policy/tar.ts";
import type { FuzzTarget } from "../target.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;
const file = (name: string) => readFileSync(`${ROOT}${name}`);

function fileTarget(
  name: string,
  examples: readonly string[],
  dictionary: readonly string[],
  read: (input: Buffer) => unknown,
): FuzzTarget {
  return {
    name,
    weight: 1,
    seeds: () => examples.map(file).map(unpacked),
    dictionary,
    run: (input) => {
      try {
        read(input);
        return "accepted";
      } catch (thrown) {
        if (!(thrown instanceof ConfigError)) throw thrown;
        if (thrown.problems.length > 1) return "several problems";
        return (thrown.problems[0] ?? "").replaceAll(/\d+/g, "#");
      }
    },
  };
}

/** A changed archive would fail at its checksum: what is changed is its content. */
function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

export const configuration = fileTarget(
  "configuration",
  ["test/fixtures/config/complete.yaml", "deploy/sark-authz.yaml"],
  ["routes:", "- ", "{", "}", "&a", "*a", "<<: ", "!!js", "__proto__: ", "\n", "\t", "null"],
  (input) => parseConfig(input.toString(), "fuzz.yaml", {}),
);

export const registry = fileTarget(
  "registry",
  ["deploy/registry.yaml"],
  ["servers:", "tools:", "level: ", "critical", "{", "}", "__proto__: ", "constructor: "],
  (input) => parseRegistry(input.toString(), "fuzz.yaml"),
);

export const bundle = fileTarget(
  "bundle",
  ["policies/dist/bundle.tar.gz"],
  ["../", "/", "\0\0\0\0", "ustar", "7777777"],
  (input) => readTarGz(gzipSync(input, { level: 1 }), "fuzz.tar.gz"),
);
