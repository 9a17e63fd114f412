/**
 * The code of one function or entrypoint: its writer, its locals, and where its jumps lead.
 *
 * @module
 */
import type { Block, Local, Operand, Position, Statement } from "../ir.ts";
import { PlanError } from "../ir.ts";
import type { Value } from "../values/value.ts";
import { isAgreed } from "./agreement.ts";
import { type Constants, constantOf, findConstants } from "./constants.ts";
import { type Inherited, inheritedBy } from "./liveness.ts";
import type { ModuleContext } from "./module-context.ts";
import type { ScanSurroundings } from "./scans.ts";
import type { SourceWriter } from "./source-writer.ts";
import { everyStatement } from "./statements.ts";

/** What leaving a block means in the code. */
interface Exit {
  readonly jump: "break" | "continue";
  readonly label: string;
  /** Something must be done after this block, so no jump may pass it. */
  readonly isFence: boolean;
  /**
   * Of the statement that holds this block, where what is undefined in it does not by itself make the
   * body undefined: `not`, `every`, comprehensions.
   */
  readonly aside: Position | undefined;
}

export interface CodeBlockParts {
  readonly module: ModuleContext;
  /** Function or entrypoint whose code this is. */
  readonly owner: string;
  readonly blocks: readonly Block[];
  /** What the function gives; undefined in entrypoints. */
  readonly returns: Local | undefined;
  readonly writer: SourceWriter;
  /** For statements that hold blocks. */
  readonly writeStatements: (code: CodeBlock, block: Block) => void;
}

export class CodeBlock implements ScanSurroundings {
  readonly module: ModuleContext;
  readonly owner: string;
  readonly blocks: readonly Block[];
  readonly returns: Local | undefined;
  readonly writer: SourceWriter;
  readonly writeStatements: CodeBlockParts["writeStatements"];
  readonly inherited: Inherited;
  readonly isAgreed: boolean;
  /** Rule body that is being written, for explanations. */
  body = -1;
  /** The last statement of that body. */
  bodyEnd: Statement | undefined;
  /** Label to leave when a statement was reached once: one success is enough. */
  readonly successes = new Map<Statement, string>();
  readonly #constants: Constants;
  /** Locals that hold members of other values. */
  readonly #found: ReadonlySet<Local>;
  readonly #exits: Exit[] = [];
  #names = 0;

  constructor({ module, owner, blocks, returns, writer, writeStatements }: CodeBlockParts) {
    this.module = module;
    this.owner = owner;
    this.blocks = blocks;
    this.returns = returns;
    this.writer = writer;
    this.writeStatements = writeStatements;
    this.#found = new Set(
      [...everyStatement(blocks)].flatMap((one) => (one.type === "Dot" ? [one.target] : [])),
    );
    this.inherited = inheritedBy(blocks);
    this.#constants = findConstants(blocks);
    this.isAgreed =
      returns !== undefined && isAgreed(blocks, returns, (operand) => this.constant(operand));
  }

  /** A name that nothing else in this function has. */
  fresh(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  isMaker(statement: Statement): boolean {
    return this.#constants.makers.has(statement);
  }

  constant(operand: Operand): Value | undefined {
    return constantOf(operand, this.#constants.values);
  }

  /** Objects of rules keep the first of equal values, those of comprehensions the last. */
  isOfRule(object: Local): boolean {
    return object === this.returns || this.#found.has(object);
  }

  readonly isConstant = (operand: Operand): boolean => this.constant(operand) !== undefined;

  readonly isFunction = (callee: string): boolean => this.module.functionName(callee) !== undefined;

  /** Expression that reads an operand. */
  read(operand: Operand): string {
    const constant = this.constant(operand);
    if (constant !== undefined) return this.module.constantName(constant);
    return operand.kind === "local" ? `l${operand.local}` : "undefined";
  }

  readLocal(local: Local): string {
    return this.read({ kind: "local", local });
  }

  enter(exit: Exit, write: () => void): void {
    this.#exits.push(exit);
    write();
    this.#exits.pop();
  }

  /** Statement that leaves `depth` blocks beside the one it stands in. */
  leave(depth: number): string {
    const index = this.#exits.length - 1 - depth;
    const exit = this.#exits[index];
    const isFenced = this.#exits.slice(index + 1).some(({ isFence }) => isFence);
    if (exit === undefined || isFenced) {
      throw new PlanError(`${this.owner}: a jump over ${depth} blocks has no target`);
    }
    return `${exit.jump} ${exit.label};`;
  }

  /** Ends the block when `condition` holds: `statement` is undefined. */
  undefinedIf(condition: string, statement: Statement, depth = 0): void {
    const leave = this.leave(depth);
    if (!this.module.isExplained) {
      this.writer.line(`if (${condition}) ${leave}`);
      return;
    }
    this.writer.line(`if (${condition}) { E.failed(${this.placeOf(statement)}); ${leave} }`);
  }

  placeOf(statement: Statement): number {
    return this.module.addPlace({
      owner: this.owner,
      body: this.body,
      statement,
      isEnd: statement === this.bodyEnd,
      aside:
        this.#exits.findLast(({ aside }) => aside !== undefined && aside.row > 0)?.aside ??
        this.#exits.find(({ aside }) => aside !== undefined)?.aside,
    });
  }
}
