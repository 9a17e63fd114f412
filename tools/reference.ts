/**
 * `npm run reference`: writes what is derived from the source: the JSON Schema of the configuration and
 * the tables of its reference page. Everything between the tables is written by hand and stays.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { configJsonSchema } from "../src/config/config-schema.ts";
import { configRows } from "./config-rows.ts";

const SCHEMA = "sark-authz.schema.json";
const PAGE = "docs/reference/configuration.md";
const HEAD = ["| key | type | default | meaning |", "|---|---|---|---|"];

/** The page with the rows of every section replaced; a section without a heading is appended. */
function withTables(page: string): string {
  const sections = page.split(/^(?=## )/m);
  for (const [name, rows] of configRows()) {
    const at = sections.findIndex((section) => section.startsWith(`## ${name}\n`));
    const table = [...HEAD, ...rows].join("\n");
    if (at < 0) sections.push(`## ${name}\n\n${table}\n`);
    else sections[at] = (sections[at] ?? "").replace(/^\| key [^\n]*(?:\n\|[^\n]*)*/m, () => table);
  }
  return sections.join("");
}

writeFileSync(SCHEMA, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8")));
