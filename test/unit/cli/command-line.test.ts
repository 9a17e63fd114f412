/** Every command ends in the exit code of its kind, results on stdout, messages on stderr. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runCommandLine } from "../../../src/cli/command-line.ts";

const FIXTURES = "test/fixtures/config";

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine({
    args,
    env: {},
    print: (line) => out.push(line),
    tell: (line) => err.push(line),
    onStop: () => {},
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

it("prints its version", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const args of [["version"], ["--version"], ["-V"]]) {
    expect(await run(...args)).toEqual({ code: 0, out: version, err: "" });
  }
});

it("prints the JSON Schema", async () => {
  const { code, out } = await run("config", "schema");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync("sark-authz.schema.json", "utf8")));
});

it.each([
  ["", "Usage"],
  ["nonsense", "unknown command"],
  ["serv", "Did you mean serve?"],
  ["serve", "--config"],
  ["serve --config", "argument missing"],
  ["serve --config a.yaml more", "too many arguments"],
  ["serve --conifg=a.yaml", "--config"],
  ["policy", "Usage"],
  ["policy eval", "missing required argument"],
  ["policy test --threshold 101", "from 0 to 100"],
  ["policy test --threshold x", "from 0 to 100"],
])("calls %j wrong usage", async (line, message) => {
  const { code, out, err } = await run(...line.split(" ").filter(Boolean));
  expect({ code, out }).toEqual({ code: 64, out: "" });
  expect(err).toContain(message);
});

it.each([
  "serve",
  "check-config",
  "healthcheck",
  "policy build",
  "policy test",
  "policy compile",
  "policy eval",
  "config schema",
  "metadata",
])("has help with an example for %s", async (command) => {
  const { code, out } = await run(...command.split(" "), "--help");
  expect(code).toBe(0);
  expect(out).toContain(`Example:\n  sark-authz ${command}`);
});

it.each([
  ["serve", "--config", `${FIXTURES}/misspelled-key.yaml`],
  ["serve", `--config=${FIXTURES}/misspelled-key.yaml`],
  ["check-config", "-c", `${FIXTURES}/misspelled-key.yaml`],
  ["healthcheck", "-c", `${FIXTURES}/misspelled-key.yaml`],
])("reports a wrong configuration without a stack: %s %s %s", async (...args) => {
  const message = `${FIXTURES}/misspelled-key.yaml:7:10 cache.entris_max: unknown key; did you mean "entries_max"?`;
  expect(await run(...args)).toEqual({ code: 78, out: "", err: message });
});

it("reports it as one object for machines", async () => {
  const file = `${FIXTURES}/no-routes.yaml`;
  const { code, out, err } = await run("check-config", "--config", file, "--json");
  expect({ code, err }).toEqual({ code: 78, err: "" });
  const problems = [`${file}:1:9 routes: must list at least 1`];
  expect(JSON.parse(out)).toEqual({ ok: false, file, warnings: [], problems });
});

it("names a file that is not there", async () => {
  const { code, err } = await run("serve", "--config", "/nowhere/a.yaml");
  expect(code).toBe(78);
  expect(err).toBe("/nowhere/a.yaml: can not be read (ENOENT); name it with --config");
});

it("checks the files that the configuration names, all of them", async () => {
  const { code, err } = await run("check-config", "--config", `${FIXTURES}/minimal.yaml`);
  expect(code).toBe(78);
  for (const file of ["users.jwks.json", "registry.yaml", "bundle.tar.gz"]) {
    expect(err).toContain(file);
  }
});

it("can not ask a sidecar that does not run", async () => {
  const { code, err } = await run("healthcheck", "--config", `${FIXTURES}/unused-port.yaml`);
  expect({ code, err }).toEqual({ code: 69, err: "nothing answers on 127.0.0.1:1" });
});

it("tells without OPA how to get it", async () => {
  const { code, out } = await run("policy", "test", "--opa", "/nowhere/opa");
  expect(code).toBe(69);
  expect(out).toContain("--opa");
});

it("prints the metadata documents by address", async () => {
  const { code, out, err } = await run("metadata", "--config", "deploy/sark-authz.yaml");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(Object.keys(JSON.parse(out))).toEqual([
    "https://gateway.example/.well-known/oauth-protected-resource/mcp/demo",
  ]);
});

it("says so when no route has a metadata document", async () => {
  const { code, out, err } = await run("metadata", "-c", `${FIXTURES}/minimal.yaml`);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain("mcp.authorization_servers");
});

it("shows what the plan of a bundle becomes, with the names of its rules", async () => {
  const shown = await run("policy", "compile", "--print");
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/^\/\/ g0\.data\.mcp\.gateway\.allow \(.*gateway\.rego:\d+:\d+\)$/m);
  expect(shown.err).toMatch(/plan \d+ characters, JavaScript \d+, compiled in [\d.]+ ms/);
  const figures = await run("policy", "compile");
  expect([figures.code, figures.out]).toEqual([0, ""]);
});

it("says of a bundle that can not be compiled which file it is and what to do", async () => {
  const { code, out, err } = await run("policy", "compile", "--bundle", "nowhere.tar.gz");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/nowhere\.tar\.gz: bundle\.fetch: no such file; build it with/);
});
