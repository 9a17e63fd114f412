/** The configuration schema as rows of the reference page. */

import { configSchema } from "../src/config/schema.ts";
import { type Outline, outlineOf } from "../src/config/schema-outline.ts";

/** `| key | type | default | meaning |`, by top-level section in the order of the schema. */
export function configRows(): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, readonly string[]>();
  const whole = outlineOf(configSchema) as Outline & { required?: readonly string[] };
  for (const [name, section] of Object.entries(whole.properties ?? {})) {
    sections.set(name, rowsOf(name, section, whole.required?.includes(name) ?? false));
  }
  return sections;
}

function rowsOf(key: string, outline: Outline, isRequired: boolean): string[] {
  const { properties, items } = outline;
  if (properties !== undefined) return memberRows(key, outline);
  if (items?.properties !== undefined) {
    return [row(key, "list of sections", outline, isRequired), ...memberRows(`${key}[]`, items)];
  }
  return [row(key, typeText(outline), outline, isRequired)];
}

function memberRows(key: string, outline: Outline & { required?: readonly string[] }): string[] {
  return Object.entries(outline.properties ?? {}).flatMap(([name, member]) =>
    rowsOf(`${key}.${name}`, member, outline.required?.includes(name) ?? false),
  );
}

function row(key: string, type: string, outline: Outline, isRequired: boolean): string {
  let shown = isRequired ? "required" : "–";
  if (outline.default !== undefined) shown = `\`${JSON.stringify(outline.default)}\``;
  return `| \`${key}\` | ${type} | ${shown} | ${outline.description ?? ""} |`;
}

type Detailed = Outline & {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
};

function typeText(outline: Detailed): string {
  if (outline.const !== undefined) return `\`${outline.const}\``;
  if (outline.enum !== undefined) return outline.enum.map((word) => `\`${word}\``).join(", ");
  if (outline.anyOf !== undefined) return outline.anyOf.map(typeText).join(" or ");
  const types = [outline.type ?? "value"].flat();
  const bounds = outline.minimum === undefined ? "" : ` ${outline.minimum}–${outline.maximum}`;
  return types.map((type) => `${wordOf(type, outline)}`).join(" or ") + bounds;
}

function wordOf(type: string, outline: Outline): string {
  if (type === "array") return `list of ${typeText(outline.items ?? {})}`;
  if (type === "object") return "mapping";
  return { string: "text", integer: "whole number", boolean: "true, false" }[type] ?? type;
}
