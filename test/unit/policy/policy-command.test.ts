/** `policy build` and `policy test`: the same bytes from the same sources, and an exit code that means it. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { policyBuild, policyTest, SHIPPED_ENTRYPOINTS } from "../../../src/cli/policy.ts";
import { parseAnnotations } from "../../../src/policy/annotations.ts";
import { readTarGz } from "../../../src/policy/tar.ts";
import { lacksOpa, OPA } from "./rego-bundle.ts";

const POLICIES = new URL("../../../policies", import.meta.url).pathname;
const CASES = ["developer-low.json", "a2a-rate-above.json"];

describe.skipIf(lacksOpa())("with policies of one's own", () => {
  let folder: string;
  let lines: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sark-authz-policies-"));
    cpSync(join(POLICIES, "src"), join(folder, "src"), { recursive: true });
    copyFileSync(join(POLICIES, "capabilities.json"), join(folder, "capabilities.json"));
    for (const name of CASES) cpSync(join(POLICIES, "cases", name), join(folder, "cases", name));
    lines = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const command = () => ({
    policies: folder,
    bundle: join(folder, "dist", "bundle.tar.gz"),
    opa: OPA,
    entrypoints: SHIPPED_ENTRYPOINTS,
    print: (line: string) => lines.push(line),
  });
  const edit = (file: string, change: (text: string) => string) => {
    const path = join(folder, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
  };
  const RULES = "src/mcp/gateway/gateway.rego";

  it("builds byte for byte what is shipped", async () => {
    cpSync(join(POLICIES, "cases"), join(folder, "cases"), { recursive: true });
    expect(await policyBuild(command(), false)).toBe(0);
    const shipped = readFileSync(join(POLICIES, "dist", "bundle.tar.gz"));
    expect(readFileSync(command().bundle).equals(shipped)).toBe(true);
    expect(await policyBuild(command(), true)).toBe(0);
  });

  it("notices with --check that the bundle is not what the sources build, and writes nothing", async () => {
    expect(await policyBuild(command(), true)).toBe(1);
    expect(existsSync(command().bundle)).toBe(false);
    expect(lines.at(-1)).toMatch(/run "npm run policy:build" and commit it/);
  });

  it("gives changed rules another revision", async () => {
    await policyBuild(command(), false);
    edit(RULES, (text) => text.replace("default allow := false", "default allow := false\n\n# x"));
    expect(await policyBuild(command(), true)).toBe(1);
  });

  it("runs tests, coverage and cases through both engines and OPA", async () => {
    expect(await policyTest(command())).toBe(0);
    expect(lines.at(-1)).toBe("2 cases through plan, wasm, opa: 0 wrong answers");
  });

  it("packs what METADATA says of rules, tests left out", async () => {
    edit("src/mcp/gateway/gateway_test.rego", (text) =>
      text.replace("test_other_bases if", "# METADATA\n# title: x\ntest_other_bases if"),
    );
    await policyBuild(command(), false);
    const files = readTarGz(readFileSync(command().bundle), "bundle");
    const annotations = parseAnnotations(files.get("annotations.json") ?? new Uint8Array());
    const admin = annotations?.find(({ id }) => id === "gateway.admin.tool");
    expect(admin).toMatchObject({
      path: "data.mcp.gateway.by_admin",
      file: RULES,
      scope: "rule",
      title: "Admins call tools up to high in work hours",
    });
    const head = readFileSync(join(folder, RULES), "utf8").split("\n")[(admin?.row ?? 0) - 1];
    expect(head).toBe("by_admin if {");
    expect(annotations?.every(({ file }) => !file.endsWith("_test.rego"))).toBe(true);
  });

  it("packs no list of annotations where there are none", async () => {
    for (const file of [RULES, "src/mcp/gateway/a2a/a2a.rego"]) {
      edit(file, (text) => text.replaceAll("# METADATA", "# About"));
    }
    await policyBuild(command(), false);
    const files = readTarGz(readFileSync(command().bundle), "bundle");
    expect(files.has("annotations.json")).toBe(false);
  });

  it("tells with a threshold which rows the cases do not evaluate", async () => {
    expect(await policyTest(command(), 0)).toBe(0);
    expect(lines.at(-1)).toMatch(/^\d+\.\d % of \d+ rows covered by 2 cases$/);
    expect(lines.join("\n")).toMatch(/gateway\.rego: \d+ of \d+ rows covered; not covered: \d+/);
    expect(await policyTest(command(), 99)).toBe(1);
    expect(lines.at(-1)).toMatch(/below the threshold of 99 %: add cases/);
  });

  it("finds every row of the shipped rules covered by the shipped cases", async () => {
    cpSync(join(POLICIES, "cases"), join(folder, "cases"), { recursive: true });
    expect(await policyTest(command(), 100)).toBe(0);
    expect(lines.at(-1)).toMatch(/^100\.0 % of \d+ rows/);
  });

  it.each<[string, string, (text: string) => string, RegExp]>([
    ["does not parse", RULES, (text) => `${text}\nallow if {`, /rego_parse_error/],
    ["is not formatted", RULES, (text) => text.replace("\nallow if", "\nallow  if"), /opa fmt/],
    [
      "calls a builtin that is not provided",
      RULES,
      (text) => `${text}\nx := http.send({})\n`,
      /undefined function http\.send/,
    ],
    [
      "uses a variable that is not there",
      RULES,
      (text) => `${text}\nx := y\n`,
      /rego_unsafe_var_error/,
    ],
  ])("does not build when a source %s", async (_name, file, change, message) => {
    edit(file, change);
    expect(await policyBuild(command(), false)).toBe(1);
    expect(lines.join("\n")).toMatch(message);
    expect(existsSync(command().bundle)).toBe(false);
  });

  it.each<[string, string, (text: string) => string, RegExp]>([
    [
      "answers a case differently",
      RULES,
      (text) =>
        text.replace(
          'has_role("developer")\n\tinput.resource.known',
          'has_role("nobody")\n\tinput.resource.known',
        ),
      /developer-low\.json \(.*\): plan answers .*\n.*: wasm answers/,
    ],
    [
      "has a case that is no JSON",
      "cases/developer-low.json",
      () => "{",
      /developer-low\.json: not a case/,
    ],
    [
      "has a case for another entrypoint",
      "cases/developer-low.json",
      (text) => text.replace("mcp/gateway/result", "mcp/other"),
      /entrypoint mcp\/other is missing/,
    ],
  ])("builds, says so, and fails check and test when a source %s", async (...row) => {
    const [, file, change, message] = row;
    edit(file, change);
    expect(await policyBuild(command(), false)).toBe(0);
    expect(lines.join("\n")).toMatch(message);
    expect(existsSync(command().bundle)).toBe(true);
    expect(await policyBuild(command(), true)).toBe(1);
    expect(await policyTest(command())).toBe(1);
  });

  it("fails the test when a rule is not covered or a Rego test fails", async () => {
    edit("src/mcp/gateway/gateway_test.rego", (text) =>
      text.replace('== "authenticated"', '== "x"'),
    );
    expect(await policyTest(command())).toBe(1);
    expect(lines.join("\n")).toMatch(/test_other_bases/);
  });

  it("says how to get OPA, and where policies have to be", async () => {
    expect(await policyBuild({ ...command(), opa: join(folder, "opa") }, false)).toBe(69);
    expect(lines.join("\n")).toMatch(/--opa, or run "node tools\/ensure\.ts opa"/);
    expect(await policyBuild({ ...command(), policies: join(folder, "none") }, false)).toBe(69);
    expect(lines.at(-1)).toMatch(/name the policies with --policies/);
  });
});
