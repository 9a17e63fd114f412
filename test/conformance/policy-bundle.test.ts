/** The committed bundle is what the committed Rego builds, and its Rego is checked, formatted and tested. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { policyBuild, SHIPPED_ENTRYPOINTS } from "../../src/cli/policy.ts";
import { REFUSED_BUILTINS } from "../../src/policy/builtins/builtin-list.ts";
import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import {
  builtinTables,
  deviationRows,
  opaCapabilities,
  planCapabilities,
} from "../../tools/builtin-rows.ts";
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

interface Listed {
  readonly builtins: readonly { readonly name: string }[];
}
const listed = (file: string) => JSON.parse(readFileSync(`${POLICIES}/${file}`, "utf8")) as Listed;
const namesOf = ({ builtins }: Listed) => builtins.map(({ name }) => name);

describe.skipIf(lacksOpa())("what is made from the registry of builtins (npm run builtins)", () => {
  it("is capabilities.json, in OPA's own words", () => {
    expect(listed("capabilities.json")).toEqual(planCapabilities(opaCapabilities(OPA)));
  });

  it("is the page of builtins", () => {
    const page = readFileSync("docs/reference/builtins.md", "utf8");
    const tables = builtinTables(opaCapabilities(OPA), listed("capabilities-wasm.json"));
    expect(page.endsWith(tables)).toBe(true);
  });

  it("is the table of deviations", () => {
    const page = readFileSync("docs/reference/policy-engines.md", "utf8");
    expect(page).toContain(deviationRows().join("\n"));
  });
});

describe("capabilities.json", () => {
  const names = namesOf(listed("capabilities.json"));

  it("has every builtin of the registry, and nothing that is not provided", () => {
    const missing = [...BUILTINS.keys()].filter((name) => !names.includes(name));
    const gone = names.filter((name) => !BUILTINS.has(name));
    expect(missing).toEqual([]);
    expect(gone.filter((name) => REFUSED_BUILTINS.get(name) !== "compiled away")).toEqual([]);
  });

  it.each(["http.send", "net.lookup_ip_addr", "opa.runtime", "rand.intn", "uuid.rfc4122"])(
    "has no %s",
    (name) => {
      expect(names).not.toContain(name);
    },
  );
});

describe("capabilities-wasm.json", () => {
  const names = namesOf(listed("capabilities-wasm.json"));

  it.each(["http.send", "io.jwt.decode", "crypto.sha256", "regex.split", "trace", "object.subset"])(
    "has no %s",
    (name) => {
      expect(names).not.toContain(name);
    },
  );

  it.each(["time.now_ns", "time.clock", "time.weekday", "sprintf", "regex.match", "concat"])(
    "has %s",
    (name) => {
      expect(names).toContain(name);
    },
  );
});
