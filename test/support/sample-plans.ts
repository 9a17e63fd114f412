/** A policy whose plan has every kind of statement that OPA makes, and plans as JSON that may be changed. */
import type { OpaOracle } from "./opa-oracle.ts";

const SOURCE = `package sample

default allow := false

allow if {
	some name in input.names
	not blocked[name]
	every item in input.items { item.size > 0 }
}

allow if input.admin == true

blocked contains name if some name in data.blocked

kinds := [is_text(input.x), null, 1.5, 9007199254740993, {"a": 1}, {1, 2}]

is_text(x) := "text" if is_string(x)

is_text(x) := "other" if not is_string(x)

sizes[name] := size if some name, size in input.sizes

chosen := data.sample.rules[input.rule]

replaced := n if n := count(input.names) with input.names as ["a", "b"]

pair := [a, b] if [a, b] = input.pair

member if input.object = {"a": x, "b": 2}

grouped[kind] contains name if some name, kind in input.kinds

graded := "high" if input.grade > 90 else := "low" if input.grade < 10

leaves contains leaf if walk(input.tree, [_, leaf])

extent := data.sample.rules

text := concat("-", [x | some x in input.names])

rules.first := 1

rules.second := 2 if input.second
`;

export const SAMPLE_ENTRYPOINTS = ["sample", "sample/allow", "sample/chosen"];

export const SAMPLE_DATA = { blocked: ["eve"], sample: { rules: { third: 3 } } };

export const SAMPLE_INPUT = {
  names: ["ada", "eve"],
  items: [{ size: 1 }, { size: 2 }],
  x: 1,
  sizes: { a: 1, b: 2 },
  rule: "first",
  pair: ["left", "right"],
  object: { a: 1, b: 2 },
  kinds: { a: "tool", b: "tool" },
  grade: 95,
  tree: { a: [1, 2] },
};

export interface PlanJson {
  static: {
    strings: { value: string }[];
    builtin_funcs: { name: string; decl: Record<string, unknown> }[];
    files: { value: string }[];
  };
  plans: { plans: { name: string; blocks: BlockJson[] }[] };
  funcs: { funcs: FunctionJson[] };
}

export interface FunctionJson {
  name: string;
  params: number[];
  return: number;
  blocks: BlockJson[];
  path?: string[];
}

export interface BlockJson {
  stmts: StatementJson[];
}

export interface StatementJson {
  type: string;
  stmt: Record<string, unknown>;
}

export async function samplePlan(oracle: OpaOracle): Promise<PlanJson> {
  const { plan, message } = await oracle.ask({
    modules: { "sample.rego": SOURCE },
    entrypoints: SAMPLE_ENTRYPOINTS,
    plan: true,
  });
  if (plan === undefined) throw new Error(`no plan: ${message}`);
  return plan as PlanJson;
}

/** Every block of the plan, the inner ones after those around them. */
export function blocksOf(plan: PlanJson): BlockJson[] {
  const owners = [...plan.plans.plans, ...plan.funcs.funcs];
  return owners.flatMap(({ blocks }) => blocks.flatMap(withInner));
}

function withInner(block: BlockJson): BlockJson[] {
  const inner = block.stmts.flatMap(({ stmt }) => [
    ...((stmt["blocks"] ?? []) as BlockJson[]),
    ...(stmt["block"] === undefined ? [] : [stmt["block"] as BlockJson]),
  ]);
  return [block, ...inner.flatMap(withInner)];
}

export function statementsOf(plan: PlanJson): StatementJson[] {
  return blocksOf(plan).flatMap(({ stmts }) => stmts);
}
