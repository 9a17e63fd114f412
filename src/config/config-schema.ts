/**
 * The schema as JSON Schema, for editors.
 *
 * @module
 */
import { configSchema } from "./schema.ts";
import { outlineOf } from "./schema-outline.ts";

export function configJsonSchema(): object {
  return { title: "sark-authz configuration", ...outlineOf(configSchema) };
}
