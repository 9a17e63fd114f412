/**
 * Semantic versions: `semver.compare` and `semver.is_valid`. A leading `v` is allowed.
 *
 * @module
 */
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";

interface Version {
  readonly numbers: readonly bigint[];
  readonly preRelease: string;
}

const IDENTIFIERS = /^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/;
const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/;
const DIGITS = /^[0-9]+$/;
const LEADING_ZERO = /^0[0-9]+$/;
const INTEGER_MAX = 2n ** 63n - 1n;
const CHARACTERS_PER_STEP = 4;
/** Of reading a version, however short. */
const STEPS_MIN = 8;

function versionFrom({ budget }: BuiltinContext, text: string): Version | undefined {
  budget.spend(STEPS_MIN + text.length / CHARACTERS_PER_STEP);
  budget.allocate(text.length);
  const [release, metadata] = cut(text.startsWith("v") ? text.slice(1) : text, "+");
  if (metadata !== undefined && !IDENTIFIERS.test(metadata)) return undefined;
  const [core, preRelease] = cut(release, "-");
  if (preRelease !== undefined && !isPreRelease(preRelease)) return undefined;
  const parts = core.split(".");
  if (parts.length !== 3 || !parts.every((part) => NUMBER.test(part))) return undefined;
  const numbers = parts.map(BigInt);
  if (numbers.some((number) => number > INTEGER_MAX)) return undefined;
  return { numbers, preRelease: preRelease ?? "" };
}

function cut(text: string, separator: string): readonly [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function isPreRelease(text: string): boolean {
  return IDENTIFIERS.test(text) && !text.split(".").some((part) => LEADING_ZERO.test(part));
}

function order<Scalar extends bigint | string>(a: Scalar, b: Scalar): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const difference = order(number, b.numbers[index] ?? 0n);
    if (difference !== 0) return difference;
  }
  if (a.preRelease === b.preRelease) return 0;
  if (a.preRelease === "") return 1;
  return b.preRelease === "" ? -1 : comparePreReleases(a.preRelease, b.preRelease);
}

function comparePreReleases(a: string, b: string): number {
  const partsA = a.split(".");
  const partsB = b.split(".");
  for (let index = 0; index < Math.min(partsA.length, partsB.length); index++) {
    const difference = compareIdentifiers(partsA[index] ?? "", partsB[index] ?? "");
    if (difference !== 0) return difference;
  }
  return Math.sign(partsA.length - partsB.length);
}

/** Numbers come before text. Beyond 64 bits OPA takes all numbers for equal. */
function compareIdentifiers(a: string, b: string): number {
  const isNumberA = DIGITS.test(a);
  const isNumberB = DIGITS.test(b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return isNumberA ? order(limited(a), limited(b)) : order(a, b);
}

function limited(digits: string): bigint {
  if (digits.length > String(INTEGER_MAX).length) return INTEGER_MAX;
  const number = BigInt(digits);
  return number > INTEGER_MAX ? INTEGER_MAX : number;
}

function compare(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (typeof a !== "string") return wrongType(context, 1, a, "string");
  if (typeof b !== "string") return wrongType(context, 2, b, "string");
  const versionA = versionFrom(context, a);
  if (!versionA) return context.fail(`operand 1: string "${a}" is not a valid SemVer`);
  const versionB = versionFrom(context, b);
  if (!versionB) return context.fail(`operand 2: string "${b}" is not a valid SemVer`);
  return compareVersions(versionA, versionB);
}

export const SEMVER: BuiltinTable = {
  "semver.compare": compare,
  "semver.is_valid": (context, version: Value) =>
    typeof version === "string" && versionFrom(context, version) !== undefined,
};
