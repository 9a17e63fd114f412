/**
 * A checked plan → the source of one JavaScript function body. Free names are the parameters named in
 * `PARAMETERS` and nothing else; all names are made here.
 *
 * @module
 */
import { DATA, type EntryPlan, INPUT, type Plan, type PlanFunction } from "../ir.ts";
import { RUN_TIME } from "../run-time.ts";
import type { Value } from "../values/value.ts";
import type { CodeBlock } from "./code-block.ts";
import { ModuleContext, type Place } from "./module-context.ts";
import { SourceWriter } from "./source-writer.ts";
import { everyStatement, targetsOf, weightOf } from "./statements.ts";
import { codeBlock, writeBlocks } from "./write-statement.ts";

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
  const isRule = one.params.length === 2;
  const name = isRule ? `g${index}` : `f${index}`;
  if (isRule && module.constantFunctions.has(one.name) && !module.isExplained) {
    writer.line(`let c${index};`);
    writer.braces(`function f${index}(l${INPUT}, l${DATA})`, () => {
      writer.line(`if (c${index} === undefined) c${index} = ${name}(l${INPUT}, l${DATA}) ?? U;`);
      writer.line(`return c${index} === U ? undefined : c${index};`);
    });
  } else if (isRule) {
    writer.braces(`function f${index}(l${INPUT}, l${DATA})`, () => {
      writer.line(`let v = M[${index}];`);
      writer.line(`if (v === undefined) M[${index}] = v = ${name}(l${INPUT}, l${DATA}) ?? U;`);
      writer.line("return v === U ? undefined : v;");
    });
  }
  const code = codeBlock(module, one.name, one.blocks, writer);
  writer.braces(`function ${name}(${one.params.map((local) => `l${local}`).join(", ")})`, () => {
    writeLocals(code, one.params);
    if (module.isExplained) writer.line(`E.entered(${index});`);
    writeBodies(code);
  });
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

function writeBodies(code: CodeBlock): void {
  for (const [body, block] of code.blocks.entries()) {
    code.body = body;
    writeBlocks(code, [block]);
  }
}

function writeExports(plan: Plan, writer: SourceWriter): void {
  const entries = plan.plans.map((_, index) => `p${index}`).join(", ");
  const functions = plan.functions.map((_, index) => `f${index}`).join(", ");
  writer.line(`return { plans: [${entries}], functions: [${functions}] };`);
}
