/**
 * Which locals of a function always hold the same value: literals, and collections that are filled with
 * literals in one go. They are made once, when the policy is loaded.
 *
 * @module
 */
import type { Block, Local, Operand, Statement } from "../ir.ts";
import { Budget } from "../values/budget.ts";
import { numberFromText } from "../values/decimal.ts";
import { RegoObject } from "../values/rego-object.ts";
import { RegoSet } from "../values/rego-set.ts";
import { isArray, type Value } from "../values/value.ts";
import { blocksOf, everyStatement, filledBy, readBy, targetsOf } from "./statements.ts";

/** Making constants is part of loading, whose size is bounded by the plan's. */
export const LOAD_LIMITS = { stepsMax: 1e8, valuesMax: 1e7, bytesMax: 1e9, depthMax: 1_000 };

export interface Constants {
  readonly values: ReadonlyMap<Local, Value>;
  /** Statements that only made them and are left out of the code. */
  readonly makers: ReadonlySet<Statement>;
}

export function findConstants(blocks: readonly Block[]): Constants {
  const finder: Finder = {
    values: new Map(),
    makers: new Set(),
    usage: usageOf(blocks),
    budget: new Budget(LOAD_LIMITS),
  };
  const visit = (block: Block): void => {
    for (const [index, statement] of block.entries()) {
      find(finder, block, index);
      for (const inner of blocksOf(statement)) visit(inner);
    }
  };
  for (const block of blocks) visit(block);
  return finder;
}

interface Finder extends Constants {
  readonly values: Map<Local, Value>;
  readonly makers: Set<Statement>;
  readonly usage: Usage;
  readonly budget: Budget;
}

interface Usage {
  /** How often a local is set. */
  readonly sets: ReadonlyMap<Local, number>;
  /** How often something is put into it. */
  readonly fills: ReadonlyMap<Local, number>;
  /** Locals whose being set at all is asked for or handed on. */
  readonly tested: ReadonlySet<Local>;
}

function usageOf(blocks: readonly Block[]): Usage {
  const sets = new Map<Local, number>();
  const fills = new Map<Local, number>();
  const tested = new Set<Local>();
  const members: (readonly [of: Local, member: Local])[] = [];
  for (const statement of everyStatement(blocks)) {
    for (const local of targetsOf(statement)) count(sets, local);
    const filled = filledBy(statement);
    if (filled !== undefined) count(fills, filled);
    for (const local of testedBy(statement)) tested.add(local);
    if (statement.type === "Dot" && statement.source.kind === "local") {
      members.push([statement.source.local, statement.target]);
    }
  }
  // What a member of it is filled with later would change it too.
  for (const [of, member] of members) if (fills.has(member)) tested.add(of);
  return { sets, fills, tested };
}

function count(counts: Map<Local, number>, local: Local): void {
  counts.set(local, (counts.get(local) ?? 0) + 1);
}

function testedBy(statement: Statement): readonly Local[] {
  switch (statement.type) {
    case "AssignVarOnce":
      return [statement.target];
    case "IsDefined":
    case "IsUndefined":
    case "ReturnLocal":
      return [statement.source];
    default:
      return [];
  }
}

/** Takes the constant that the statement at `index` makes, if it makes one. */
function find(finder: Finder, block: Block, index: number): boolean {
  const statement = block[index] as Statement;
  const [local] = targetsOf(statement);
  if (local === undefined || filledBy(statement) !== undefined) return false;
  if (finder.values.has(local)) return true;
  if (finder.usage.sets.get(local) !== 1 || finder.usage.tested.has(local)) return false;
  const value = madeAt(finder, block, index, local);
  if (value === undefined) return false;
  finder.values.set(local, value);
  finder.makers.add(statement);
  return true;
}

function madeAt(finder: Finder, block: Block, index: number, local: Local): Value | undefined {
  const statement = block[index] as Statement;
  switch (statement.type) {
    case "MakeNull":
      return null;
    case "MakeNumber":
      return numberFromText(statement.text);
    case "MakeArray":
      return filled(finder, block, index, local, []);
    case "MakeSet":
      return filled(finder, block, index, local, new RegoSet());
    case "MakeObject":
      return filled(finder, block, index, local, new RegoObject());
    default:
      return undefined;
  }
}

type Collection = Value[] | RegoSet | RegoObject;

/**
 * The collection made at `index`, if all that is put into it is constant and follows at once: only
 * other constants may be made in between, which may be parts of it.
 */
function filled(
  finder: Finder,
  block: Block,
  index: number,
  local: Local,
  collection: Collection,
): Value | undefined {
  const makers: Statement[] = [];
  let left = finder.usage.fills.get(local) ?? 0;
  for (let next = index + 1; left > 0; next++) {
    const statement = block[next];
    if (statement === undefined) return undefined;
    if (filledBy(statement) === local) {
      if (!put(collection, statement, finder)) return undefined;
      makers.push(statement);
      left -= 1;
    } else if (readBy(statement).includes(local)) {
      return undefined;
    } else if (filledBy(statement) === undefined && !find(finder, block, next)) {
      return undefined;
    }
  }
  for (const maker of makers) finder.makers.add(maker);
  return collection;
}

function put(collection: Collection, statement: Statement, finder: Finder): boolean {
  const { values, budget } = finder;
  if (statement.type === "ArrayAppend" && isArray(collection as Value)) {
    const value = constantOf(statement.value, values);
    return value !== undefined && (collection as Value[]).push(value) > 0;
  }
  if (statement.type === "SetAdd" && collection instanceof RegoSet) {
    const value = constantOf(statement.value, values);
    if (value !== undefined) collection.add(value, budget);
    return value !== undefined;
  }
  if (statement.type === "ObjectInsert" && collection instanceof RegoObject) {
    const key = constantOf(statement.key, values);
    const value = constantOf(statement.value, values);
    if (key === undefined || value === undefined) return false;
    collection.set(key, value, budget);
    return true;
  }
  return false;
}

/** The value of an operand that is always the same. */
export function constantOf(operand: Operand, known: ReadonlyMap<Local, Value>): Value | undefined {
  if (operand.kind === "string") return operand.text;
  return operand.kind === "boolean" ? operand.value : known.get(operand.local);
}
