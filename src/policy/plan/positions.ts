/**
 * Where something stands in the Rego sources that a plan was made from.
 *
 * @module
 */
import type { Place } from "./compile/module-context.ts";
import { everyStatement } from "./compile/statements.ts";
import type { Plan, Position } from "./ir.ts";

/** `file.rego:12:3`, or the file alone where OPA tells no row. */
export function positionText(plan: Plan, { file, row, col }: Position): string {
  const name = plan.files[file] ?? "?";
  return row > 0 ? `${name}:${row}:${col}` : name;
}

/** `file.rego:12` */
export function rowText(plan: Plan, { file, row }: Position): string {
  return `${plan.files[file] ?? "?"}:${row}`;
}

/**
 * How a body begins shows that it is tried, under the row of its head. The head itself is evaluated when
 * the body held.
 */
export function countsForRow({ body, statement: { at, type } }: Place): boolean {
  return at.row > 0 && body >= 0 && type !== "ResetLocal" && type !== "IsUndefined";
}

/** Every row that an evaluation can evaluate, in order. */
export function rowsOf(plan: Plan, places: readonly Place[]): readonly string[] {
  const counting = places.filter(countsForRow).map(({ statement }) => statement.at);
  const inOrder = counting.sort((a, b) => a.file - b.file || a.row - b.row);
  return [...new Set(inOrder.map((at) => rowText(plan, at)))];
}

/** `g0.data.mcp.gateway.allow` → `data.mcp.gateway.allow` */
export function ruleName(functionName: string): string {
  return functionName.replace(/^g\d+\./, "");
}

/** Rules that call a builtin, and where: `data.a.b (a.rego:3:1)`. */
export function callersOf(plan: Plan, builtin: string): readonly string[] {
  const found = new Set<string>();
  for (const { name, blocks } of [...plan.functions, ...plan.plans]) {
    for (const statement of everyStatement(blocks)) {
      if (statement.type !== "Call" || statement.callee !== builtin) continue;
      found.add(`${ruleName(name)} (${positionText(plan, statement.at)})`);
    }
  }
  return [...found];
}

export function isSamePosition(a: Position, b: Position): boolean {
  return a.row === b.row && a.col === b.col;
}
