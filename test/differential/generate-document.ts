/**
 * JSON documents that engines tend to read differently: numbers that are no JavaScript number, text
 * outside ASCII, names that JavaScript knows, nesting. As text, so that every number stays as written.
 */
import type { Random } from "../fuzz/random.ts";

/** Members that generated modules ask for, so that most of their references find something. */
export const MEMBERS = ["a", "b", "c", "k", "n", "s", "list", "numbers", "texts", "map"] as const;
const ODD_MEMBERS = ["__proto__", "constructor", "é", "x y", "", "0", "1", "toString", "😀"];

export const NUMBERS = [
  ...["0", "1", "2", "3", "-1", "10", "-2", "7", "1", "2"],
  ...["1.50", "1.0", "0.1", "0.2", "-0", "0.0", "1e2", "1E3", "2.5", "-2.5", "3.14", "1e-3"],
  ...["9007199254740993", "9007199254740992", "-9007199254740993", "4294967296", "2147483648"],
  ...["123456789012345678901234567890", "1e400", "-1e400", "1e-400", "18446744073709551616"],
];

export const TEXTS = [
  ...["", "a", "b", "c", "k", "A", "ab", "abc", "a,b", "a.b", "/a/b", " x ", "10", "1.50", "true"],
  ...["é", "e\u0301", "😀", "😀z", "\uffff", "\u0000", "\u2028", "<&>", '"', "\\", "%v", "\n"],
  ...["__proto__", "constructor", "10.0.0.1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Ω", "ß"],
];

const DEPTH_MAX = 4;
const SIZE_MAX = 4;

/** An object with most of `MEMBERS`, usually of the type their name says. */
export function generateDocument(random: Random): string {
  const members: string[] = [];
  for (const name of MEMBERS) {
    if (random.below(10) === 0) continue;
    const odd = random.below(8) === 0;
    members.push(`${JSON.stringify(name)}:${odd ? awkward(random, 2) : expected(name, random)}`);
  }
  if (random.below(4) === 0) members.push(member(random, 2));
  return `{${unlike(members).join(",")}}`;
}

function expected(name: (typeof MEMBERS)[number], random: Random): string {
  switch (name) {
    case "n":
      return number(random);
    case "s":
      return text(random);
    case "list":
      return array(random, () => awkward(random, 2));
    case "numbers":
      return array(random, () => number(random));
    case "texts":
      return array(random, () => text(random));
    case "map":
      return object(random, 1);
    default:
      return awkward(random, 0);
  }
}

/** Any value at all. */
export function awkward(random: Random, depth: number): string {
  switch (random.below(depth >= DEPTH_MAX ? 6 : 10)) {
    case 0:
      return random.pick(["null", "true", "false"]);
    case 1:
    case 2:
      return number(random);
    case 3:
    case 4:
      return text(random);
    case 5:
      return random.pick(["{}", "[]", "[[]]", "[null]", '{"a":{}}', "true"]);
    case 6:
    case 7:
      return array(random, () => awkward(random, depth + 1));
    default:
      return object(random, depth + 1);
  }
}

function number(random: Random): string {
  return random.pick(NUMBERS);
}

function text(random: Random): string {
  return JSON.stringify(random.pick(TEXTS));
}

function array(random: Random, item: () => string): string {
  return `[${Array.from({ length: random.below(SIZE_MAX + 1) }, item).join(",")}]`;
}

function object(random: Random, depth: number): string {
  const length = random.below(SIZE_MAX + 1);
  return `{${unlike(Array.from({ length }, () => member(random, depth))).join(",")}}`;
}

function member(random: Random, depth: number): string {
  const name = random.pick(random.below(6) === 0 ? ODD_MEMBERS : MEMBERS);
  return `${JSON.stringify(name)}:${awkward(random, depth)}`;
}

/** One member for each name: what a repeated name means is for the reader of JSON, not for policies. */
function unlike(members: readonly string[]): string[] {
  const byName = new Map(members.map((one) => [one.slice(0, one.indexOf('":') + 1), one]));
  return [...byName.values()];
}
