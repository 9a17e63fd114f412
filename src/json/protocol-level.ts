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
  /** At the position of its name: what is known of that member's own members. */
  readonly below: readonly (ProtocolLevel | undefined)[];
  readonly folded: ReadonlySet<string>;
}

/** Member → what is known below it; null = nothing, its content is free. */
export interface LevelShape {
  readonly [member: string]: LevelShape | null;
}

export function protocolLevel(shape: LevelShape): ProtocolLevel {
  const names = Object.keys(shape);
  return {
    names,
    namesUtf8: names.map((name) => Buffer.from(name)),
    below: Object.values(shape).map((below) => (below === null ? undefined : protocolLevel(below))),
    folded: new Set(names.map(foldName)),
  };
}

/**
 * As a reader compares that ignores case: ASCII letters, and the two other characters whose case
 * mappings end in ASCII (`ſ` U+017F, `K` U+212A).
 */
export function foldName(name: string): string {
  return name.replaceAll(/[A-Z\u017f\u212a]/g, (letter) =>
    letter === "\u017f" ? "s" : letter.toLowerCase(),
  );
}

/** Names that mean something to JavaScript objects instead of to the protocol. */
export function isReservedName(name: string): boolean {
  return name === "__proto__" || name === "constructor" || name === "prototype";
}
