/**
 * OPA's planner numbers the locals of every rule body from the same start. Here each body gets locals of its
 * own, but for those that carry a value from one body to the next: so a literal in one body is a constant
 * whatever the others do.
 *
 * @module
 */
import type { Block, Local, Operand, Statement } from "../ir.ts";
import { blocksOf, everyStatement, filledBy, readBy, targetsOf } from "./statements.ts";

/** Blocks that run one after the other; a chain of `else` is one block around its bodies. */
function bodiesOf(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => {
    const [only, second] = block;
    return only?.type === "Block" && second === undefined ? only.blocks : [block];
  });
}

/** The same blocks; `shared` keep their numbers, and so do locals that are read before they are set. */
export function separateLocals(
  blocks: readonly Block[],
  shared: readonly Local[],
): readonly Block[] {
  const bodies = bodiesOf(blocks);
  const kept = new Set([...shared, ...bodies.flatMap((body) => [...readFirst(body)])]);
  let next = firstFree(blocks);
  const names = new Map<Block, Map<Local, Local>>();
  for (const body of bodies) {
    const own = new Map<Local, Local>();
    for (const local of [...everyStatement([body])].flatMap(targetsOf)) {
      if (!kept.has(local) && !own.has(local)) own.set(local, next++);
    }
    names.set(body, own);
  }
  const renamed = (block: Block): Block => {
    const own = names.get(block);
    if (own !== undefined) return renamedBlock(block, own);
    return block.map((statement) =>
      statement.type === "Block"
        ? { ...statement, blocks: statement.blocks.map(renamed) }
        : statement,
    );
  };
  return blocks.map(renamed);
}

function firstFree(blocks: readonly Block[]): Local {
  let next = 0;
  for (const statement of everyStatement(blocks)) {
    for (const local of [...targetsOf(statement), ...readBy(statement)]) {
      next = Math.max(next, local + 1);
    }
  }
  return next;
}

/** Locals that a body reads or fills before it sets them, in the order of its statements. */
function readFirst(body: Block): ReadonlySet<Local> {
  const set = new Set<Local>();
  const found = new Set<Local>();
  for (const statement of everyStatement([body])) {
    const filled = filledBy(statement);
    for (const local of [...readBy(statement), ...(filled === undefined ? [] : [filled])]) {
      if (!set.has(local)) found.add(local);
    }
    for (const local of targetsOf(statement)) set.add(local);
  }
  return found;
}

function renamedBlock(block: Block, names: ReadonlyMap<Local, Local>): Block {
  return block.map((statement) => renamedStatement(statement, names));
}

/** Numbers in statements are locals, but for these. */
const NO_LOCALS: ReadonlySet<string> = new Set(["AssignInt.value", "Break.depth"]);

function renamedStatement(statement: Statement, names: ReadonlyMap<Local, Local>): Statement {
  const renamed: Record<string, unknown> = { ...statement };
  const local = (value: Local) => names.get(value) ?? value;
  for (const [name, value] of Object.entries(statement)) {
    if (typeof value === "number" && !NO_LOCALS.has(`${statement.type}.${name}`)) {
      renamed[name] = local(value);
    } else if (isOperand(value)) renamed[name] = renamedOperand(value, local);
    else if (name === "args" || (name === "path" && statement.type === "CallDynamic")) {
      renamed[name] = (value as readonly (Local | Operand)[]).map((one) =>
        typeof one === "number" ? local(one) : renamedOperand(one, local),
      );
    }
  }
  const inner = blocksOf(statement).map((block) => renamedBlock(block, names));
  if (statement.type === "Block") renamed["blocks"] = inner;
  else if (inner.length > 0) renamed["block"] = inner[0];
  return renamed as unknown as Statement;
}

function isOperand(value: unknown): value is Operand {
  return typeof value === "object" && value !== null && "kind" in value;
}

function renamedOperand(operand: Operand, local: (value: Local) => Local): Operand {
  return operand.kind === "local" ? { kind: "local", local: local(operand.local) } : operand;
}
