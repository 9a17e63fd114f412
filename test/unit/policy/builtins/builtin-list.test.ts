/** The list of refused builtins against what OPA itself says it has. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { REFUSAL_REASONS, REFUSED_BUILTINS } from "../../../../src/policy/builtins/builtin-list.ts";
import { BUILTINS } from "../../../../src/policy/builtins/registry.ts";
import { TIME } from "../../../../src/policy/builtins/time.ts";
import { ensure } from "../../../../tools/ensure.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";

interface OpaBuiltin {
  readonly name: string;
  readonly deprecated?: boolean;
  readonly decl: { readonly args?: readonly unknown[] };
}

async function builtinsOfOpa(): Promise<readonly OpaBuiltin[]> {
  const { opa } = await ensure(["opa"]);
  const text = execFileSync(opa, ["capabilities", "--current"], { encoding: "utf8" });
  return (JSON.parse(text) as { readonly builtins: readonly OpaBuiltin[] }).builtins;
}

it("provides or refuses each of OPA's, and no others", async () => {
  const names = (await builtinsOfOpa()).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(200);
  const known = [...BUILTINS.keys(), ...REFUSED_BUILTINS.keys()];
  expect(known.sort()).toEqual(names.sort());
});

it("knows all that OPA deprecates", async () => {
  const deprecated = (await builtinsOfOpa()).filter((builtin) => builtin.deprecated === true);
  const listed = [...REFUSED_BUILTINS].filter(([, reason]) => reason === "deprecated");
  expect(listed.map(([name]) => name)).toEqual(deprecated.map(({ name }) => name).sort());
});

it("leaves every builtin on time, and no others of the category", async () => {
  const names = (await builtinsOfOpa()).map(({ name }) => name);
  const onTime = names.filter((name) => name.startsWith("time."));
  expect(Object.keys(TIME).sort()).toEqual(onTime.sort());
  expect(onTime.filter((name) => REFUSED_BUILTINS.has(name))).toEqual([]);
});

it("gives reasons that can be said", () => {
  expect(REFUSED_BUILTINS.get("http.send")).toBe("network");
  for (const reason of REFUSED_BUILTINS.values()) {
    expect(REFUSAL_REASONS[reason]).toMatch(/^(?:is|has|reaches|tells|signs) /);
  }
});

it("refuses as deprecated what OPA does not compile", async () => {
  const oracle = await OpaOracle.open();
  for (const { name, deprecated, decl } of await builtinsOfOpa()) {
    if (deprecated !== true) continue;
    const args = (decl.args ?? []).map(() => "input.x").join(", ");
    const { message } = await oracle.ask({
      modules: { "a.rego": `package a\np := ${name}(${args})` },
      entrypoints: ["a/p"],
    });
    expect(message).toContain(`deprecated built-in function calls in expression: ${name}`);
  }
  oracle.close();
});
