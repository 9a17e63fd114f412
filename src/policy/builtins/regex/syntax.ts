/**
 * Go's syntax of patterns where re2js takes another one: names of Unicode classes are read loosely, and
 * several groups may have one name, so names are kept here and taken out of the pattern.
 *
 * @module
 */
interface Translated {
  readonly pattern: string;
  /** Groups with their names, from left to right. */
  readonly groupsByName: ReadonlyMap<string, readonly number[]>;
}

const PIECE =
  /\\Q.*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|[^{])|\\.|\((?:\?P?<(?<name>\w+)>|(?<special>\?))?|\[\^?\]?(?:\[:\^?\w*:\]|\\.|[^\]\\])*\]?|[^\\([]+|./gsu;
const UNICODE_CLASS = /\\([pP])(?:\{(\^?)([^}]*)\}|([^{]))|\\./gsu;

const ALIASES: Readonly<Record<string, string>> = {
  Lc: "LC",
  Casedletter: "LC",
  Closepunctuation: "Pe",
  Combiningmark: "M",
  Connectorpunctuation: "Pc",
  Control: "Cc",
  Currencysymbol: "Sc",
  Dashpunctuation: "Pd",
  Decimalnumber: "Nd",
  Enclosingmark: "Me",
  Finalpunctuation: "Pf",
  Format: "Cf",
  Initialpunctuation: "Pi",
  Letter: "L",
  Letternumber: "Nl",
  Lineseparator: "Zl",
  Lowercaseletter: "Ll",
  Mark: "M",
  Mathsymbol: "Sm",
  Modifierletter: "Lm",
  Modifiersymbol: "Sk",
  Nonspacingmark: "Mn",
  Number: "N",
  Openpunctuation: "Ps",
  Other: "C",
  Otherletter: "Lo",
  Othernumber: "No",
  Otherpunctuation: "Po",
  Othersymbol: "So",
  Paragraphseparator: "Zp",
  Privateuse: "Co",
  Punctuation: "P",
  Separator: "Z",
  Spaceseparator: "Zs",
  Spacingmark: "Mc",
  Surrogate: "Cs",
  Symbol: "S",
  Titlecaseletter: "Lt",
  Unassigned: "Cn",
  Uppercaseletter: "Lu",
  Cntrl: "Cc",
  Digit: "Nd",
  Punct: "P",
};
/** Scripts that re2js knows and Go does not. */
const NEW_SCRIPTS: ReadonlySet<string> = new Set(["Garay", "Sidetic", "Sunuwar", "Todhri"]);
const NO_CLASS = "\\p{-}";

export function translated(text: string): Translated {
  const groupsByName = new Map<string, number[]>();
  let groups = 0;
  let pattern = "";
  for (const { 0: piece, groups: parts } of text.matchAll(PIECE)) {
    if (piece.startsWith("(")) {
      const name = parts?.["name"];
      if (parts?.["special"] === undefined) groups++;
      if (name === undefined) pattern += piece;
      else {
        groupsByName.set(name, [...(groupsByName.get(name) ?? []), groups]);
        pattern += "(";
      }
    } else if (piece.startsWith("\\Q")) pattern += piece;
    else pattern += piece.replace(UNICODE_CLASS, unicodeClass(piece.startsWith("[")));
  }
  return { pattern, groupsByName };
}

function unicodeClass(inClass: boolean) {
  return (all: string, letter?: string, not?: string, long?: string, short?: string): string =>
    letter === undefined
      ? all
      : classNamed(canonical(long ?? short ?? ""), (letter === "p") === (not !== "^"), inClass);
}

function classNamed(name: string, isPositive: boolean, inClass: boolean): string {
  if (name === "Ascii" && inClass) return isPositive ? "\\x{0}-\\x{7f}" : "\\x{80}-\\x{10ffff}";
  if (name === "Ascii") return isPositive ? "[\\x{0}-\\x{7f}]" : "[^\\x{0}-\\x{7f}]";
  if (NEW_SCRIPTS.has(name) || !/^[A-Z][a-z]*$/.test(name)) return NO_CLASS;
  const known = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  return `\\${isPositive ? "p" : "P"}{${known}}`;
}

/** A capital and then small letters, without what only separates words. */
function canonical(name: string): string {
  const joined = name.replace(/[_ -]/g, "");
  return joined.replace(/^[a-z]/, upper).replace(/(?<!^)[A-Z]/g, lower);
}

function upper(letter: string): string {
  return letter.toUpperCase();
}

function lower(letter: string): string {
  return letter.toLowerCase();
}
