/**
 * The registry's text, checked as a whole. The schema belongs to the registry; the reading of YAML
 * with positions belongs here.
 *
 * @module
 */
import { type RegistryDocument, registrySchema } from "../registry/config.ts";
import { readPositionedYaml } from "./positioned-yaml.ts";
import { subjectOf, validate } from "./validate.ts";

/** @throws {ConfigError} with a line for each problem. */
export function parseRegistry(text: string, file: string): RegistryDocument {
  return validate(registrySchema, subjectOf(readPositionedYaml(text, file)));
}
