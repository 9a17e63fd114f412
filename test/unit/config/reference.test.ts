/** The committed JSON Schema and the reference page say what the code does. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configJsonSchema } from "../../../src/config/config-schema.ts";
import { configRows } from "../../../tools/config-rows.ts";

/** How a table is padded does not matter. */
function compact(row: string): string {
  return row.replaceAll(/ +\|/g, " |").replaceAll(/\| +/g, "| ");
}

it("has committed the schema (sark-authz config schema)", () => {
  const committed: unknown = JSON.parse(readFileSync("sark-authz.schema.json", "utf8"));
  expect(committed).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

it("documents every key with type, default and meaning, and no other", () => {
  const page = readFileSync("docs/reference/configuration.md", "utf8");
  const documented = page.split("\n").filter((line) => line.startsWith("| `"));
  const declared = [...configRows().values()].flat();
  expect(documented.map(compact)).toEqual(declared.map(compact));
  expect(declared.filter((row) => row.endsWith("|  |"))).toEqual([]);
});
