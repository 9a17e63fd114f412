/** `policy eval`: the answer, why it is so, and a message that helps where there is none. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../../../src/cli/command-line.ts";
import { compileRego, lacksOpa } from "../policy/rego-bundle.ts";

const HIGH = "policies/cases/developer-high.json";

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine({
    args: ["policy", "eval", ...args],
    env: {},
    print: (line) => out.push(line),
    tell: (line) => err.push(line),
    onStop: () => {},
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sark-authz-eval-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: unknown, name = "input.json"): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("the shipped policy", () => {
  it("answers a case, which needs nothing else", async () => {
    const { code, out, err } = await run(HIGH);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ allow: false, reason_code: "policy.denied" });
  });

  it("explains it: rules, what failed where and in which words, what was read", async () => {
    const { code, out } = await run("--explain", HIGH);
    expect(code).toBe(0);
    expect(out).toMatch(/\d+ of 100000 steps; time was not read/);
    expect(out).toContain("\npackage data.mcp.gateway  [gateway] Which user may call which tool");
    const rule = out.slice(out.indexOf("data.mcp.gateway.by_developer ="));
    expect(rule).toMatch(
      /^data\.mcp\.gateway\.by_developer = undefined\n +fails +src\/mcp\/gateway\/gateway\.rego:\d+:1 {2}\[gateway\.developer\.tool\] Developers call .*\n +at src\/mcp\/gateway\/gateway\.rego:\d+:2 {3}input\.resource\.sensitivity in \{"low", "medium"\}\n/,
    );
    expect(out).toContain('data.mcp.gateway.has_role("developer") = true');
    expect(out).toContain("read of input:\n  input.action\n");
    expect(out).toContain("read of data: nothing");
  });

  it("says what the how-to shows, but for the bundle's revision", async () => {
    const text = readFileSync("docs/how-to/explain-a-denial.md", "utf8");
    const shown = /^```\n(\{.*?)\n```$/ms.exec(text)?.[1]?.split("\n") ?? [];
    const { out } = await run("--explain", "policies/cases/developer-hour-18.json");
    const lines = new Set(out.split("\n"));
    const missing = shown.filter((line) => line !== "…" && !lines.has(line));
    expect(shown.length).toBeGreaterThan(40);
    expect(missing.filter((line) => !line.includes(", revision "))).toEqual([]);
  });

  it("gives the same to machines", async () => {
    const { out } = await run("--json", "--explain", HIGH);
    const told = JSON.parse(out);
    expect(told).toMatchObject({
      ...{ entrypoint: "mcp/gateway/result", isExpected: true, readTime: false },
      ...{ answer: { allow: false }, stepsMax: 100_000, rulesLeftOut: 0, readsLeftOut: false },
    });
    expect(told.packages).toEqual([
      {
        ...{ path: "data.mcp.gateway", id: "gateway", labels: { layer: "gateway" } },
        title: "Which user may call which tool, list what, read or write which HTTP route",
      },
    ]);
    expect(told.steps).toBeGreaterThan(0);
    expect(told.rules[0]).toMatchObject({ rule: "data.mcp.gateway.result", depth: 0, calls: 1 });
    const { out: plain } = await run("--json", HIGH);
    expect(JSON.parse(plain).rules).toBeUndefined();
  });

  it("takes the rule that the input is about, unless one is named", async () => {
    const agent = fileOf({ source_agent: { id: "a" }, target_agent: { id: "b" } });
    const agentAtTool = fileOf({ source_agent: { id: "a" } }, "agent-at-tool.json");
    const entrypointOf = async (...args: string[]) =>
      JSON.parse((await run("--json", ...args)).out).entrypoint;
    expect(await entrypointOf(agent)).toBe("mcp/gateway/a2a/result");
    expect(await entrypointOf(agentAtTool)).toBe("mcp/gateway/result");
    expect(await entrypointOf(fileOf({}, "empty.json"))).toBe("mcp/gateway/result");
    expect(await entrypointOf(agent, "--entrypoint", "mcp/gateway/result")).toBe(
      "mcp/gateway/result",
    );
  });

  it("fails when a case expects another answer", async () => {
    const kase = { description: "d", entrypoint: "mcp/gateway/result", input: {}, expected: 1 };
    const { code, err } = await run(fileOf(kase));
    expect(code).toBe(1);
    expect(err).toMatch(/input\.json: the case expects 1$/);
  });

  it("takes what is nearly a case for an input", async () => {
    const kase = { description: "d", entrypoint: "mcp/other", input: {}, more: 1 };
    const { out } = await run("--json", fileOf(kase));
    expect(JSON.parse(out).entrypoint).toBe("mcp/gateway/result");
  });

  it("quotes no lines of sources that the bundle was not built from", async () => {
    const { out } = await run("--explain", "--policies", folder, HIGH);
    expect(out).toMatch(/at src\/mcp\/gateway\/gateway\.rego:\d+:2 *\n/);
    expect(out).not.toContain("input.resource.sensitivity in");
  });

  it.each(readdirSync("policies/cases"))("answers %s as it expects", async (name) => {
    expect((await run("--explain", `policies/cases/${name}`)).code).toBe(0);
  });
});

describe("a question that can not be asked", () => {
  it.each<[string, () => string[], RegExp]>([
    ["no file", () => ["/nowhere/a.json"], /^\/nowhere\/a\.json: no such file; name a JSON file$/],
    ["a folder", () => [folder], /can not be read/],
    ["no JSON", () => [fileOf('{"a": ')], /input\.json: not JSON.*; give the input document/],
    ["bytes that are no text", () => [fileOf("{}\u0000")], /not JSON/],
    ["a list", () => [fileOf("[]")], /input\.json: not a JSON object/],
    [
      "an entrypoint that is not there",
      () => ["--entrypoint", "a/b", HIGH],
      /bundle\.tar\.gz: no entrypoint a\/b; name one of mcp\/gateway\/result, mcp\/gateway\/a2a\/result with --entrypoint$/,
    ],
    [
      "an input that is too large",
      () => [fileOf({ a: "x".repeat(300_000) })],
      /input\.json: input: above 262144 bytes; the sidecar never asks/,
    ],
  ])("says so: %s", async (_name, args, message) => {
    const { code, out, err } = await run(...args());
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(err).toMatch(message);
  });

  it("names a bundle that is not there as any command does", async () => {
    const { code, err } = await run("--bundle", "/nowhere/b.tar.gz", HIGH);
    expect(code).toBe(78);
    expect(err).toMatch(/\/nowhere\/b\.tar\.gz: bundle\.fetch: no such file; build it with/);
  });
});

describe.skipIf(lacksOpa())("a policy of one's own", () => {
  const REGO = `r := 1 if input.one

r := 2 if input.two

slow := count([1 | some x in input.xs; some y in input.xs; x == y])

when := time.now_ns() if input.now

exact := input.n + 1
`;
  let bundle: string;
  beforeAll(() => {
    bundle = join(folder, "own.tar.gz");
    writeFileSync(bundle, compileRego(REGO, ["r", "slow", "when", "exact"], undefined, "plan"));
  });
  const ask = (name: string, input: object, ...args: string[]) =>
    run("--bundle", bundle, "--entrypoint", `t/${name}`, fileOf(input), ...args);

  it("prints undefined", async () => {
    expect(await ask("r", {})).toEqual({ code: 0, out: "undefined", err: "" });
  });

  it("names a conflict, and explains up to it", async () => {
    const input = { one: true, two: true };
    const plain = await ask("r", input);
    expect({ ...plain, err: "" }).toEqual({ code: 1, out: "", err: "" });
    expect(plain.err).toMatch(/conflict: rules give different results; make them exclude/);
    const { code, out } = await ask("r", input, "--explain");
    expect(code).toBe(1);
    expect(out).toMatch(/stopped in data\.t\.r \(t\.rego:\d+:1\)$/);
  });

  it("names a spent budget, and explains within a larger one where the cost is", async () => {
    const xs = Array.from({ length: 300 }, (_, index) => index);
    const { code, out, err } = await ask("slow", { xs }, "--explain");
    expect(code).toBe(1);
    expect(err).toMatch(/budget: .*; make the policy cheaper, or raise policy\.budget/);
    expect(out).toContain("data.t.slow = 300");
    const failed = JSON.parse((await ask("slow", { xs }, "--json")).out);
    expect(failed.failure).toMatch(/^budget: /);
  });

  it("takes the time of the input, and says when it was read", async () => {
    const timestamp = 1_764_000_000_005_000_000;
    const { out } = await ask("when", { now: true, context: { timestamp } }, "--explain");
    expect(out).toMatch(/^1764000000005000000\n/);
    expect(out).toContain("time was read");
  });
});
