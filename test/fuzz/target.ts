/** What a fuzz target is: bytes in, a short signature of what they did out, a throw for a violation. */
export interface FuzzTarget {
  readonly name: string;
  /** Share of the time of a run over all targets. */
  readonly weight: number;
  /** Well-formed inputs that mutation starts from. */
  seeds(): readonly Buffer[] | Promise<readonly Buffer[]>;
  /** Pieces that mean something to this reader. */
  readonly dictionary: readonly string[];
  /**
   * Reads `input` and checks what must hold of the outcome. The result tells outcomes apart, so that an
   * input with a new one is kept and mutated further.
   *
   * @throws {Error} when something that must hold does not
   */
  run(input: Buffer): string | Promise<string>;
}

/** Fails the run: `what` says which promise was broken. */
export function requireHolds(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken promise: ${what}`);
}
