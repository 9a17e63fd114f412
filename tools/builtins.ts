/**
 * `npm run builtins`: writes what is derived from the registry of builtins with OPA's help:
 * `policies/capabilities.json`, the tables of `docs/reference/builtins.md`, and the deviations of
 * `docs/reference/policy-engines.md`.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import {
  builtinTables,
  type Capabilities,
  deviationRows,
  opaCapabilities,
  planCapabilities,
} from "./builtin-rows.ts";
import { ensure } from "./ensure.ts";

const CAPABILITIES = "policies/capabilities.json";
const WASM_CAPABILITIES = "policies/capabilities-wasm.json";
const BUILTINS_PAGE = "docs/reference/builtins.md";
const ENGINES_PAGE = "docs/reference/policy-engines.md";

/** The first table of the page. */
const TABLE = /^\| what \|[^\n]*\n\|[^\n]*\n(?:\|[^\n]*\n)*/m;

const { opa } = await ensure(["opa"]);
const all = opaCapabilities(opa);
const wasm = JSON.parse(readFileSync(WASM_CAPABILITIES, "utf8")) as Capabilities;
writeFileSync(CAPABILITIES, `${JSON.stringify(planCapabilities(all), undefined, 2)}\n`);
const [head = ""] = readFileSync(BUILTINS_PAGE, "utf8").split(/^(?=## )/m);
writeFileSync(BUILTINS_PAGE, head + builtinTables(all, wasm));
const table = ["| what | OPA, plan | wasm |", "|---|---|---|", ...deviationRows(), ""].join("\n");
writeFileSync(
  ENGINES_PAGE,
  readFileSync(ENGINES_PAGE, "utf8").replace(TABLE, () => table),
);
