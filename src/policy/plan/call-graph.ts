/**
 * Which function of a plan calls which, to refuse recursion and calls too deep for the stack. A dynamic
 * call may reach every function whose path has the strings of its own.
 *
 * @module
 */
import type { Operand, PlanFunction } from "./ir.ts";
import { quoted, refuse } from "./plan-json.ts";

/** Calls within calls; each takes a piece of the stack. */
const CALL_DEPTH_MAX = 200;
/** Different dynamic calls; each is compared with every function. */
const DYNAMIC_PATHS_MAX = 1_000;
/** Paths begin with a generation: rules that are planned again below `with` get the next one. */
const FIRST_GENERATION = "g0";

/** A function, or a dynamic call with what it may reach. */
interface Node {
  readonly name: string;
  readonly depthOfCall: 0 | 1;
  readonly callees: Set<Node>;
}

interface Visit {
  readonly node: Node;
  readonly rest: Iterator<Node>;
  deepest: number;
}

export class CallGraph {
  readonly #functions: readonly PlanFunction[];
  readonly #nodes = new Map<string, Node>();
  /** With a function that takes the documents only. */
  readonly #plainGenerations: ReadonlySet<string | undefined>;
  readonly #dynamic = new Map<string, Node>();

  constructor(functions: readonly PlanFunction[]) {
    this.#functions = functions;
    this.#plainGenerations = new Set(
      functions.filter(takesDocumentsOnly).map(({ path }) => path?.[0]),
    );
    for (const { name } of functions) {
      this.#nodes.set(name, { name, depthOfCall: 1, callees: new Set() });
    }
  }

  /** @param caller name of a function; an entry plan is called by none. */
  add(caller: string | undefined, callee: string): void {
    this.#connect(caller, this.#nodes.get(callee));
  }

  /** @throws {PlanError} where it cannot be known what the call reaches. */
  addDynamic(caller: string | undefined, path: readonly Operand[], place: string): void {
    const parts = path.map((part) => (part.kind === "string" ? part.text : undefined));
    const key = JSON.stringify(parts.map((part) => part ?? null));
    this.#connect(caller, this.#dynamic.get(key) ?? this.#dynamicNode(key, parts, place));
  }

  #connect(caller: string | undefined, callee: Node | undefined): void {
    if (caller === undefined || callee === undefined) return;
    this.#nodes.get(caller)?.callees.add(callee);
  }

  #dynamicNode(key: string, parts: readonly (string | undefined)[], place: string): Node {
    if (this.#dynamic.size === DYNAMIC_PATHS_MAX) {
      refuse(place, `more than ${DYNAMIC_PATHS_MAX} different dynamic calls`);
    }
    const callees = new Set<Node>();
    for (const one of this.#functions) {
      if (one.path === undefined || !matches(one.path, parts)) continue;
      const node = this.#nodes.get(one.name);
      if (takesDocumentsOnly(one) && node !== undefined) callees.add(node);
      else this.#checkSkipped(one, place);
    }
    const made: Node = { name: `dynamic call ${key}`, depthOfCall: 0, callees };
    this.#dynamic.set(key, made);
    return made;
  }

  /**
   * A function with parameters is not for dynamic calls. But where every function of its generation has
   * some, they may be variables that OPA passes to rules below `with f as x`, which such a call lacks.
   */
  #checkSkipped({ name, path: [generation] = [] }: PlanFunction, place: string): void {
    if (generation === FIRST_GENERATION || this.#plainGenerations.has(generation)) return;
    refuse(place, `may reach ${quoted(name)} without its parameters`);
  }

  /** @throws {PlanError} for a function that reaches itself, and for calls nested too deeply. */
  check(): void {
    const depths = new Map<Node, number | "open">();
    for (const node of this.#nodes.values()) measure(node, depths);
  }
}

function takesDocumentsOnly({ params }: PlanFunction): boolean {
  return params.length === 2;
}

function matches(path: readonly string[], parts: readonly (string | undefined)[]): boolean {
  if (path.length !== parts.length) return false;
  return parts.every((part, index) => part === undefined || part === path[index]);
}

/** Depth first, with a stack of its own, so that no plan is too deep for it. */
function measure(start: Node, depths: Map<Node, number | "open">): void {
  if (depths.has(start)) return;
  depths.set(start, "open");
  const visits: Visit[] = [{ node: start, rest: start.callees.values(), deepest: 0 }];
  for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
    const { value: callee } = visit.rest.next();
    if (callee !== undefined) {
      const known = depths.get(callee);
      if (known === "open")
        refuse(`function ${quoted(callee.name)}`, "calls itself through others");
      if (known !== undefined) {
        visit.deepest = Math.max(visit.deepest, known);
        continue;
      }
      depths.set(callee, "open");
      visits.push({ node: callee, rest: callee.callees.values(), deepest: 0 });
      continue;
    }
    visits.pop();
    const depth = visit.deepest + visit.node.depthOfCall;
    if (depth > CALL_DEPTH_MAX) {
      refuse(
        `function ${quoted(visit.node.name)}`,
        `calls are nested deeper than ${CALL_DEPTH_MAX}`,
      );
    }
    depths.set(visit.node, depth);
    const caller = visits.at(-1);
    if (caller !== undefined) caller.deepest = Math.max(caller.deepest, depth);
  }
}
