/**
 * What a scan's body makes of the elements: whether their order shows, and whether one success is enough.
 *
 * @module
 */
import type { Block, Local, Statement, StatementOf } from "../ir.ts";
import { everyStatement, filledBy, readBy, targetsOf } from "./statements.ts";

type Scan = StatementOf<"Scan">;

/** True when the body fills an array that was made outside of it. */
export function isOrdered(scan: Scan): boolean {
  const inside = [...everyStatement([scan.block])];
  const made = new Set(inside.flatMap(targetsOf));
  return inside.some((one) => one.type === "ArrayAppend" && !made.has(one.array));
}

/**
 * True when nothing the body does shows outside of it but that it came to its end once: it puts the same
 * constants into locals each time. Then the rest of the elements need not be looked at, as in OPA.
 */
export function isExistential(scan: Scan, functionBlocks: readonly Block[]): boolean {
  const success = deepestLast(scan);
  if (success?.type !== "AssignVarOnce" || success.source.kind === "local") return false;
  const inside = new Set(everyStatement([scan.block]));
  const shown = new Set<Local>();
  for (const one of inside) {
    if (isShown(one) && one !== success) return false;
    for (const local of targetsOf(one)) shown.add(local);
  }
  shown.delete(success.target);
  for (const one of everyStatement(functionBlocks)) {
    const isOutside = !inside.has(one) && one !== scan;
    if (isOutside && readBy(one).some((local) => shown.has(local))) return false;
  }
  return true;
}

function isShown(statement: Statement): boolean {
  return filledBy(statement) !== undefined || SHOWN.has(statement.type);
}

/** The statement that ends the innermost of scans that end one another. */
function deepestLast(scan: Scan): Statement | undefined {
  const last = scan.block.at(-1);
  return last?.type === "Scan" ? deepestLast(last) : last;
}

/** Statements whose effect may reach beyond the scan. */
const SHOWN: ReadonlySet<Statement["type"]> = new Set([
  "AssignVarOnce",
  "Break",
  "CallDynamic",
  "ResultSetAdd",
  "ReturnLocal",
  "With",
]);
