/**
 * Data against a schema: every problem at once, each with its place, its key and a remedy. Values are
 * never printed, because any of them may be a secret in the wrong place.
 *
 * @module
 */
import type { z } from "zod";
import { ConfigError } from "../domain/errors.ts";
import { isKeyNotYet, isValueNotYet } from "./not-yet.ts";
import type { KeyPath, PositionedDocument } from "./positioned-yaml.ts";
import { knownKeys, type Outline, outlineAt, outlineOf, pathText } from "./schema-outline.ts";
import { suggest } from "./suggest.ts";

interface Place {
  /** `file:line:column`, or the environment variable. */
  readonly text: string;
  /** Problems are listed in this order. */
  readonly order: number;
}

export interface Subject {
  readonly value: unknown;
  placeOf(path: KeyPath): Place;
  placeOfKey(path: KeyPath, key: string): Place;
}

interface Problem {
  readonly place: Place;
  readonly text: string;
}

type Issue = z.core.$ZodIssue;

/** More columns than a line of a bounded document can have. */
const LINE_WEIGHT = 2_000_000;

export function subjectOf(document: PositionedDocument): Subject {
  const place = ({ line, column }: { readonly line: number; readonly column: number }): Place => ({
    text: `${document.file}:${line}:${column}`,
    order: line * LINE_WEIGHT + column,
  });
  return {
    value: document.value,
    placeOf: (path) => place(document.positionOf(path)),
    placeOfKey: (path, key) => place(document.positionOfKey(path, key)),
  };
}

/** @throws {ConfigError} with one line for each problem, in the order of the file. */
export function validate<S extends z.ZodType>(schema: S, subject: Subject): z.output<S> {
  const parsed = schema.safeParse(subject.value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, schema, subject));
  problems.sort((a, b) => a.place.order - b.place.order);
  throw new ConfigError(problems.map(({ place, text }) => `${place.text} ${text}`));
}

function problemsOf(issue: Issue, schema: z.ZodType, subject: Subject): Problem[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const outline = outlineAt(outlineOf(schema), path);
    return issue.keys.map((key) => ({
      place: subject.placeOfKey(path, key),
      text: `${pathText([...path, key])}: ${unknownKeyText(path, key, outline)}`,
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return nearestBranch(issue.errors).flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, schema, subject),
    );
  }
  const place =
    issue.code === "invalid_key"
      ? subject.placeOfKey(path.slice(0, -1), String(path.at(-1)))
      : subject.placeOf(path);
  const key = path.length === 0 ? "(whole file)" : pathText(path);
  return [{ place, text: `${key}: ${issueText(issue, path, subject.value)}` }];
}

/** Of several allowed forms the one that was meant: it was understood to the greatest depth. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const score = (issues: readonly Issue[]) =>
    Math.max(
      ...issues.map(({ path, code }) => path.length * 2 + (code === "invalid_type" ? 0 : 1)),
    );
  return branches.reduce((best, branch) => (score(branch) > score(best) ? branch : best));
}

function unknownKeyText(path: KeyPath, key: string, outline: Outline | undefined): string {
  if (isKeyNotYet(pathText([...path, key], true))) return "not supported yet; leave it out";
  const known = knownKeys(outline);
  const nearest = suggest(key, known);
  if (nearest !== undefined) return `unknown key; did you mean "${nearest}"?`;
  return known.length === 0 ? "unknown key" : `unknown key; known here: ${known.join(", ")}`;
}

function issueText(issue: Issue, path: KeyPath, whole: unknown): string {
  const value = valueAt(whole, path);
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "not a valid name";
  if (issue.code === "custom") return issue.message;
  const isOwnText = !/^(Invalid|Too (big|small)|Unrecognized)/.test(issue.message);
  if (isOwnText) return value === undefined ? `is missing; ${issue.message}` : issue.message;
  if (issue.code === "invalid_value") return choiceText(issue.values, path, value);
  if (issue.code === "invalid_type") {
    return value === undefined
      ? "is missing"
      : `must be ${TYPE_WORDS[issue.expected] ?? "another type"}`;
  }
  if (issue.code === "too_small") return boundText("least", issue.minimum, issue.origin);
  if (issue.code === "too_big") return boundText("most", issue.maximum, issue.origin);
  return "has the wrong form";
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  null: "null",
  number: "a whole number",
  object: "a section of keys",
  record: "a section of keys",
  string: "a text",
};

function choiceText(choices: readonly unknown[], path: KeyPath, value: unknown): string {
  const names = choices.map(String);
  const list = names.length === 1 ? `must be ${names[0]}` : `must be one of ${names.join(", ")}`;
  if (value === undefined) return `is missing; ${list}`;
  if (isValueNotYet(pathText(path, true), value)) return `this value is not supported yet; ${list}`;
  const nearest = typeof value === "string" ? suggest(value, names) : undefined;
  return nearest === undefined ? list : `${list}; did you mean "${nearest}"?`;
}

function boundText(side: "least" | "most", bound: number | bigint, origin: string): string {
  if (origin === "string") return `must have at ${side} ${bound} characters`;
  if (origin === "array" || origin === "set") return `must list at ${side} ${bound}`;
  return `must be at ${side} ${bound}`;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string | number, unknown>>)[step];
  }
  return here;
}
