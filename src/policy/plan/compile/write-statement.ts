/**
 * One statement of a plan → JavaScript. Every statement here means exactly what OPA's documentation of
 * its intermediate representation says; a statement that is undefined leaves its block.
 *
 * @module
 */
import type {
  Block,
  Local,
  Operand,
  Position,
  Statement,
  StatementOf,
  StatementType,
} from "../ir.ts";
import { CodeBlock } from "./code-block.ts";
import { equality, sameAs } from "./equality.ts";
import type { ModuleContext } from "./module-context.ts";
import type { SourceWriter } from "./source-writer.ts";
import { writeCall, writeCallDynamic } from "./write-call.ts";
import { writeDot } from "./write-dot.ts";
import { writeNot, writeScan, writeWith } from "./write-nested.ts";

type WriterOf<Type extends StatementType> = (code: CodeBlock, statement: StatementOf<Type>) => void;

/** `aside`: see `Exit`. */
export function writeBlock(code: CodeBlock, block: Block, aside: Position | undefined): void {
  writeBraced(code, aside, () => writeStatements(code, block));
}

/** A block of the code that jumps of what `write` writes can leave. */
export function writeBraced(code: CodeBlock, aside: Position | undefined, write: () => void): void {
  const label = code.fresh("b");
  code.writer.braces(`${label}:`, () =>
    code.enter({ jump: "break", label, isFence: false, aside }, write),
  );
}

function writeStatements(code: CodeBlock, block: Block): void {
  for (const statement of block) {
    if (code.isMaker(statement)) continue;
    if (code.module.isExplained) code.writer.line(`E.reached(${code.placeOf(statement)});`);
    const write = WRITERS[statement.type] as (code: CodeBlock, statement: Statement) => void;
    write(code, statement);
    const success = code.successes.get(statement);
    if (success !== undefined) code.writer.line(`break ${success};`);
    // What follows a jump is never reached, and JavaScript's compiler need not see it.
    if (statement.type === "Break" || statement.type === "ReturnLocal") return;
  }
}

/** Code of one function or entrypoint. */
export function codeBlock(
  module: ModuleContext,
  owner: string,
  blocks: readonly Block[],
  writer: SourceWriter,
  returns?: Local,
): CodeBlock {
  return new CodeBlock({ module, owner, blocks, returns, writer, writeStatements });
}

const WRITERS: { readonly [Type in StatementType]: WriterOf<Type> } = {
  ArrayAppend: (code, { array, value }) => {
    code.writer.line(`B.create(1); l${array}.push(${code.read(value)});`);
  },
  AssignInt: (code, { target, value }) => code.writer.line(`l${target} = ${value};`),
  AssignVar: (code, { target, source }) => code.writer.line(`l${target} = ${code.read(source)};`),
  AssignVarOnce: writeAssignVarOnce,
  Block: (code, { at, blocks }) => {
    for (const block of blocks) writeBlock(code, block, at);
  },
  Break: (code, { depth }) => code.writer.line(code.leave(depth)),
  Call: writeCall,
  CallDynamic: writeCallDynamic,
  Dot: writeDot,
  Equal: (code, statement) => {
    code.undefinedIf(`!(${equality(code, statement.a, statement.b)})`, statement);
  },
  IsArray: (code, statement) => {
    code.undefinedIf(`!isArray(${code.read(statement.source)})`, statement);
  },
  IsDefined: (code, statement) => {
    code.undefinedIf(`${code.readLocal(statement.source)} === undefined`, statement);
  },
  IsObject: (code, statement) => {
    code.undefinedIf(`!isObject(${code.read(statement.source)})`, statement);
  },
  IsSet: (code, statement) => {
    code.undefinedIf(`!isSet(${code.read(statement.source)})`, statement);
  },
  IsUndefined: (code, statement) => {
    code.undefinedIf(`${code.readLocal(statement.source)} !== undefined`, statement);
  },
  Len: (code, { source, target }) => {
    code.writer.line(`l${target} = lengthOf(${code.read(source)}, B);`);
  },
  MakeArray: (code, { target }) => code.writer.line(`l${target} = makeArray(B);`),
  MakeNull: (code, { target }) => code.writer.line(`l${target} = null;`),
  MakeNumber: (code, { target, text }) => {
    code.writer.line(`l${target} = ${code.module.numberName(text)};`);
  },
  MakeObject: (code, { target }) => code.writer.line(`l${target} = makeObject(B);`),
  MakeSet: (code, { target }) => code.writer.line(`l${target} = makeSet(B);`),
  Nop: () => undefined,
  Not: writeNot,
  NotEqual: (code, statement) => {
    code.undefinedIf(equality(code, statement.a, statement.b), statement);
  },
  ObjectInsert: (code, statement) => {
    const { object, key, value } = statement;
    code.writer.line(`l${object}.set(${code.read(key)}, ${code.read(value)}, B);`);
    tellOfPut(code, statement, [key, value]);
  },
  ObjectInsertOnce: (code, statement) => {
    const { object, key, value } = statement;
    const insert = code.isOfRule(object) ? "insertOnce" : "insertEqual";
    code.writer.line(`${insert}(l${object}, ${code.read(key)}, ${code.read(value)}, B);`);
    tellOfPut(code, statement, [key, value]);
  },
  ObjectMerge: (code, { a, b, target }) => {
    code.writer.line(`l${target} = merge(${code.readLocal(a)}, ${code.readLocal(b)}, B);`);
  },
  ResetLocal: (code, { target }) => code.writer.line(`l${target} = undefined;`),
  ResultSetAdd: (code, { value }) => code.writer.line(`results.push(${code.readLocal(value)});`),
  ReturnLocal: (code, { source }) => code.writer.line(`return ${code.readLocal(source)};`),
  Scan: writeScan,
  SetAdd: (code, statement) => {
    const { set, value } = statement;
    code.writer.line(`l${set}.add(${code.read(value)}, B);`);
    tellOfPut(code, statement, [value]);
  },
  With: writeWith,
};

/** Only what ends a body goes into the rule's own set or object. */
function tellOfPut(code: CodeBlock, statement: Statement, operands: readonly Operand[]): void {
  if (!code.module.isExplained || statement !== code.bodyEnd) return;
  const values = operands.map((operand) => code.read(operand)).join(", ");
  code.writer.line(`E.put(${code.placeOf(statement)}, ${values});`);
}

function writeAssignVarOnce(code: CodeBlock, statement: StatementOf<"AssignVarOnce">): void {
  const source = code.read(statement.source);
  const target = `l${statement.target}`;
  code.writer.line(`if (${target} === undefined) ${target} = ${source};`);
  code.writer.line(`else if (!(${sameAs(code, target, statement.source)})) conflict();`);
}
