/**
 * Graphs: `graph.reachable`, `graph.reachable_paths` and `walk`. A graph is an object from nodes to arrays
 * or sets of their neighbours; a node with any other value has none.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { type Key, keyOf } from "../plan/values/key.ts";
import { lookUp } from "../plan/values/object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type ObjectValue, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";
import { walk } from "./walk.ts";

/** Elements of an array or a set, in Rego's order; none for other values. */
function neighboursIn(edges: Value, budget: Budget): readonly Value[] {
  const found = edges instanceof RegoSet ? edges.sorted(budget) : isArray(edges) ? edges : [];
  budget.spend(1 + found.length);
  return found;
}

/** Undefined after a failure. */
function startsIn(context: BuiltinContext, starts: Value): readonly Value[] | undefined {
  return isArray(starts) || starts instanceof RegoSet
    ? neighboursIn(starts, context.budget)
    : wrongType(context, 2, starts, "{array, set}");
}

function reachable(context: BuiltinContext, graph: Value, starts: Value): Value | undefined {
  if (!isObject(graph)) return wrongType(context, 1, graph, "object");
  const first = startsIn(context, starts);
  if (first === undefined) return undefined;
  const { budget } = context;
  const reached = new RegoSet();
  budget.create(first.length);
  const queue = [...first];
  for (const node of queue) {
    const key = keyOf(node, budget);
    if (reached.hasKey(key)) continue;
    const edges = lookUp(graph, node, budget);
    if (edges === undefined) continue;
    reached.addKeyed(key, node, budget);
    const neighbours = neighboursIn(edges, budget);
    budget.create(neighbours.length);
    for (const neighbour of neighbours) queue.push(neighbour);
  }
  return reached;
}

/** A node on the path that is being followed. */
interface Step {
  readonly neighbours: readonly Value[];
  next: number;
  /** Undefined where the node was on the path before, so that leaving the step does not free it. */
  readonly key: Key | undefined;
}

function reachablePaths(context: BuiltinContext, graph: Value, starts: Value): Value | undefined {
  if (!isObject(graph)) return wrongType(context, 1, graph, "object");
  const first = startsIn(context, starts);
  if (first === undefined) return undefined;
  const paths = new RegoSet();
  for (const node of first) {
    if (lookUp(graph, node, context.budget) !== undefined) {
      new PathSearch(graph, paths, context.budget).follow(node);
    }
  }
  return paths;
}

/** Follows every way from one node until it ends, leaves the graph or comes back to itself. */
class PathSearch {
  readonly #graph: ObjectValue;
  readonly #paths: RegoSet;
  readonly #budget: Budget;
  readonly #path: Value[] = [];
  readonly #steps: Step[] = [];
  readonly #onPath = new Set<Key>();

  constructor(graph: ObjectValue, paths: RegoSet, budget: Budget) {
    this.#graph = graph;
    this.#paths = paths;
    this.#budget = budget;
  }

  follow(start: Value): void {
    this.#enter(start);
    for (let step = this.#steps.at(-1); step !== undefined; step = this.#steps.at(-1)) {
      const neighbour = step.neighbours[step.next++];
      if (neighbour === undefined) this.#leave(step);
      else if (this.#isKnown(neighbour)) this.#keep();
      else this.#enter(neighbour);
    }
  }

  /** The first node may follow itself once, as in OPA: only what comes later is asked. */
  #isKnown(neighbour: Value): boolean {
    return this.#steps.length > 1 && this.#onPath.has(keyOf(neighbour, this.#budget));
  }

  #enter(node: Value): void {
    const edges = lookUp(this.#graph, node, this.#budget);
    if (edges === undefined) {
      this.#keep();
      return;
    }
    const neighbours = neighboursIn(edges, this.#budget);
    this.#budget.create(1);
    this.#path.push(node);
    if (neighbours.length === 0) {
      this.#keep();
      this.#path.pop();
      return;
    }
    const key = keyOf(node, this.#budget);
    this.#steps.push({ neighbours, next: 0, key: this.#onPath.has(key) ? undefined : key });
    this.#onPath.add(key);
  }

  #leave({ key }: Step): void {
    this.#steps.pop();
    this.#path.pop();
    if (key !== undefined) this.#onPath.delete(key);
  }

  #keep(): void {
    this.#budget.spend(this.#path.length);
    this.#budget.create(1 + this.#path.length);
    this.#paths.add([...this.#path], this.#budget);
  }
}

export const GRAPH: BuiltinTable = {
  "graph.reachable": reachable,
  "graph.reachable_paths": reachablePaths,
  walk,
};
