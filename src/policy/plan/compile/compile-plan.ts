/**
 * A checked plan → the source of one JavaScript function body. Free names are the parameters named in
 * `PARAMETERS` and nothing else; all names are made here.
 *
 * @module
 */
import {
  type Block,
  DATA,
  type EntryPlan,
  INPUT,
  type Plan,
  type PlanFunction,
  type Position,
  type Statement,
  type StatementType,
} from "../ir.ts";
import { RUN_TIME } from "../run-time.ts";
import type { Value } from "../values/value.ts";
import type { CodeBlock } from "./code-block.ts";
import { ModuleContext, type Place } from "./module-context.ts";
import { separateLocals } from "./separate-locals.ts";
import { SourceWriter } from "./source-writer.ts";
import { everyStatement, targetsOf, weightOf } from "./statements.ts";
import { codeBlock, writeBlock, writeBraced } from "./write-statement.ts";

/**
 * R: run-time functions, B: budget, X: what builtins are lent, T: tree of functions for dynamic calls,
 * U: stands for "undefined" in memos, S, K, H: strings, constants and builtins, E: listener of
 * explanations.
 */
export const PARAMETERS = ["R", "B", "X", "T", "U", "S", "K", "H", "E"] as const;

export interface CompiledPlan {
  readonly source: string;
  readonly strings: readonly string[];
  readonly constants: readonly Value[];
  /** Names of builtins, in the order of `H`. */
  readonly builtins: readonly string[];
  /** Empty unless explained. */
  readonly places: readonly Place[];
}

export interface CompileOptions {
  readonly isPure: (builtin: string) => boolean;
  readonly isExplained: boolean;
}

/** @throws {PlanError} when the code would be too large. */
export function compilePlan(plan: Plan, options: CompileOptions): CompiledPlan {
  const module = new ModuleContext(plan, options.isPure, options.isExplained);
  const body = new SourceWriter();
  for (const [index, one] of plan.functions.entries()) writeFunction(module, body, one, index);
  for (const [index, one] of plan.plans.entries()) writeEntry(module, body, one, index);
  writeExports(plan, body);
  const head = new SourceWriter();
  head.line('"use strict";');
  head.line(`const { ${Object.keys(RUN_TIME).join(", ")} } = R;`);
  // Every evaluation begins with a memo of its own; `with` puts it aside for a while.
  head.line(`let M; const N = () => makeMemo(${plan.functions.length}, B);`);
  writeTable(head, "s", "S", module.strings.length);
  writeTable(head, "k", "K", module.constants.length);
  writeTable(head, "h", "H", module.builtins.length);
  return {
    source: head.text + body.text,
    strings: module.strings,
    constants: module.constants,
    builtins: module.builtins,
    places: module.places,
  };
}

function writeTable(writer: SourceWriter, prefix: string, table: string, length: number): void {
  for (let index = 0; index < length; index++) {
    writer.line(`const ${prefix}${index} = ${table}[${index}];`);
  }
}

function writeFunction(
  module: ModuleContext,
  writer: SourceWriter,
  one: PlanFunction,
  index: number,
): void {
  const blocks = separateLocals(one.blocks, [...one.params, one.returns]);
  const params = one.params.map((local) => `l${local}`).join(", ");
  const own = one.params
    .slice(2)
    .map((local) => `l${local}`)
    .join(", ");
  const remembered = rememberedIn(module, one, index);
  if (remembered !== undefined || module.isExplained) {
    const place = remembered ?? "v";
    if (place.startsWith("c")) writer.line(`let ${place};`);
    writer.braces(`function f${index}(${params})`, () => {
      writer.line(remembered === undefined ? "let v;" : `let v = ${remembered};`);
      writer.braces("if (v === undefined)", () => {
        if (module.isExplained) writer.line(`E.entered(${index}, [${own}]);`);
        writer.line(`v = g${index}(${params});`);
        if (module.isExplained) writer.line("E.left(v);");
        if (remembered !== undefined) {
          writer.line("if (v === undefined) v = U;");
          writer.line(`${remembered} = v;`);
        }
      });
      writer.line("return v === U ? undefined : v;");
    });
  }
  const name = remembered === undefined && !module.isExplained ? "f" : "g";
  const code = codeBlock(module, one.name, blocks, writer, one.returns);
  writer.braces(`function ${name}${index}(${params})`, () => {
    writeLocals(code, one.params);
    writeBodies(code);
  });
}

/** Where a rule's value is kept: for the evaluation and its binding, or for ever; undefined: nowhere. */
function rememberedIn(
  module: ModuleContext,
  { name, params }: PlanFunction,
  index: number,
): string | undefined {
  if (params.length > 2) return undefined;
  const isConstant = module.constantFunctions.has(name) && !module.isExplained;
  return isConstant ? `c${index}` : `M[${index}]`;
}

function writeEntry(
  module: ModuleContext,
  writer: SourceWriter,
  one: EntryPlan,
  index: number,
): void {
  const code = codeBlock(module, one.name, one.blocks, writer);
  writer.braces(`function p${index}(l${INPUT}, l${DATA})`, () => {
    writer.line("M = N();");
    writer.line("const results = [];");
    writeLocals(code, [INPUT, DATA]);
    writeBodies(code);
    writer.line("return results;");
  });
}

/** Charged as a whole: what runs in a function outside of scans is known before it runs. */
function writeLocals(code: CodeBlock, params: readonly number[]): void {
  code.writer.line(`if ((B.steps -= ${weightOf(code.blocks) + 1}) < 0) B.stop("steps");`);
  const locals = new Set<number>();
  for (const statement of everyStatement(code.blocks)) {
    if (code.isMaker(statement)) continue;
    for (const local of targetsOf(statement)) locals.add(local);
  }
  for (const local of params) locals.delete(local);
  if (locals.size > 0) {
    code.writer.line(`let ${[...locals].map((local) => `l${local}`).join(", ")};`);
  }
}

/** A rule with `else` holds its bodies in one block; the planner's own blocks are no bodies. */
function writeBodies(code: CodeBlock): void {
  let bodies = 0;
  const write = (block: Block): void => {
    const isOwn = PLANNERS.has(block[0]?.type ?? "Nop");
    code.body = isOwn ? -1 : bodies++;
    code.bodyEnd = isOwn ? undefined : endOf(block);
    const isSkipped = code.isAgreed && code.body > 0;
    if (isSkipped) code.writer.line(`if (l${code.returns} === undefined)`);
    writeBlock(code, block, isOwn ? NOWHERE : undefined);
  };
  for (const block of code.blocks) {
    const [only, second] = block;
    if (only?.type === "Block" && second === undefined) {
      writeBraced(code, undefined, () => only.blocks.forEach(write));
    } else {
      write(block);
    }
  }
}

const NOWHERE: Position = { file: 0, row: 0, col: 0 };

/** How blocks begin that hand a result on or prepare one. */
const PLANNERS: ReadonlySet<StatementType> = new Set([
  "IsDefined",
  "MakeObject",
  "MakeSet",
  "Nop",
  "ReturnLocal",
]);

/** Bodies continue inside their scans. */
function endOf(block: Block): Statement | undefined {
  const last = block.at(-1);
  return last?.type === "Scan" ? endOf(last.block) : last;
}

function writeExports(plan: Plan, writer: SourceWriter): void {
  const entries = plan.plans.map((_, index) => `p${index}`).join(", ");
  const functions = plan.functions.map((_, index) => `f${index}`).join(", ");
  writer.line(`return { plans: [${entries}], functions: [${functions}] };`);
}
