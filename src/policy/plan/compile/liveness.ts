/**
 * Which locals of a function may be read before the statements around the read have set them. OPA's
 * planner numbers the locals of each body of a rule anew, so that one local means many things.
 *
 * @module
 */
import type { Block, Local, Statement } from "../ir.ts";
import { blocksOf, readBy, targetsOf } from "./statements.ts";

/** For each of a function's blocks, the locals that it may find as another block left them. */
export type Inherited = ReadonlyMap<Block, ReadonlySet<Local>>;

export function inheritedBy(blocks: readonly Block[]): Inherited {
  return new Map(
    blocks.map((block) => {
      const found = new Set<Local>();
      look(block, new Set(), { except: undefined, found });
      return [block, found] as const;
    }),
  );
}

/** The locals that `except`, which stands in `block`, may leave to statements there. */
export function leftBy(except: Statement, block: Block): ReadonlySet<Local> {
  const found = new Set<Local>();
  look(block, new Set(), { except, found });
  return found;
}

interface Look {
  /** A statement not looked into; what is set before it counts no more after it. */
  readonly except: Statement | undefined;
  /** Locals that are read without having been set. */
  readonly found: Set<Local>;
}

/** `set`: by statements that ran before, whatever happened. True when `except` was met. */
function look(block: Block, set: ReadonlySet<Local>, seeking: Look): boolean {
  let known = new Set(set);
  let isMet = false;
  for (const statement of block) {
    for (const local of readBy(statement)) if (!known.has(local)) seeking.found.add(local);
    if (lookInto(statement, known, seeking)) {
      known = new Set();
      isMet = true;
    }
    // Blocks inside may have been left early, or not have run.
    if (blocksOf(statement).length > 0) continue;
    for (const local of targetsOf(statement)) known.add(local);
  }
  return isMet;
}

function lookInto(statement: Statement, known: ReadonlySet<Local>, seeking: Look): boolean {
  if (statement === seeking.except) return true;
  const isScan = statement.type === "Scan";
  // A scan's body runs again after what stands at its end.
  const isAgain = isScan && seeking.except !== undefined && holds(statement, seeking.except);
  const before = new Set(isAgain ? [] : known);
  if (isScan) for (const local of targetsOf(statement)) before.add(local);
  let isMet = false;
  for (const inner of blocksOf(statement)) isMet = look(inner, before, seeking) || isMet;
  return isMet;
}

function holds(statement: Statement, sought: Statement): boolean {
  return blocksOf(statement).some((block) =>
    block.some((inner) => inner === sought || holds(inner, sought)),
  );
}
