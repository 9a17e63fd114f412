/**
 * Calls of a plan: every callee exists and takes that many arguments, functions are given the documents,
 * and no function reaches itself.
 *
 * @module
 */
import { CallGraph } from "./call-graph.ts";
import { everyStatement } from "./compile/statements.ts";
import type { Block, Operand, Plan, PlanFunction, StatementOf } from "./ir.ts";
import { DATA, INPUT } from "./ir.ts";
import { atOf, quoted, refuse } from "./plan-json.ts";

type Call = StatementOf<"Call">;

/** @throws {PlanError} */
export function checkPlan(plan: Plan): void {
  const calls = new CallChecks(plan);
  for (const { name, blocks } of plan.plans) calls.check(`plan ${quoted(name)}`, blocks, undefined);
  for (const { name, blocks } of plan.functions)
    calls.check(`function ${quoted(name)}`, blocks, name);
  calls.graph.check();
}

class CallChecks {
  readonly graph: CallGraph;
  readonly #files: readonly string[];
  readonly #functions: ReadonlyMap<string, PlanFunction>;
  readonly #arities: ReadonlyMap<string, number>;

  constructor({ files, functions, builtins }: Plan) {
    this.graph = new CallGraph(functions);
    this.#files = files;
    this.#functions = new Map(functions.map((one) => [one.name, one]));
    this.#arities = new Map(builtins.map(({ name, arity }) => [name, arity]));
  }

  /** Calls in `blocks` of the function `caller`, or of an entry plan. */
  check(owner: string, blocks: readonly Block[], caller: string | undefined): void {
    for (const statement of everyStatement(blocks)) {
      if (statement.type !== "Call" && statement.type !== "CallDynamic") continue;
      const place = `${owner}, ${statement.type}Stmt at ${atOf(statement.at, this.#files)}`;
      if (statement.type === "CallDynamic") {
        this.graph.addDynamic(caller, statement.path, place);
        continue;
      }
      this.#checkCall(statement, place);
      if (this.#functions.has(statement.callee)) this.graph.add(caller, statement.callee);
    }
  }

  #checkCall({ callee, args }: Call, place: string): void {
    const called = this.#functions.get(callee);
    const arity = called?.params.length ?? this.#arities.get(callee);
    if (arity === undefined) refuse(place, `unknown function ${quoted(callee)}`);
    if (args.length !== arity) {
      refuse(place, `${quoted(callee)} takes ${arity} arguments, not ${args.length}`);
    }
    if (called === undefined) return;
    if (!isLocal(args[0], INPUT) || !isLocal(args[1], DATA)) {
      refuse(place, `${quoted(callee)} is not given input and data`);
    }
  }
}

function isLocal(operand: Operand | undefined, local: number): boolean {
  return operand?.kind === "local" && operand.local === local;
}
