/**
 * An explanation with titles, ids and source lines, every text bounded: what `policy eval --explain --json`
 * prints and the readable account is written from.
 *
 * @module
 */
import type { Annotation } from "../policy/annotations.ts";
import type {
  BodyExplanation,
  ElementExplanation,
  Explanation,
  RuleExplanation,
} from "../policy/plan/explain.ts";
import { briefLine, briefText } from "./brief-text.ts";

const VALUE_CHARACTERS_MAX = 200;
const ARGUMENT_CHARACTERS_MAX = 80;
const SOURCE_CHARACTERS_MAX = 120;

export interface AccountSources {
  readonly annotations: readonly Annotation[];
  /** Rego files by the name that positions have. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Described {
  readonly id?: string;
  readonly title?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AccountPlace {
  /** `file.rego:12:3` */
  readonly position: string;
  readonly source?: string;
}

export interface AccountBody extends Described, AccountPlace {
  readonly result: "holds" | "fails" | "not tried";
  readonly failedAt?: AccountPlace;
  /** In an `every`. */
  readonly failedInside?: AccountPlace;
  /** The error of the builtin called there. */
  readonly failedBecause?: string;
  readonly elements?: readonly string[];
  readonly elementCount?: number;
}

export interface AccountRule extends Described {
  readonly rule: string;
  readonly depth: number;
  readonly args?: readonly string[];
  readonly calls: number;
  readonly value: string;
  readonly bodies: readonly AccountBody[];
}

export interface AccountPackage extends Described {
  /** `data.mcp.gateway` */
  readonly path: string;
}

export interface Account {
  /** Annotated packages of the rules. */
  readonly packages: readonly AccountPackage[];
  readonly rules: readonly AccountRule[];
  readonly rulesLeftOut: number;
  readonly reads: readonly string[];
  readonly readsLeftOut: boolean;
}

export function accountOf(explanation: Explanation, sources: AccountSources): Account {
  const lines = new Map<string, readonly string[]>();
  for (const [file, text] of sources.files) lines.set(file, text.split("\n"));
  const placeOf = (position: string): AccountPlace => {
    const [, file = "", row = ""] = /^(.*):(\d+):\d+$/.exec(position) ?? [];
    const line = lines.get(file)?.[Number(row) - 1];
    if (line === undefined) return { position };
    return { position, source: briefLine(line, SOURCE_CHARACTERS_MAX) };
  };
  const { rulesLeftOut, reads, readsLeftOut } = explanation;
  return {
    packages: packagesOf(explanation, sources.annotations),
    rules: explanation.rules.map((rule) => ruleOf(rule, sources.annotations, placeOf)),
    rulesLeftOut,
    reads,
    readsLeftOut,
  };
}

function packagesOf(
  { rules }: Explanation,
  annotations: readonly Annotation[],
): readonly AccountPackage[] {
  const packages = annotations
    .filter(({ scope }) => scope === "package" || scope === "subpackages")
    .sort((a, b) => b.path.length - a.path.length);
  // The longest path that a rule begins with is its package's.
  const used = new Set(
    rules.map(({ rule }) => packages.find(({ path }) => rule.startsWith(`${path}.`))),
  );
  return packages
    .filter((one) => used.has(one))
    .map((one) => ({ path: one.path, ...described(one) }));
}

type PlaceOf = (position: string) => AccountPlace;

function ruleOf(
  { rule, depth, args, calls, value, bodies }: RuleExplanation,
  annotations: readonly Annotation[],
  placeOf: PlaceOf,
): AccountRule {
  const own = annotations.filter(({ path }) => path === rule);
  return {
    rule,
    depth,
    ...described(own.find(({ scope }) => scope === "document")),
    ...(args.length === 0
      ? {}
      : { args: args.map((one) => briefText(one, ARGUMENT_CHARACTERS_MAX)) }),
    calls,
    value: briefText(value, VALUE_CHARACTERS_MAX),
    bodies: bodies.map((body) => bodyOf(body, own, placeOf)),
  };
}

function bodyOf(
  body: BodyExplanation,
  annotations: readonly Annotation[],
  placeOf: PlaceOf,
): AccountBody {
  const {
    position,
    holds,
    isSkipped,
    failedAt,
    failedInside,
    failedBecause,
    elements,
    elementCount,
  } = body;
  const annotation = annotations.find(
    ({ file, row, scope }) => scope === "rule" && position.startsWith(`${file}:${row}:`),
  );
  const otherwise = isSkipped ? "not tried" : "fails";
  return {
    result: holds ? "holds" : otherwise,
    ...placeOf(position),
    ...described(annotation),
    ...(failedAt === undefined ? {} : { failedAt: placeOf(failedAt) }),
    ...(failedInside === undefined ? {} : { failedInside: placeOf(failedInside) }),
    ...(failedBecause === undefined
      ? {}
      : { failedBecause: briefText(failedBecause, ARGUMENT_CHARACTERS_MAX) }),
    ...(elementCount === 0 ? {} : { elements: elements.map(elementText), elementCount }),
  };
}

function elementText({ key, value }: ElementExplanation): string {
  const name = briefText(key, ARGUMENT_CHARACTERS_MAX);
  return value === undefined ? name : `${name}: ${briefText(value, ARGUMENT_CHARACTERS_MAX)}`;
}

function described(annotation: Annotation | undefined): Described {
  if (annotation === undefined) return {};
  const { id, title, labels } = annotation;
  return {
    ...(id === undefined ? {} : { id }),
    ...(title === undefined ? {} : { title }),
    ...(labels === undefined ? {} : { labels }),
  };
}
