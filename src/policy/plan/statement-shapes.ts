/**
 * What each statement of OPA 1.22 consists of. Every writer of a local writes neither input nor data:
 * these are only replaced by With, for the time of its block.
 *
 * @module
 */
import { type Block, DATA, INPUT, type Local, type Statement } from "./ir.ts";
import { refuse } from "./plan-json.ts";
import type { MemberNames, StatementFields } from "./statement-fields.ts";
import type { Value } from "./values/value.ts";

const CAPACITY_MAX = 2 ** 31 - 1;
const DEPTH_MAX = 2 ** 32 - 1;
/** How many blocks a dynamic call leaves when the function it found is undefined; see ir.ts. */
const UNDEFINED_CALL_DEPTH = 3;

/** Where a block stands. */
export interface Surroundings {
  /** `function g0.data.a` */
  readonly owner: string;
  readonly isFunction: boolean;
  /** Blocks around this one. */
  readonly nesting: number;
  /** Those of them that a jump may leave too: not beyond the body of a Scan, Not or With. */
  readonly leavable: number;
}

export interface Place extends Surroundings {
  readonly readBlock: (value: Value | undefined, surroundings: Surroundings) => Block;
}

/** A statement without its position. */
type Content = Statement extends infer Each ? Omit<Each, "at"> : never;

interface Shape extends MemberNames {
  readonly read: (fields: StatementFields, place: Place) => Content;
}

function writtenTo(fields: StatementFields, name: string): Local {
  const local = fields.local(name);
  if (local === INPUT || local === DATA) refuse(fields.where, `${name}: writes a document`);
  return local;
}

/** The body of a Scan, Not or With. */
function bodyOf(fields: StatementFields, place: Place): Block {
  const inside = { ...place, nesting: place.nesting + 1, leavable: 0 };
  return place.readBlock(fields.value("block"), inside);
}

function checkJump({ where }: StatementFields, depth: number, { nesting, leavable }: Place): void {
  if (depth > nesting) refuse(where, `no block to leave at depth ${depth}`);
  if (depth > leavable) refuse(where, `jump of depth ${depth} leaves a Scan, Not or With`);
}

const compares = (type: "Equal" | "NotEqual"): Shape => ({
  members: ["a", "b"],
  read: (fields) => ({ type, a: fields.operand("a"), b: fields.operand("b") }),
});

const tests = (type: "IsArray" | "IsObject" | "IsSet"): Shape => ({
  members: ["source"],
  read: (fields) => ({ type, source: fields.operand("source") }),
});

const asks = (type: "IsDefined" | "IsUndefined"): Shape => ({
  members: ["source"],
  read: (fields) => ({ type, source: fields.local("source") }),
});

const copies = (type: "AssignVar" | "AssignVarOnce" | "Len"): Shape => ({
  members: ["source", "target"],
  read: (fields) => ({
    type,
    source: fields.operand("source"),
    target: writtenTo(fields, "target"),
  }),
});

const makes = (type: "MakeNull" | "MakeObject" | "MakeSet" | "ResetLocal"): Shape => ({
  members: ["target"],
  read: (fields) => ({ type, target: writtenTo(fields, "target") }),
});

const inserts = (type: "ObjectInsert" | "ObjectInsertOnce"): Shape => ({
  members: ["object", "key", "value"],
  read: (fields) => ({
    type,
    object: writtenTo(fields, "object"),
    key: fields.operand("key"),
    value: fields.operand("value"),
  }),
});

const arrayAppend: Shape = {
  members: ["array", "value"],
  read: (fields) => ({
    type: "ArrayAppend",
    array: writtenTo(fields, "array"),
    value: fields.operand("value"),
  }),
};

const assignInt: Shape = {
  members: ["value", "target"],
  read: (fields) => ({
    type: "AssignInt",
    value: fields.integer("value"),
    target: writtenTo(fields, "target"),
  }),
};

const blocks: Shape = {
  members: ["blocks"],
  read: (fields, place) => {
    const inside = { ...place, nesting: place.nesting + 1, leavable: place.leavable + 1 };
    const inner = fields.list("blocks").map((value) => place.readBlock(value, inside));
    return { type: "Block", blocks: inner };
  },
};

const jump: Shape = {
  members: ["index"],
  read: (fields, place) => {
    const depth = fields.index("index", DEPTH_MAX);
    checkJump(fields, depth, place);
    return { type: "Break", depth };
  },
};

const call: Shape = {
  members: ["func", "args", "result"],
  read: (fields) => ({
    type: "Call",
    callee: fields.text("func"),
    args: fields.operands("args"),
    result: writtenTo(fields, "result"),
  }),
};

const callDynamic: Shape = {
  members: ["args", "path", "result"],
  read: (fields, place) => {
    checkJump(fields, UNDEFINED_CALL_DEPTH, place);
    const args = fields.locals("args");
    if (args.length !== 2 || args[0] !== INPUT || args[1] !== DATA) {
      refuse(fields.where, "args: not input and data");
    }
    const path = fields.operands("path");
    return { type: "CallDynamic", path, args, result: writtenTo(fields, "result") };
  },
};

const dot: Shape = {
  members: ["source", "key", "target"],
  read: (fields) => ({
    type: "Dot",
    source: fields.operand("source"),
    key: fields.operand("key"),
    target: writtenTo(fields, "target"),
  }),
};

const makeArray: Shape = {
  members: ["capacity", "target"],
  read: (fields) => {
    fields.index("capacity", CAPACITY_MAX);
    return { type: "MakeArray", target: writtenTo(fields, "target") };
  },
};

const makeInteger: Shape = {
  members: ["value", "target"],
  read: (fields) => ({
    type: "MakeNumber",
    text: fields.integerText("value"),
    target: writtenTo(fields, "target"),
  }),
};

/** OPA 1.22 writes the index under both names. */
const makeNumber: Shape = {
  members: ["index", "target"],
  optional: ["Index"],
  read: (fields) => {
    const text = fields.numberText("index");
    if (fields.value("Index") !== undefined && fields.value("Index") !== fields.value("index")) {
      refuse(fields.where, "index and Index differ");
    }
    return { type: "MakeNumber", text, target: writtenTo(fields, "target") };
  },
};

const not: Shape = {
  members: ["block"],
  read: (fields, place) => ({ type: "Not", block: bodyOf(fields, place) }),
};

const objectMerge: Shape = {
  members: ["a", "b", "target"],
  read: (fields) => ({
    type: "ObjectMerge",
    a: fields.local("a"),
    b: fields.local("b"),
    target: writtenTo(fields, "target"),
  }),
};

const resultSetAdd: Shape = {
  members: ["value"],
  read: (fields, { isFunction }) => {
    if (isFunction) refuse(fields.where, "a function has no result set");
    return { type: "ResultSetAdd", value: fields.local("value") };
  },
};

const returnLocal: Shape = {
  members: ["source"],
  read: (fields, { isFunction, nesting }) => {
    if (!isFunction || nesting > 0) refuse(fields.where, "not at the end of a function");
    return { type: "ReturnLocal", source: fields.local("source") };
  },
};

const scan: Shape = {
  members: ["source", "key", "value", "block"],
  read: (fields, place) => ({
    type: "Scan",
    source: fields.local("source"),
    key: writtenTo(fields, "key"),
    value: writtenTo(fields, "value"),
    block: bodyOf(fields, place),
  }),
};

const setAdd: Shape = {
  members: ["set", "value"],
  read: (fields) => ({
    type: "SetAdd",
    set: writtenTo(fields, "set"),
    value: fields.operand("value"),
  }),
};

const withDocument: Shape = {
  members: ["local", "path", "value", "block"],
  read: (fields, place) => {
    const local = fields.local("local");
    if (local !== INPUT && local !== DATA) refuse(fields.where, "local: neither input nor data");
    const path = fields.strings("path");
    const value = fields.operand("value");
    return { type: "With", local, path, value, block: bodyOf(fields, place) };
  },
};

export const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["ArrayAppendStmt", arrayAppend],
  ["AssignIntStmt", assignInt],
  ["AssignVarOnceStmt", copies("AssignVarOnce")],
  ["AssignVarStmt", copies("AssignVar")],
  ["BlockStmt", blocks],
  ["BreakStmt", jump],
  ["CallDynamicStmt", callDynamic],
  ["CallStmt", call],
  ["DotStmt", dot],
  ["EqualStmt", compares("Equal")],
  ["IsArrayStmt", tests("IsArray")],
  ["IsDefinedStmt", asks("IsDefined")],
  ["IsObjectStmt", tests("IsObject")],
  ["IsSetStmt", tests("IsSet")],
  ["IsUndefinedStmt", asks("IsUndefined")],
  ["LenStmt", copies("Len")],
  ["MakeArrayStmt", makeArray],
  ["MakeNullStmt", makes("MakeNull")],
  ["MakeNumberIntStmt", makeInteger],
  ["MakeNumberRefStmt", makeNumber],
  ["MakeObjectStmt", makes("MakeObject")],
  ["MakeSetStmt", makes("MakeSet")],
  ["NopStmt", { members: [], read: () => ({ type: "Nop" }) }],
  ["NotEqualStmt", compares("NotEqual")],
  ["NotStmt", not],
  ["ObjectInsertOnceStmt", inserts("ObjectInsertOnce")],
  ["ObjectInsertStmt", inserts("ObjectInsert")],
  ["ObjectMergeStmt", objectMerge],
  ["ResetLocalStmt", makes("ResetLocal")],
  ["ResultSetAddStmt", resultSetAdd],
  ["ReturnLocalStmt", returnLocal],
  ["ScanStmt", scan],
  ["SetAddStmt", setAdd],
  ["WithStmt", withDocument],
]);
