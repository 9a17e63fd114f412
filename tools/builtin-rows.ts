/**
 * What OPA has of builtins, what the engines provide and what is refused: `policies/capabilities.json`
 * and `docs/reference/builtins.md` are made of it.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { REFUSAL_REASONS, REFUSED_BUILTINS } from "../src/policy/builtins/builtin-list.ts";
import { BUILTINS } from "../src/policy/builtins/registry.ts";
import { DEVIATIONS } from "../src/policy/deviations.ts";

export interface OpaBuiltin {
  readonly name: string;
  readonly description?: string;
  readonly categories?: readonly string[];
}

export interface Capabilities {
  readonly builtins: readonly OpaBuiltin[];
  readonly features?: readonly string[];
}

export function opaCapabilities(opa: string): Capabilities {
  const text = execFileSync(opa, ["capabilities", "--current"], { encoding: "utf8" });
  return JSON.parse(text) as Capabilities;
}

/** What a feature of the language calls. */
const FEATURE_BUILTINS: ReadonlyMap<string, string> = new Map([
  ["template_strings", "internal.template_string"],
]);

/** OPA's own declarations of everything that a plan may call, or that is gone once it is compiled. */
export function planCapabilities(opa: Capabilities): Capabilities {
  return {
    ...opa,
    builtins: opa.builtins.filter(({ name }) => isUsable(name)),
    features: (opa.features ?? []).filter(hasFeature),
  };
}

function hasFeature(name: string): boolean {
  const builtin = FEATURE_BUILTINS.get(name);
  return builtin === undefined || BUILTINS.has(builtin);
}

function isUsable(name: string): boolean {
  return BUILTINS.has(name) || REFUSED_BUILTINS.get(name) === "compiled away";
}

/** The tables of the page, by category. */
export function builtinTables(opa: Capabilities, wasm: Capabilities): string {
  const inWasm = new Set(wasm.builtins.map(({ name }) => name));
  const byCategory = Map.groupBy(opa.builtins, categoryOf);
  const sections = [...byCategory.keys()].sort().map((category) => {
    const rows = (byCategory.get(category) ?? []).map(({ name }) => row(name, inWasm.has(name)));
    return [
      `## ${category}`,
      "",
      "| builtin | plan | wasm |",
      "|---|---|---|",
      ...rows.sort(),
    ].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

function categoryOf({ name, categories }: OpaBuiltin): string {
  return categories?.[0] ?? (name.includes(".") ? (name.split(".")[0] ?? name) : "other");
}

function row(name: string, isInWasm: boolean): string {
  const reason = REFUSED_BUILTINS.get(name);
  const refusal = reason === undefined ? "is not provided" : REFUSAL_REASONS[reason];
  const isGone = reason === "compiled away";
  const plan = BUILTINS.has(name) ? "yes" : isGone ? refusal : `refused: ${refusal}`;
  return `| \`${name}\` | ${plan} | ${isGone ? refusal : isInWasm ? "yes" : "no"} |`;
}

/** `| what | OPA | WebAssembly |` */
export function deviationRows(): readonly string[] {
  return DEVIATIONS.map(({ what, opa, wasm }) => `| ${what} | ${opa} | ${wasm} |`);
}
