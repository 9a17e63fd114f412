/**
 * Which members of a body have a meaning for the protocol. At these levels a reader that ignores case
 * or fills in prototypes would see something else than we do, so such names are refused there.
 *
 * @module
 */

/** The known members of one object, in a fixed order. */
export interface ProtocolLevel {
  readonly names: readonly string[];
  readonly namesUtf8: readonly Buffer[];
  /** Positions of the names of so many bytes. */
  readonly slotsByLength: readonly (readonly number[] | undefined)[];
  /** At the position of its name: what is known of that member's value. */
  readonly contents: readonly MemberContent[];
  readonly folded: ReadonlySet<string>;
  readonly fold: (name: string) => string;
}

/** What is known of one value. */
export interface MemberContent {
  /** Of an object; undefined = its members are free. */
  readonly level: ProtocolLevel | undefined;
  /** Of each element of an array; undefined = its elements are free. */
  readonly element: MemberContent | undefined;
  /** Parameters of a call: the one place where integers may be too large for a number. */
  readonly isParameters: boolean;
}

/** null = free, an object = its known members, one in brackets = each element of an array. */
type ContentShape = null | "parameters" | LevelShape | readonly [ContentShape];

/** Member → what is known of its value. */
export interface LevelShape {
  readonly [member: string]: ContentShape;
}

/** Which spellings count as the same name: `ProtoJSON` readers also take `task_id` for `taskId`. */
type Folding = "case" | "ProtoJSON";

const FREE: MemberContent = { level: undefined, element: undefined, isParameters: false };
const PARAMETERS: MemberContent = { ...FREE, isParameters: true };

/** `folding` holds for all levels below as well; what is free is compared by nobody. */
export function protocolLevel(shape: LevelShape, folding: Folding = "case"): ProtocolLevel {
  const names = Object.keys(shape);
  const fold = folding === "case" ? foldName : foldProtoName;
  const namesUtf8 = names.map((name) => Buffer.from(name));
  const slotsByLength: number[][] = [];
  for (const [slot, { length }] of namesUtf8.entries()) {
    slotsByLength[length] = [...(slotsByLength[length] ?? []), slot];
  }
  return {
    names,
    namesUtf8,
    slotsByLength,
    contents: Object.values(shape).map((content) => contentOf(content, folding)),
    folded: new Set(names.map(fold)),
    fold,
  };
}

function contentOf(shape: ContentShape, folding: Folding): MemberContent {
  if (shape === null) return FREE;
  if (shape === "parameters") return PARAMETERS;
  if (isElements(shape)) return { ...FREE, element: contentOf(shape[0], folding) };
  return { ...FREE, level: protocolLevel(shape, folding) };
}

function isElements(shape: LevelShape | readonly [ContentShape]): shape is readonly [ContentShape] {
  return Array.isArray(shape);
}

/** Beside `K` U+212A, whose lower case is `k`: what some reader takes for an ASCII letter. */
const LOOSE_LETTERS = /i\u0307|[\u0131\u017f]/g;

/** As a reader compares that ignores case; the dotted and the dotless i are Java's. */
function foldName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(LOOSE_LETTERS, (letters) => (letters === "\u017f" ? "s" : "i"));
}

function foldProtoName(name: string): string {
  return foldName(name).replaceAll("_", "");
}

/** Names that mean something to JavaScript objects instead of to the protocol. */
export function isReservedName(name: string): boolean {
  return name === "__proto__" || name === "constructor" || name === "prototype";
}
