/** The committed bundle is what the committed Rego builds, and its Rego is checked, formatted and tested. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { policyBuild, SHIPPED_ENTRYPOINTS } from "../../src/cli/policy.ts";
import { lacksOpa, OPA } from "../unit/policy/rego-bundle.ts";

const POLICIES = new URL("../../policies", import.meta.url).pathname;
const opa = (...args: string[]) =>
  execFileSync(OPA, args, { cwd: POLICIES, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

describe.skipIf(lacksOpa())("the shipped policies", () => {
  it("build to the committed bundle, byte for byte", async () => {
    const lines: string[] = [];
    const command = {
      policies: POLICIES,
      bundle: `${POLICIES}/dist/bundle.tar.gz`,
      opa: OPA,
      entrypoints: SHIPPED_ENTRYPOINTS,
      print: (line: string) => lines.push(line),
    };
    expect([await policyBuild(command, true), lines.at(-1)]).toEqual([
      0,
      expect.stringContaining("is what the sources build"),
    ]);
  });

  it("are tested in every line", () => {
    const report = JSON.parse(opa("test", "--coverage", "src")) as { coverage: number };
    expect(report.coverage).toBe(100);
  });

  it("use only what every OPA and the sidecar agree on", () => {
    const rego = ["gateway.rego", "a2a/a2a.rego"].map((file) =>
      readFileSync(`${POLICIES}/src/mcp/gateway/${file}`, "utf8"),
    );
    expect(rego.join("\n")).not.toMatch(
      /(?<![.\w])(sprintf|sort|json\.marshal|yaml\.marshal|(time|glob|regex)\.\w+)\(/,
    );
  });
});

describe("capabilities.json", () => {
  const { builtins } = JSON.parse(readFileSync(`${POLICIES}/capabilities.json`, "utf8")) as {
    readonly builtins: readonly { readonly name: string }[];
  };
  const names = builtins.map(({ name }) => name);

  it.each([
    "http.send",
    "io.jwt.decode",
    "crypto.sha256",
    "regex.split",
    "regex.replace",
    "trace",
    "rand.intn",
    "uuid.rfc4122",
    "opa.runtime",
    "net.lookup_ip_addr",
    "object.subset",
    "json.patch",
    "units.parse",
    "graphql.parse",
    "strings.any_prefix_match",
    "internal.template_string",
  ])("has no %s", (name) => {
    expect(names).not.toContain(name);
  });

  it.each(["time.now_ns", "time.clock", "time.weekday", "sprintf", "regex.match", "concat"])(
    "has %s",
    (name) => {
      expect(names).toContain(name);
    },
  );
});
