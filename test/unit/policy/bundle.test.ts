/** readBundle: takes one module with manifest and data, and names what an archive lacks or must not have. */
import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/domain/errors.ts";
import { type BundleOptions, readBundle, withData } from "../../../src/policy/bundle.ts";
import { Decimal } from "../../../src/policy/plan/values/decimal.ts";
import { type TarEntry, tarGz } from "./tar-archive.ts";

const WASM = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const WASM_ENTRIES = [{ entrypoint: "t/result", module: "/policy.wasm" }];
const manifest = (change: object = {}) =>
  JSON.stringify({ revision: "r1", roots: [""], wasm: WASM_ENTRIES, ...change });

const PARTS = {
  "/.manifest": manifest(),
  "/cases.json": "[]",
  "/plan.json": '{"plans": {}}',
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
    engine: "both",
    ...change,
  });
}

describe("a good bundle", () => {
  it("gives plan, module, its entrypoints, cases and the data as it was written", () => {
    const bundle = read(archive());
    expect(bundle.moduleEntrypoints).toEqual(["t/result"]);
    expect(Buffer.from(bundle.module ?? [])).toEqual(WASM);
    expect(bundle.plan).toBe(PARTS["/plan.json"]);
    expect(Buffer.from(bundle.cases ?? []).toString()).toBe("[]");
    expect(Buffer.from(bundle.dataText).toString()).toBe(PARTS["/data.json"]);
  });

  it("may bring annotations", () => {
    expect(read(archive()).annotations).toBeUndefined();
    const bundle = read(archive({ "/annotations.json": "[]" }));
    expect(Buffer.from(bundle.annotations ?? []).toString()).toBe("[]");
  });

  it("keeps numbers of the data exact", () => {
    expect(read(archive()).data).toEqual({ limit: new Decimal("12345678901234567890") });
  });

  it("may lack what its engine does not run", () => {
    const plan = read(archive({ "/policy.wasm": undefined }), { engine: "plan" });
    expect([plan.module, plan.plan]).toEqual([undefined, PARTS["/plan.json"]]);
    const wasm = read(archive({ "/plan.json": undefined }), { engine: "wasm" });
    expect([wasm.module?.length, wasm.plan]).toEqual([WASM.length, undefined]);
  });

  it("may be asked with other data", () => {
    const other = withData(read(archive()), { limit: 1 });
    expect(other.data).toEqual({ limit: 1 });
    expect(Buffer.from(other.dataText).toString()).toBe('{"limit":1}');
  });

  it("has another revision as soon as a byte of it differs", () => {
    const first = read(archive()).revision;
    const second = read(archive({ "/data.json": "{}" })).revision;
    expect(first).toMatch(/^r1-[0-9a-f]{12}$/);
    expect(second).toMatch(/^r1-[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
  });

  it("has empty data when it brings none", () => {
    expect(Buffer.from(read(archive({ "/data.json": undefined })).dataText).toString()).toBe("{}");
  });
});

describe("a bad bundle", () => {
  // Repeats only beyond what gzip looks back, so that the archive does not look like a bomb.
  const noise = Array.from({ length: 640 }, (_, at) => hash("sha256", String(at), "hex")).join("");
  const large = Buffer.concat([WASM, Buffer.from(noise.repeat(220))]);
  it.each<[string, Parameters<typeof archive>[0], RegExp]>([
    ["no manifest", { "/.manifest": undefined }, /the manifest is missing/],
    ["a manifest that is no JSON", { "/.manifest": "{" }, /the manifest is not a JSON object/],
    ["a manifest that is a list", { "/.manifest": "[]" }, /the manifest is not a JSON object/],
    ["no revision", { "/.manifest": manifest({ revision: "" }) }, /build with --revision/],
    ["a wild revision", { "/.manifest": manifest({ revision: "a\nb" }) }, /build with --revision/],
    ["no module", { "/policy.wasm": undefined }, /policy\.wasm is missing, .* build with "sark-/],
    ["no plan", { "/plan.json": undefined }, /plan\.json is missing, .* set policy\.engine: wasm/],
    ["a plan that is no text", { "/plan.json": Buffer.from([0xff]) }, /plan\.json is not UTF-8/],
    ["a plan too large", { "/plan.json": large }, /bundle\.too_large: plan/],
    ["cases too large", { "/cases.json": large }, /bundle\.too_large: cases/],
    ["annotations too large", { "/annotations.json": large }, /bundle\.too_large: annotations/],
    ["a module that is none", { "/policy.wasm": "ELF" }, /no WebAssembly module/],
    ["a module too large", { "/policy.wasm": large }, /bundle\.too_large: policy/],
    ["data that is no JSON", { "/data.json": "{'a': 1}" }, /data\.json is not a JSON object/],
    ["data that is a list", { "/data.json": "[]" }, /data\.json is not a JSON object/],
    ["a patch", { "/patch.json": "{}" }, /delta bundles/],
    ["optimised entries", { "/optimized/t.rego": "package t" }, /without -O/],
    ["a signature", { "/.signatures.json": "{}" }, /no verification key/],
  ])("is refused with %s", (_name, change, message) => {
    expect(() => read(archive(change))).toThrow(ConfigError);
    expect(() => read(archive(change))).toThrow(message);
  });

  it("is refused unsigned unless that is said out loud", () => {
    expect(() => read(archive(), { allowUnsigned: false })).toThrow(
      /policy\.insecure_unsigned_bundle: true/,
    );
  });

  it("promises nothing of another module", () => {
    const wasm = [{ entrypoint: "t/result", module: "/x.wasm" }];
    expect(read(archive({ "/.manifest": manifest({ wasm }) })).moduleEntrypoints).toEqual([]);
    expect(read(archive({ "/.manifest": manifest({ wasm: 1 }) })).moduleEntrypoints).toEqual([]);
  });

  it("never quotes data in its message", () => {
    expect(() => read(archive({ "/data.json": '{"password": canary' }))).not.toThrow(/canary/);
  });
});
