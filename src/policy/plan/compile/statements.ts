/**
 * Looking through statements: which ones a block holds, and which locals they set and read.
 *
 * @module
 */
import type { Block, Local, Operand, Statement } from "../ir.ts";

/** Blocks directly inside a statement. */
export function blocksOf(statement: Statement): readonly Block[] {
  switch (statement.type) {
    case "Block":
      return statement.blocks;
    case "Not":
    case "Scan":
    case "With":
      return [statement.block];
    default:
      return [];
  }
}

/** Every statement in these blocks, nested ones after the one that holds them. */
export function* everyStatement(blocks: readonly Block[]): IterableIterator<Statement> {
  for (const block of blocks) {
    for (const statement of block) {
      yield statement;
      yield* everyStatement(blocksOf(statement));
    }
  }
}

/** Statements that run once for one run of the block: those inside scans are charged there. */
export function weightOf(blocks: readonly Block[]): number {
  let weight = 0;
  for (const block of blocks) {
    for (const statement of block) {
      weight += 1;
      if (statement.type !== "Scan") weight += weightOf(blocksOf(statement));
    }
  }
  return weight;
}

/** Locals that get a value of their own here; putting something into a collection is none. */
export function targetsOf(statement: Statement): readonly Local[] {
  switch (statement.type) {
    case "Scan":
      return [statement.key, statement.value];
    case "With":
      return [statement.local];
    case "Call":
    case "CallDynamic":
      return [statement.result];
    default:
      return "target" in statement ? [statement.target] : [];
  }
}

/** The collection a statement puts something into. */
export function filledBy(statement: Statement): Local | undefined {
  switch (statement.type) {
    case "ArrayAppend":
      return statement.array;
    case "SetAdd":
      return statement.set;
    case "ObjectInsert":
    case "ObjectInsertOnce":
      return statement.object;
    default:
      return undefined;
  }
}

/** Locals whose value a statement reads, blocks inside it not looked into. */
export function readBy(statement: Statement): readonly Local[] {
  const operands: readonly (Operand | Local)[] = operandsOf(statement);
  return operands.flatMap((operand) => {
    if (typeof operand === "number") return [operand];
    return operand.kind === "local" ? [operand.local] : [];
  });
}

function operandsOf(statement: Statement): readonly (Operand | Local)[] {
  switch (statement.type) {
    case "ArrayAppend":
      return [statement.array, statement.value];
    case "SetAdd":
      return [statement.set, statement.value];
    case "AssignVar":
    case "IsArray":
    case "IsObject":
    case "IsSet":
    case "IsDefined":
    case "IsUndefined":
    case "Len":
    case "ReturnLocal":
    case "Scan":
      return [statement.source];
    case "AssignVarOnce":
      return [statement.source, statement.target];
    case "Call":
      return statement.args;
    case "CallDynamic":
      return [...statement.path, ...statement.args];
    case "Dot":
      return [statement.source, statement.key];
    case "Equal":
    case "NotEqual":
    case "ObjectMerge":
      return [statement.a, statement.b];
    case "ObjectInsert":
    case "ObjectInsertOnce":
      return [statement.object, statement.key, statement.value];
    case "ResultSetAdd":
      return [statement.value];
    case "With":
      return [statement.local, statement.value];
    default:
      return [];
  }
}
