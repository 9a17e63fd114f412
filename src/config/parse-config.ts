/**
 * The configuration from its text and the environment: checked as a whole, every problem at once.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import { withAbsolutePaths } from "./absolute-paths.ts";
import { applyEnvironment, type Environment } from "./environment.ts";
import { readPositionedYaml } from "./positioned-yaml.ts";
import { type Config, configSchema } from "./schema.ts";
import { outlineOf } from "./schema-outline.ts";
import { type Subject, subjectOf, validate } from "./validate.ts";

/**
 * Later wins: defaults, file, environment.
 *
 * @throws {ConfigError} with a line for each problem, `file:line:column key: what` or
 * `VARIABLE key: what`; values are never printed.
 */
export function parseConfig(text: string, file: string, env: Environment): Config {
  const document = readPositionedYaml(text, file);
  const inFile = subjectOf(document);
  const overrides = applyEnvironment(document.value, env, outlineOf(configSchema));
  const placeOfVariable = (variable: string) => ({ text: variable, order: Infinity });
  const subject: Subject = {
    value: overrides.value,
    placeOf: (path) => {
      const variable = overrides.variableOf(path);
      return variable === undefined ? inFile.placeOf(path) : placeOfVariable(variable);
    },
    placeOfKey: (path, key) => {
      const variable = overrides.variableOf([...path, key]);
      return variable === undefined ? inFile.placeOfKey(path, key) : placeOfVariable(variable);
    },
  };
  const config = validated(subject, overrides.problems);
  return withAbsolutePaths(config, file);
}

function validated(subject: Subject, otherProblems: readonly string[]): Config {
  let found: readonly string[] = [];
  try {
    const config = validate(configSchema, subject);
    if (otherProblems.length === 0) return config;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    found = thrown.problems;
  }
  throw new ConfigError([...found, ...otherProblems]);
}
