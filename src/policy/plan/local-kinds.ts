/**
 * What is known of the locals of a plan at one point: those that have a value, and what was made for them.
 *
 * @module
 */
import type { Local } from "./ir.ts";
import { refuse } from "./plan-json.ts";

/** `part`: found in an object that was made, so possibly a collection that was made too. */
export type Kind = "array" | "object" | "set" | "part" | "other";

/** Undefined where no path leads. */
export type Known = Map<Local, Kind> | undefined;

/** Entries copied and compared; a plan of OPA's needs far fewer. */
const WORK_MAX = 20_000_000;

/** Copies and joins what is known; bounded, because both cost as much as there are locals. */
export class KnownLocals {
  #work = 0;

  copy(known: Known): Known {
    if (known === undefined) return undefined;
    this.#spend(known.size);
    return new Map(known);
  }

  /** What holds on both ways; `into` is changed. */
  join(into: Known, other: Known): Known {
    if (into === undefined) return this.copy(other);
    if (other === undefined) return into;
    this.#spend(into.size);
    for (const [local, kind] of into) {
      const otherKind = other.get(local);
      if (otherKind === undefined) into.delete(local);
      else if (otherKind !== kind) into.set(local, joined(kind, otherKind));
    }
    return into;
  }

  #spend(entries: number): void {
    this.#work += entries;
    if (this.#work > WORK_MAX) refuse("plan", "too many locals in too many blocks");
  }
}

function joined(a: Kind, b: Kind): Kind {
  const isInner = (kind: Kind) => kind === "part" || kind === "object" || kind === "set";
  return isInner(a) && isInner(b) && (a === "part" || b === "part") ? "part" : "other";
}
