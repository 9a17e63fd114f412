/**
 * OPA's intermediate representation (OPA 1.22, plan.json), as the reader hands it to the compiler: every
 * local, string, file and builtin index is in range, every function that is called exists with that
 * number of arguments, and every jump has a target. Only With replaces input and data, which come first
 * in calls of functions; a function returns in its last statement and never reaches itself.
 *
 * A block runs until a statement is undefined, a jump leaves it or a function returns; then the next one
 * runs. In locals, 0 is the input document and 1 the data document.
 *
 * @module
 */
export type Local = number;

export const INPUT: Local = 0;
export const DATA: Local = 1;

export interface Position {
  /** Index into `files`. */
  readonly file: number;
  /** From 1; 0 where OPA tells none. */
  readonly row: number;
  readonly col: number;
}

export type Operand =
  | { readonly kind: "local"; readonly local: Local }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean };

export type Block = readonly Statement[];

interface At {
  readonly at: Position;
}

export type Statement = At &
  (
    | { readonly type: "ArrayAppend"; readonly array: Local; readonly value: Operand }
    | { readonly type: "AssignInt"; readonly target: Local; readonly value: number }
    | { readonly type: "AssignVar"; readonly target: Local; readonly source: Operand }
    | { readonly type: "AssignVarOnce"; readonly target: Local; readonly source: Operand }
    | { readonly type: "Block"; readonly blocks: readonly Block[] }
    /**
     * `depth` 0 leaves the block the statement stands in, 1 the block around the Block statement too.
     * Leaving the body of a Scan goes on with the next element; no jump goes further out than the
     * body of the innermost Scan, Not or With.
     */
    | { readonly type: "Break"; readonly depth: number }
    | {
        readonly type: "Call";
        /** Name of a function of this plan or of a builtin. */
        readonly callee: string;
        readonly args: readonly Operand[];
        readonly result: Local;
      }
    /**
     * Calls the function with exactly this path that has no parameters but input and data. Without one
     * the statement is undefined and leaves its block, so that the next block looks into data. A function
     * that is undefined counts: the statement then jumps as a Break of depth 3 does.
     */
    | {
        readonly type: "CallDynamic";
        readonly path: readonly Operand[];
        readonly args: readonly Local[];
        readonly result: Local;
      }
    | {
        readonly type: "Dot";
        readonly source: Operand;
        readonly key: Operand;
        readonly target: Local;
      }
    | { readonly type: "Equal" | "NotEqual"; readonly a: Operand; readonly b: Operand }
    | { readonly type: "IsArray" | "IsObject" | "IsSet"; readonly source: Operand }
    | { readonly type: "IsDefined" | "IsUndefined"; readonly source: Local }
    | { readonly type: "Len"; readonly source: Operand; readonly target: Local }
    | { readonly type: "MakeArray" | "MakeNull" | "MakeObject" | "MakeSet"; readonly target: Local }
    /** A literal, as it is written. */
    | { readonly type: "MakeNumber"; readonly text: string; readonly target: Local }
    | { readonly type: "Nop" }
    | { readonly type: "Not"; readonly block: Block }
    | {
        readonly type: "ObjectInsert" | "ObjectInsertOnce";
        readonly object: Local;
        readonly key: Operand;
        readonly value: Operand;
      }
    | {
        readonly type: "ObjectMerge";
        readonly a: Local;
        readonly b: Local;
        readonly target: Local;
      }
    | { readonly type: "ResetLocal"; readonly target: Local }
    | { readonly type: "ResultSetAdd"; readonly value: Local }
    | { readonly type: "ReturnLocal"; readonly source: Local }
    | {
        readonly type: "Scan";
        readonly source: Local;
        readonly key: Local;
        readonly value: Local;
        readonly block: Block;
      }
    | { readonly type: "SetAdd"; readonly set: Local; readonly value: Operand }
    | {
        readonly type: "With";
        readonly local: Local;
        readonly path: readonly string[];
        readonly value: Operand;
        readonly block: Block;
      }
  );

export type StatementType = Statement["type"];

/** Statements of one type, also where several types share a shape. */
export type StatementOf<Type extends StatementType> = Statement extends infer One
  ? One extends { readonly type: infer Own }
    ? Type extends Own
      ? One
      : never
    : never
  : never;

export interface PlanFunction {
  /** `g0.data.mcp.gateway.allow` */
  readonly name: string;
  /** The first two are input and data. */
  readonly params: readonly Local[];
  readonly returns: Local;
  readonly blocks: readonly Block[];
  /** Under which dynamic calls find it. */
  readonly path: readonly string[] | undefined;
}

export interface EntryPlan {
  /** `mcp/gateway/result` */
  readonly name: string;
  readonly blocks: readonly Block[];
}

export interface BuiltinUse {
  readonly name: string;
  /** Number of arguments; OPA checks types, so this is all that can be checked here. */
  readonly arity: number;
  /** False for builtins that are only called for their effect (`print`). */
  readonly hasResult: boolean;
}

export interface Plan {
  readonly files: readonly string[];
  readonly builtins: readonly BuiltinUse[];
  readonly plans: readonly EntryPlan[];
  readonly functions: readonly PlanFunction[];
}

/** The plan is not one that this engine can run exactly; names what and where. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}
