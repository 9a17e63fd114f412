/** Real policies with the inputs they are made for, and with each part of those left out or odd. */
import { readdirSync, readFileSync } from "node:fs";
import { Budget, DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";
import { numberFromText } from "../../src/policy/plan/values/decimal.ts";
import { jsonText, parseJson } from "../../src/policy/plan/values/json.ts";
import {
  isArray,
  isObject,
  type PlainObject,
  type Value,
} from "../../src/policy/plan/values/value.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

export interface PolicyCase {
  readonly entrypoint: string;
  readonly input: Value;
  readonly dataText: string;
}

/** File → source of the shipped policies, without their tests. */
export function shippedModules(): Record<string, string> {
  return modulesIn("policies/src", (file) => !file.endsWith("_test.rego"));
}

export function modulesIn(
  folder: string,
  takes: (file: string) => boolean,
): Record<string, string> {
  const files = readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: "utf8" });
  const taken = files.filter((file) => file.endsWith(".rego") && takes(file)).sort();
  return Object.fromEntries(taken.map((file) => [file, readText(`${folder}/${file}`)]));
}

export function readText(path: string): string {
  return readFileSync(`${ROOT}/${path}`, "utf8");
}

export function shippedCases(): readonly PolicyCase[] {
  return readdirSync(`${ROOT}/policies/cases`).map((file) => {
    const kase = parseJson(readText(`policies/cases/${file}`)) as PlainObject;
    const { entrypoint, input, data } = kase as Record<string, Value>;
    if (typeof entrypoint !== "string") throw new Error(`${file} names no entrypoint`);
    return { entrypoint, input: input ?? null, dataText: text(data ?? {}) };
  });
}

export function text(value: Value): string {
  return jsonText(value, new Budget({ ...DEFAULT_LIMITS, bytesMax: 1 << 30 }));
}

/** Put in the place of every part of an input. */
const ODD: readonly Value[] = [
  null,
  true,
  "",
  "*",
  "__proto__",
  "ADMIN",
  0,
  ...["-0", "1.50", "9007199254740993", "1e400"].map(numberFromText),
  [],
  {},
  [null],
  ["admin", "admin"],
  [[["critical"]]],
  { __proto__: null, a: { a: {} } },
];

/** The input, and many that differ from it in one part: it is left out, or is something else. */
export function mutations(input: Value): readonly Value[] {
  return [input, ...ODD, ...changed(input)];
}

const ODD_FOR_EACH = 4;

/** A few of `ODD`, others for each part. */
function oddFor(name: string, item: Value): readonly Value[] {
  const start = name.length + (typeof item === "string" ? item.length : 0);
  return Array.from(
    { length: ODD_FOR_EACH },
    (_, index) => ODD[(start + 5 * index) % ODD.length] ?? null,
  );
}

function changed(value: Value): readonly Value[] {
  if (isArray(value)) {
    return value.flatMap((item, index) => [
      value.toSpliced(index, 1),
      ...oddFor(String(index), item).map((odd) => value.with(index, odd)),
      ...changed(item).map((other) => value.with(index, other)),
    ]);
  }
  if (!isObject(value)) return [];
  const members = Object.entries(value as PlainObject) as [string, Value][];
  return members.flatMap(([name, item], index) => [
    Object.fromEntries(members.toSpliced(index, 1)),
    ...[...oddFor(name, item), ...changed(item)].map((other) =>
      Object.fromEntries(members.with(index, [name, other])),
    ),
  ]);
}
