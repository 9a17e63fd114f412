/** Seeded changes of a plan: statements moved, and any member of its JSON replaced, removed or added. */
import type { Random } from "../fuzz/random.ts";
import type { BlockJson, PlanJson, StatementJson } from "./sample-plans.ts";

const CHANGES_MAX = 3;
const INTEGERS = [0, 1, 2, 3, 4, 5, 7, 9, 12, 15, 20, 40, 60, 99, 65_535, 65_536, -1, 1.5, 2 ** 53];
const TEXTS = [
  ...["local", "string_index", "bool", "g0.data.sample.allow", "g0.data.sample.is_text", "count"],
  ...["walk", "concat", "AssignVarStmt", "AssignVarOnceStmt", "ReturnLocalStmt", "NopStmt"],
  ...["ObjectInsertStmt", "SetAddStmt", "ArrayAppendStmt", "LenStmt", "DotStmt", "__proto__"],
];

type Holder = Record<string, unknown> | unknown[];

export function mutatePlan(sample: PlanJson, random: Random): PlanJson {
  const plan = structuredClone(sample);
  for (let left = 1 + random.below(CHANGES_MAX); left > 0; left--) {
    if (random.below(2) === 0) moveStatement(plan, random);
    else changeMember(plan, random);
  }
  return plan;
}

function moveStatement(plan: PlanJson, random: Random): void {
  const blocks = [...filledBlocks(plan)];
  if (blocks.length === 0) return;
  const from = random.pick(blocks).stmts;
  const to = random.pick(blocks).stmts;
  const at = random.below(from.length);
  const there = random.below(to.length);
  const moved = from[at] as StatementJson;
  switch (random.below(4)) {
    case 0:
      from.splice(at, 1);
      break;
    case 1:
      from.splice(at, 0, structuredClone(moved));
      break;
    case 2:
      from[at] = to[there] as StatementJson;
      to[there] = moved;
      break;
    default:
      to.splice(there, 0, structuredClone(moved));
  }
}

/** Whatever still looks like a block. */
function* filledBlocks(value: unknown): Iterable<BlockJson> {
  if (typeof value !== "object" || value === null) return;
  const { stmts } = value as Partial<BlockJson>;
  if (Array.isArray(stmts) && stmts.length > 0) yield value as BlockJson;
  for (const member of Object.values(value)) yield* filledBlocks(member);
}

function changeMember(plan: PlanJson, random: Random): void {
  const [holder, name] = memberOf(plan as unknown as Record<string, unknown>, random);
  const members = holder as Record<string, unknown>;
  const value = members[name];
  switch (random.below(8)) {
    case 0:
      Reflect.deleteProperty(members, name);
      break;
    case 1:
      members[random.pick(TEXTS)] = value;
      break;
    case 2:
      members[name] = random.pick<unknown>([null, true, [], {}, "", 0]);
      break;
    default:
      if (typeof value === "number") members[name] = random.pick(INTEGERS);
      else if (typeof value === "string") members[name] = random.pick(TEXTS);
      else if (typeof value === "boolean") members[name] = !value;
      else if (Array.isArray(value)) value.splice(random.below(value.length + 1), 1);
  }
}

/** A member somewhere below `root`. */
function memberOf(root: Holder, random: Random): readonly [Holder, string] {
  let holder = root;
  for (;;) {
    const names = Object.keys(holder);
    if (names.length === 0) return [holder, "0"];
    const name = random.pick(names);
    const value = (holder as Record<string, unknown>)[name];
    const isHolder = typeof value === "object" && value !== null;
    if (!isHolder || random.below(12) === 0) return [holder, name];
    holder = value as Holder;
  }
}
