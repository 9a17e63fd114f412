/** WasmEngine: answers like OPA does, and turns every surprise of its package into one kind of failure. */
import { beforeAll, describe, expect, it } from "vitest";
import { readBundle } from "../../../src/policy/bundle.ts";
import { PolicyFailure } from "../../../src/policy/policy-failure.ts";
import { WasmEngine } from "../../../src/policy/wasm-engine.ts";
import { compileRego, lacksOpa, loadArchive } from "./rego-bundle.ts";
import { tarGz } from "./tar-archive.ts";

const REGO = `
value := 1 if input.a
value := 2 if input.b
member[name] := v if { some v in input.values; name := "x" }
now := time.now_ns()
clock := time.clock(input.ns)
zoned := time.clock([input.ns, "UTC"])
list := numbers.range(0, input.count)
text := sprintf(input.format, [1])
echo := input
limit := data.limit
`;
const NAMES = ["value", "member", "now", "clock", "zoned", "list", "text", "echo", "limit"];
const NOW_NS = 1_764_000_000_005 * 1_000_000;

describe.skipIf(lacksOpa())("an engine", () => {
  let engine: WasmEngine;
  beforeAll(async () => {
    engine = await loadArchive(compileRego(REGO, NAMES, { limit: 7 }));
  });
  const ask = (name: string, input: object) => engine.evaluate(`t/${name}`, input, NOW_NS);
  const failureOf = (name: string, input: object): PolicyFailure => {
    try {
      ask(name, input);
    } catch (thrown) {
      if (thrown instanceof PolicyFailure) return thrown;
      throw thrown;
    }
    throw new Error("it answered");
  };

  it("gives a result set, empty when the rule is undefined", () => {
    expect(ask("value", { a: true }).resultSet).toEqual([{ result: 1 }]);
    expect(ask("value", {}).resultSet).toEqual([]);
    expect(ask("limit", {}).resultSet).toEqual([{ result: 7 }]);
  });

  it("says whether the policy asked for the time, each evaluation for itself", () => {
    expect(ask("now", {})).toEqual({ resultSet: [{ result: NOW_NS }], readTime: true });
    expect(ask("value", {}).readTime).toBe(false);
    expect(ask("clock", { ns: 1_732_280_000 })).toEqual({
      resultSet: [{ result: [0, 0, 1] }],
      readTime: false,
    });
  });

  it("knows time zones as OPA does, and answers nothing for one that is none", () => {
    expect(ask("zoned", { ns: NOW_NS }).resultSet).toEqual([{ result: [16, 0, 0] }]);
    expect(ask("clock", { ns: "soon" }).resultSet).toEqual([]);
  });

  it.each<[PolicyFailure["kind"], string, string, object]>([
    ["conflict", "two values of one rule", "value", { a: true, b: true }],
    ["conflict", "two values of one member", "member", { values: [1, 2] }],
    ["memory", "a result larger than its memory", "list", { count: 5_000_000 }],
    ["builtin", "a format the package does not know", "text", { format: "%z" }],
    ["trap", "an entrypoint it does not have", "nothing", {}],
    ["trap", "an entrypoint named like a prototype's member", "../toString", {}],
    ["input", "more than 256 KiB", "echo", { text: "x".repeat(262_144) }],
    ["input", "a lone high surrogate", "echo", { text: "a\ud83d" }],
    ["input", "a lone low surrogate in a name", "echo", { "\ude00": 1 }],
    ["input", "a lone surrogate after back slashes", "echo", { text: "\\\\\ud83d" }],
    ["input", "a number that is no JSON", "echo", { number: 1n }],
    ["input", "endless nesting", "echo", nested(50_000)],
  ])("fails with %s on %s and answers the next", (kind, _name, entrypoint, input) => {
    const failure = failureOf(entrypoint, input);
    expect(failure.kind).toBe(kind);
    expect(failure.message.length).toBeLessThan(300);
    expect(ask("value", { b: true }).resultSet).toEqual([{ result: 2 }]);
  });

  it("takes whatever is well-formed as it is", () => {
    const texts = ["\\ud800", "\\\\ud800", "\u{1f600}", "\u0000\u001f", "ä\u2028", '"', "\\"];
    expect(ask("echo", { texts }).resultSet).toEqual([{ result: { texts } }]);
    expect(ask("echo", { ns: NOW_NS }).resultSet).toEqual([{ result: { ns: NOW_NS } }]);
  });

  it("keeps nothing of an evaluation for the next", () => {
    for (let turn = 0; turn < 2_000; turn++) {
      expect(ask("echo", { turn }).resultSet).toEqual([{ result: { turn } }]);
    }
  });
});

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level++) value = { value };
  return value;
}

describe.skipIf(lacksOpa())("a module that can not be trusted to answer", () => {
  it.each([
    ["http.send", `value := http.send({"method": "get", "url": "http://localhost"})`],
    ["regex.split", `value := regex.split("a", input.text)`],
    ["trace", `value if trace("x")`],
    ["crypto.sha256", `value := crypto.sha256("x")`],
    ["rand.intn", `value := rand.intn("x", 9)`],
    ["object.subset", `value := object.subset({"a": 1}, {"a": 1})`],
  ])("is refused for %s, before anything is decided", async (builtin, rego) => {
    await expect(loadArchive(compileRego(rego, ["value"]))).rejects.toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining(`bundle.builtin: ${builtin} is not provided`),
    });
  });

  it("is refused when its manifest promises more than it has", async () => {
    const options = { file: "b", allowUnsigned: true, engine: "wasm" } as const;
    const bundle = readBundle(compileRego("value := 1", ["value"]), options);
    const promising = { ...bundle, moduleEntrypoints: ["t/value", "t/other"] };
    await expect(WasmEngine.load(promising, "b")).rejects.toThrow(
      "b: bundle.abi: policy.wasm has no entrypoint t/other",
    );
  });

  it("is refused or loads, but never throws anything else, when it is damaged", async () => {
    const options = { file: "b", allowUnsigned: true, engine: "wasm" } as const;
    const bundle = readBundle(compileRego("value := 1", ["value"]), options);
    for (let at = 8; at < 3_000; at += 97) {
      const module = Uint8Array.from(bundle.module ?? []);
      module[at] = (module[at] ?? 0) ^ 0x55;
      const error = await WasmEngine.load({ ...bundle, module }, "b").catch((e: unknown) => e);
      if (error instanceof WasmEngine) continue;
      expect(error).toMatchObject({ name: "ConfigError" });
    }
  });
});

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A module that only imports `name` from `from`, as a function without arguments. */
function importing(from: string, name: string): Buffer {
  const text = (value: string) => [value.length, ...Buffer.from(value)];
  const imports = [1, ...text(from), ...text(name), 0x00, 0x00];
  return Buffer.from([...MAGIC, 1, 4, 1, 0x60, 0, 0, 2, imports.length, ...imports]);
}

describe("a foreign module", () => {
  const archiveOf = (module: Buffer) =>
    tarGz([
      { name: "/.manifest", body: JSON.stringify({ revision: "r", wasm: [] }) },
      { name: "/policy.wasm", body: module },
    ]);

  it.each([
    ["wasi_snapshot_preview1", "fd_write"],
    ["env", "system"],
    ["env", "opa_println"],
  ])("is refused when it imports %s.%s", async (from, name) => {
    await expect(loadArchive(archiveOf(importing(from, name)))).rejects.toThrow(
      `bundle.abi: policy.wasm imports ${from}.${name}`,
    );
  });

  it("is refused when it is no policy at all", async () => {
    await expect(loadArchive(archiveOf(Buffer.from(MAGIC)))).rejects.toThrow(
      /bundle\.abi: policy\.wasm is no policy/,
    );
  });
});
