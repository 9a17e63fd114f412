/**
 * `json.filter` and `json.remove`: documents cut to, or without, the values at some paths. A path is text
 * (`a/b~1c`) or an array of keys; indices of arrays are text in both.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { keysOf, lookUp, sizeOf } from "../plan/values/object.ts";
import { RegoObject } from "../plan/values/rego-object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type ObjectValue, typeName, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";

const CHARACTERS_PER_STEP = 16;

/** Keys from the root; undefined after a failure. */
export function pathFrom(context: BuiltinContext, path: Value): readonly Value[] | undefined {
  const { budget } = context;
  if (isArray(path)) {
    budget.spend(path.length);
    return path;
  }
  if (typeof path !== "string") {
    return context.fail(
      `operand 2 must be one of {set, array} containing string paths or array of path segments but got ${typeName(path)}`,
    );
  }
  if (path === "") return [];
  budget.spend(1 + path.length / CHARACTERS_PER_STEP);
  budget.allocate(path.length);
  const parts = path.replace(/^\/+/, "").split("/");
  budget.create(parts.length);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Paths as a tree of objects whose leaves are null; a path that goes on below a leaf adds nothing. */
type PathTree = RegoObject;

function pathTree(context: BuiltinContext, paths: Value): PathTree | undefined {
  const { budget } = context;
  let list: readonly Value[];
  if (isArray(paths)) list = paths;
  else if (paths instanceof RegoSet) list = paths.sorted(budget);
  else return wrongType(context, 2, paths, "set", "array");
  const root = new RegoObject();
  budget.spend(list.length);
  for (const one of list) {
    const path = pathFrom(context, one);
    if (path === undefined) return undefined;
    addPath(root, path, budget);
  }
  return root;
}

function addPath(root: PathTree, path: readonly Value[], budget: Budget): void {
  const last = path.at(-1);
  if (last === undefined) return;
  budget.spend(path.length);
  let node = root;
  for (const key of path.slice(0, -1)) {
    let child = node.get(key, budget);
    if (child === null) return;
    if (child === undefined) {
      child = new RegoObject();
      node.set(key, child, budget);
    }
    node = child as PathTree;
  }
  node.set(last, null, budget);
}

function filter(context: BuiltinContext, document: Value, paths: Value): Value | undefined {
  if (!isObject(document)) return wrongType(context, 1, document, "object");
  const tree = pathTree(context, paths);
  return tree && filtered(document, tree, context.budget, 0);
}

function filtered(value: Value, tree: Value, budget: Budget, depth: number): Value {
  if (!(tree instanceof RegoObject)) return value;
  budget.descend(depth);
  if (isArray(value)) {
    budget.spend(value.length);
    const kept: Value[] = [];
    for (const [index, item] of value.entries()) {
      const below = tree.get(String(index), budget);
      if (below === undefined) continue;
      budget.create(1);
      kept.push(filtered(item, below, budget, depth + 1));
    }
    return kept;
  }
  if (value instanceof RegoSet) {
    const kept = new RegoSet();
    budget.spend(value.size);
    for (const item of value.sorted(budget)) {
      const below = tree.get(item, budget);
      if (below !== undefined) kept.add(filtered(item, below, budget, depth + 1), budget);
    }
    return kept;
  }
  return isObject(value) ? filteredObject(value, tree, budget, depth) : value;
}

/** Keys are those of the larger side, in the way it writes them. */
function filteredObject(
  object: ObjectValue,
  tree: PathTree,
  budget: Budget,
  depth: number,
): RegoObject {
  const kept = new RegoObject();
  const size = sizeOf(object, budget);
  budget.spend(Math.max(size, tree.size));
  for (const key of size < tree.size ? tree.keys() : keysOf(object)) {
    const below = tree.get(key, budget);
    const item = lookUp(object, key, budget);
    if (below === undefined || item === undefined) continue;
    kept.set(key, filtered(item, below, budget, depth + 1), budget);
  }
  return kept;
}

function remove(context: BuiltinContext, document: Value, paths: Value): Value | undefined {
  if (!isObject(document)) return wrongType(context, 1, document, "object");
  const tree = pathTree(context, paths);
  return tree && without(document, tree, context.budget, 0);
}

/** Undefined for a value that is removed itself. */
function without(
  value: Value,
  tree: Value | undefined,
  budget: Budget,
  depth: number,
): Value | undefined {
  if (tree === undefined) return value;
  if (!(tree instanceof RegoObject)) return undefined;
  budget.descend(depth);
  if (isArray(value)) {
    budget.spend(value.length);
    const kept: Value[] = [];
    for (const [index, item] of value.entries()) {
      const left = without(item, tree.get(String(index), budget), budget, depth + 1);
      if (left === undefined) continue;
      budget.create(1);
      kept.push(left);
    }
    return kept;
  }
  if (value instanceof RegoSet) {
    const kept = new RegoSet();
    budget.spend(value.size);
    for (const item of value.sorted(budget)) {
      const left = without(item, tree.get(item, budget), budget, depth + 1);
      if (left !== undefined) kept.add(left, budget);
    }
    return kept;
  }
  return isObject(value) ? objectWithout(value, tree, budget, depth) : value;
}

function objectWithout(
  object: ObjectValue,
  tree: PathTree,
  budget: Budget,
  depth: number,
): RegoObject {
  const kept = new RegoObject();
  budget.spend(sizeOf(object, budget));
  for (const key of keysOf(object)) {
    const item = lookUp(object, key, budget) as Value;
    const left = without(item, tree.get(key, budget), budget, depth + 1);
    if (left !== undefined) kept.set(key, left, budget);
  }
  return kept;
}

export const JSON_PATHS: BuiltinTable = { "json.filter": filter, "json.remove": remove };
