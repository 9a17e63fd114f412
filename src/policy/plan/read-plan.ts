/**
 * Reads OPA's plan.json. Whatever this engine does not know exactly is refused, with the function, the
 * statement and the place in the policy it was planned from. Unplanned rules and the ends of positions
 * are only for coverage reports, so they are passed over.
 *
 * @module
 */
import { checkLocals } from "./check-locals.ts";
import { checkPlan } from "./check-plan.ts";
import {
  type Block,
  type BuiltinUse,
  DATA,
  type EntryPlan,
  INPUT,
  type Plan,
  type PlanFunction,
} from "./ir.ts";
import { PlanObject, parsePlanText, quoted, refuse } from "./plan-json.ts";
import { StatementReader } from "./read-statement.ts";
import { LOCAL_MAX, localsOf } from "./statement-fields.ts";
import type { Value } from "./values/value.ts";

const FUNCTIONS_MAX = 10_000;

/** @throws {PlanError} */
export function readPlan(text: string): Plan {
  const top = new PlanObject(
    parsePlanText(text),
    "plan",
    ["static", "plans"],
    ["funcs", "unplanned_rules"],
  );
  const constants = new PlanObject(
    top.value("static"),
    "static",
    [],
    ["strings", "builtin_funcs", "files"],
  );
  const files = stringsOf(constants, "files");
  const reader = new StatementReader({ strings: stringsOf(constants, "strings"), files });
  const builtins = constants.list("builtin_funcs").map(readBuiltin);
  const functions = readFunctions(top, reader);
  const plans = readEntryPlans(top, reader);
  requireDifferent(
    [...builtins, ...functions].map(({ name }) => name),
    "function",
  );
  requireDifferent(
    plans.map(({ name }) => name),
    "plan",
  );
  const paths = functions.flatMap(({ path }) => (path === undefined ? [] : [JSON.stringify(path)]));
  requireDifferent(paths, "path");
  const plan: Plan = { files, builtins, plans, functions };
  checkPlan(plan);
  checkLocals(plan);
  return plan;
}

function requireDifferent(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) refuse("plan", `${what} ${quoted(name)} is there twice`);
    seen.add(name);
  }
}

function stringsOf(constants: PlanObject, name: string): readonly string[] {
  return constants
    .list(name)
    .map((value) => new PlanObject(value, `static: ${name}`, ["value"]).text("value"));
}

function readBuiltin(value: Value): BuiltinUse {
  const builtin = new PlanObject(value, "builtin", ["name", "decl"]);
  const name = builtin.text("name");
  const where = `builtin ${quoted(name)}`;
  const declared = new PlanObject(builtin.value("decl"), where, ["type"], ["args", "result"]);
  if (declared.text("type") !== "function") refuse(where, "type: not a function");
  const hasResult = declared.value("result") !== undefined;
  return { name, arity: declared.list("args").length, hasResult };
}

function readFunctions(top: PlanObject, reader: StatementReader): readonly PlanFunction[] {
  if (top.value("funcs") === undefined) return [];
  const values = new PlanObject(top.value("funcs"), "funcs", ["funcs"]).list("funcs");
  if (values.length > FUNCTIONS_MAX) refuse("plan", `more than ${FUNCTIONS_MAX} functions`);
  return values.map((value) => readFunction(value, reader));
}

function readFunction(value: Value, reader: StatementReader): PlanFunction {
  const members = ["name", "params", "return", "blocks"];
  const name = new PlanObject(value, "function", members, ["path"]).text("name");
  const where = `function ${quoted(name)}`;
  const read = new PlanObject(value, where, members, ["path"]);
  const params = localsOf(read, "params");
  const returns = read.index("return", LOCAL_MAX);
  if (params[0] !== INPUT || params[1] !== DATA) refuse(where, "params: not input and data first");
  if (new Set([...params, returns]).size <= params.length) {
    refuse(where, "params: the same local twice");
  }
  const blocks = reader.blocks(read.list("blocks"), where, true);
  checkReturn(blocks, returns, where);
  return { name, params, returns, blocks, path: pathOf(read) };
}

function pathOf(read: PlanObject): readonly string[] | undefined {
  if (read.value("path") === undefined) return undefined;
  return read.list("path").map((part) => {
    if (typeof part !== "string") refuse(read.where, "path: not strings");
    return part;
  });
}

/** One statement returns, and it is the last. */
function checkReturn(blocks: readonly Block[], returns: number, where: string): void {
  const statements = blocks.flat();
  const found = statements.filter(({ type }) => type === "ReturnLocal").length;
  const last = blocks.at(-1)?.at(-1);
  if (found !== 1 || last?.type !== "ReturnLocal" || last.source !== returns) {
    refuse(where, "does not end by returning its result");
  }
}

function readEntryPlans(top: PlanObject, reader: StatementReader): readonly EntryPlan[] {
  const values = new PlanObject(top.value("plans"), "plans", ["plans"]).list("plans");
  if (values.length > FUNCTIONS_MAX) refuse("plan", `more than ${FUNCTIONS_MAX} entry points`);
  return values.map((value) => {
    const read = new PlanObject(value, "plan", ["name", "blocks"]);
    const name = read.text("name");
    return { name, blocks: reader.blocks(read.list("blocks"), `plan ${quoted(name)}`, false) };
  });
}
