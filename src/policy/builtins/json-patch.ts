/**
 * `json.patch`: RFC 6902 as OPA does it. Documents may be of any type; sets are addressed by their
 * elements, and paths may be arrays of keys. An operation that fails makes the whole patch undefined.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { equal } from "../plan/values/compare.ts";
import { lookUp } from "../plan/values/object.ts";
import { isArray, isObject, type ObjectValue, typeName, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { pathFrom } from "./json-paths.ts";
import { wrongType } from "./operands.ts";
import { PatchFailure, type PatchNode, patchNode } from "./patch-tree.ts";

type Path = readonly Value[];

function patch(context: BuiltinContext, document: Value, operations: Value): Value | undefined {
  if (!isArray(operations)) return wrongType(context, 2, operations, "array");
  const patched = new Patched(document, context);
  try {
    for (const operation of operations) {
      context.budget.spend(1);
      if (!patched.apply(operation)) return undefined;
    }
    return patched.valueAt([]);
  } catch (failure) {
    if (!(failure instanceof PatchFailure)) throw failure;
    return context.fail(failure.message);
  }
}

class Patched {
  readonly #context: BuiltinContext;
  readonly #budget: Budget;
  /** Undefined after the whole document was removed. */
  #root: PatchNode | undefined;

  constructor(document: Value, context: BuiltinContext) {
    this.#context = context;
    this.#budget = context.budget;
    this.#root = patchNode(document, context.budget);
  }

  /** False after a path that is none, which has failed already. @throws {PatchFailure} */
  apply(operation: Value): boolean {
    if (!isObject(operation)) {
      throw new PatchFailure(
        "must be an array of JSON-Patch objects, but at least one element is not an object",
      );
    }
    const pathText = this.#attribute(operation, "path");
    const name = this.#attribute(operation, "op");
    if (typeof name !== "string") {
      throw new PatchFailure(`attribute 'op' must be a string but found: ${typeName(name)}`);
    }
    const path = pathFrom(this.#context, pathText);
    if (path === undefined) return false;
    if (name !== "move" && name !== "copy") {
      this.#change(name, path, operation);
      return true;
    }
    const from = pathFrom(this.#context, this.#attribute(operation, "from"));
    if (from === undefined) return false;
    const value = this.valueAt(from);
    if (name === "move") this.#remove(from);
    this.#insert(path, value);
    return true;
  }

  #change(name: string, path: Path, operation: ObjectValue): void {
    if (name === "test") {
      const isSame = equal(this.valueAt(path), this.#attribute(operation, "value"), this.#budget);
      if (!isSame) throw new PatchFailure("value from EditTree != patch value.");
      return;
    }
    if (name !== "add" && name !== "remove" && name !== "replace") {
      throw new PatchFailure(`unrecognized op: '${name}'`);
    }
    if (name !== "add") this.#remove(path);
    if (name !== "remove") this.#insert(path, this.#attribute(operation, "value"));
  }

  #attribute(operation: ObjectValue, name: string): Value {
    const value = lookUp(operation, name, this.#budget);
    if (value === undefined) throw new PatchFailure(`missing required attribute '${name}'`);
    return value;
  }

  valueAt(path: Path): Value {
    return this.#nodeAt(path).render(0);
  }

  #nodeAt(path: Path): PatchNode {
    if (this.#root === undefined) throw new PatchFailure("the document was removed");
    this.#budget.spend(path.length);
    return path.reduce<PatchNode>((node, key) => node.enter(key), this.#root);
  }

  #insert(path: Path, value: Value): void {
    const last = path.at(-1);
    if (last === undefined) this.#root = patchNode(value, this.#budget);
    else this.#nodeAt(path.slice(0, -1)).insert(last, value);
  }

  #remove(path: Path): void {
    const last = path.at(-1);
    if (last !== undefined) this.#nodeAt(path.slice(0, -1)).remove(last);
    else if (this.#root !== undefined) this.#root = undefined;
    else throw new PatchFailure("deleted node encountered during delete operation");
  }
}

export const JSON_PATCH: BuiltinTable = { "json.patch": patch };
