/**
 * Where something stands in the Rego sources that a plan was made from.
 *
 * @module
 */
import { everyStatement } from "./compile/statements.ts";
import type { Plan, Position } from "./ir.ts";

/** `file.rego:12:3`, or the file alone where OPA tells no row. */
export function positionText(plan: Plan, { file, row, col }: Position): string {
  const name = plan.files[file] ?? "?";
  return row > 0 ? `${name}:${row}:${col}` : name;
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
