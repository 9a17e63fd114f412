/** readBundle: takes one module with manifest and data, and names what an archive lacks or must not have. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/domain/errors.ts";
import { type BundleOptions, readBundle } from "../../../src/policy/bundle.ts";
import { type TarEntry, tarGz } from "./tar-archive.ts";

const WASM = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const WASM_ENTRIES = [{ entrypoint: "t/result", module: "/policy.wasm" }];
const manifest = (change: object = {}) =>
  JSON.stringify({ revision: "r1", roots: [""], wasm: WASM_ENTRIES, ...change });

const PARTS = {
  "/.manifest": manifest(),
  "/data.json": '{"limit": 12345678901234567890}',
  "/policy.wasm": WASM,
} as const;

/** The good bundle with some files changed, added, or (undefined) left out. */
function archive(change: Readonly<Record<string, string | Uint8Array | undefined>> = {}): Buffer {
  const files = Object.entries<string | Uint8Array | undefined>({ ...PARTS, ...change });
  const entries: TarEntry[] = files.flatMap(([name, body]) =>
    body === undefined ? [] : [{ name, body }],
  );
  return tarGz(entries);
}

function read(bytes: Uint8Array, change: Partial<BundleOptions> = {}) {
  return readBundle(bytes, {
    file: "b.tar.gz",
    allowUnsigned: true,
    requiredEntrypoints: ["t/result"],
    ...change,
  });
}

describe("a good bundle", () => {
  it("gives module, entrypoints and the data as it was written", () => {
    const bundle = read(archive());
    expect(bundle.entrypoints).toEqual(["t/result"]);
    expect(Buffer.from(bundle.module)).toEqual(WASM);
    expect(Buffer.from(bundle.data).toString()).toBe(PARTS["/data.json"]);
  });

  it("has another revision as soon as a byte of it differs", () => {
    const first = read(archive()).revision;
    const second = read(archive({ "/data.json": "{}" })).revision;
    expect(first).toMatch(/^r1-[0-9a-f]{12}$/);
    expect(second).toMatch(/^r1-[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
  });

  it("has empty data when it brings none", () => {
    expect(Buffer.from(read(archive({ "/data.json": undefined })).data).toString()).toBe("{}");
  });
});

describe("a bad bundle", () => {
  const large = Buffer.concat([WASM, Buffer.from("noise ".repeat(1_400_000))]);
  it.each<[string, Parameters<typeof archive>[0], RegExp]>([
    ["no manifest", { "/.manifest": undefined }, /the manifest is missing/],
    ["a manifest that is no JSON", { "/.manifest": "{" }, /the manifest is not a JSON object/],
    ["a manifest that is a list", { "/.manifest": "[]" }, /the manifest is not a JSON object/],
    ["no revision", { "/.manifest": manifest({ revision: "" }) }, /build with --revision/],
    ["a wild revision", { "/.manifest": manifest({ revision: "a\nb" }) }, /build with --revision/],
    ["no module", { "/policy.wasm": undefined }, /build with "opa build -t wasm"/],
    ["a module that is none", { "/policy.wasm": "ELF" }, /no WebAssembly module/],
    ["a module too large", { "/policy.wasm": large }, /bundle\.too_large/],
    ["data that is no JSON", { "/data.json": "{'a': 1}" }, /data\.json is not a JSON object/],
    ["data that is a list", { "/data.json": "[]" }, /data\.json is not a JSON object/],
    ["a patch", { "/patch.json": "{}" }, /delta bundles/],
    ["optimised entries", { "/optimized/t.rego": "package t" }, /without -O/],
    ["a signature", { "/.signatures.json": "{}" }, /no verification key/],
    [
      "no entrypoint",
      { "/.manifest": manifest({ wasm: [] }) },
      /t\/result is missing; it has none/,
    ],
    [
      "its entrypoint in another module",
      { "/.manifest": manifest({ wasm: [{ entrypoint: "t/result", module: "/x.wasm" }] }) },
      /t\/result is missing/,
    ],
  ])("is refused with %s", (_name, change, message) => {
    expect(() => read(archive(change))).toThrow(ConfigError);
    expect(() => read(archive(change))).toThrow(message);
  });

  it("is refused unsigned unless that is said out loud", () => {
    expect(() => read(archive(), { allowUnsigned: false })).toThrow(
      /policy\.insecure_unsigned_bundle: true/,
    );
  });

  it("names the entrypoints it does have", () => {
    expect(() => read(archive(), { requiredEntrypoints: ["t/other"] })).toThrow(
      "b.tar.gz: bundle.abi: entrypoint t/other is missing; it has t/result",
    );
  });

  it("never quotes data in its message", () => {
    expect(() => read(archive({ "/data.json": '{"password": canary' }))).not.toThrow(/canary/);
  });
});
