/**
 * A schema as its JSON Schema, walked by key path: known keys for suggestions, types for overrides
 * from the environment, rows for the reference page.
 *
 * @module
 */
import { z } from "zod";
import type { KeyPath } from "./positioned-yaml.ts";

/** The part of JSON Schema that our schemas produce. */
export interface Outline {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Outline>>;
  readonly additionalProperties?: boolean | Outline;
  readonly items?: Outline;
  readonly anyOf?: readonly Outline[];
}

const made = new WeakMap<z.ZodType, Outline>();

/** As the author of a file sees it: defaults may be left out. */
export function outlineOf(schema: z.ZodType): Outline {
  let outline = made.get(schema);
  if (outline === undefined) {
    outline = z.toJSONSchema(schema, { io: "input" }) as Outline;
    made.set(schema, outline);
  }
  return outline;
}

export function outlineAt(outline: Outline, path: KeyPath): Outline | undefined {
  let here: Outline | undefined = outline;
  for (const step of path) {
    if (here === undefined) return undefined;
    here = typeof step === "number" ? here.items : memberOf(here, step);
  }
  return here;
}

function memberOf(outline: Outline, key: string): Outline | undefined {
  for (const option of [outline, ...(outline.anyOf ?? [])]) {
    const own = option.properties;
    if (own !== undefined && Object.hasOwn(own, key)) return own[key];
    if (typeof option.additionalProperties === "object") return option.additionalProperties;
  }
  return undefined;
}

export function knownKeys(outline: Outline | undefined): readonly string[] {
  if (outline === undefined) return [];
  const options = [outline, ...(outline.anyOf ?? [])];
  return options.flatMap((option) => Object.keys(option.properties ?? {}));
}

/** `routes[0].match.path`; with `anyIndex` every index is left out: `routes[].match.path`. */
export function pathText(path: KeyPath, anyIndex = false): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += anyIndex ? "[]" : `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
