/**
 * What a scan's body makes of the elements: whether their order shows, and whether one success is enough.
 *
 * @module
 */
import type { Block, Local, Operand, Statement, StatementOf } from "../ir.ts";
import { type Inherited, leftBy } from "./liveness.ts";
import { everyStatement, filledBy, targetsOf } from "./statements.ts";

type Scan = StatementOf<"Scan">;
type Success = StatementOf<"AssignVarOnce" | "AssignVar">;

/** What is known of the function in which a scan stands. */
export interface ScanSurroundings {
  readonly blocks: readonly Block[];
  readonly inherited: Inherited;
  readonly isConstant: (operand: Operand) => boolean;
  /** Whether a call reaches a function of the plan, which may conflict. */
  readonly isFunction: (callee: string) => boolean;
  /** All bodies of the rule give the same constant: the first that is true decides, as in OPA. */
  readonly isAgreed: boolean;
}

/**
 * True when the body fills a collection that was made outside of it, or sets what may differ: of equal
 * numbers written differently the first stays. Or when it calls what may conflict: OPA may not get there.
 */
export function isOrdered(scan: Scan, { isConstant, isFunction }: ScanSurroundings): boolean {
  const inside = [...everyStatement([scan.block])];
  const made = new Set(inside.flatMap(targetsOf));
  return inside.some((one) => {
    const filled = filledBy(one);
    if (filled !== undefined) return !made.has(filled);
    if (one.type === "AssignVarOnce") return !isConstant(one.source);
    return mayConflict(one, isFunction);
  });
}

/**
 * True when nothing the body does shows outside of it but that it came to its end once: it puts the same
 * constants into locals each time. Then the rest of the elements need not be looked at, as in OPA.
 */
export function isExistential(scan: Scan, surroundings: ScanSurroundings): boolean {
  const { isConstant, isFunction, isAgreed } = surroundings;
  const success = successOf(scan);
  if (success === undefined || !isConstant(success.source)) return false;
  const inside = [...everyStatement([scan.block])].filter((one) => one !== success);
  // OPA looks at all elements for a rule that may have several values, and finds their conflicts.
  const isThorough = success.type === "AssignVarOnce" && !isAgreed;
  const isShown = (one: Statement) =>
    SHOWN.has(one.type) || (isThorough && mayConflict(one, isFunction));
  if (inside.some(isShown)) return false;
  const set = new Set<Local>([scan.key, scan.value, ...inside.flatMap(targetsOf)]);
  if (set.has(success.target)) return false;
  const filled = inside.flatMap((one) => filledBy(one) ?? []);
  return filled.every((local) => set.has(local)) && !isLeft(scan, set, surroundings);
}

/** Whether a statement outside of the scan may read what it puts into these locals. */
function isLeft(scan: Scan, set: ReadonlySet<Local>, { blocks, inherited }: ScanSurroundings) {
  return blocks.some((block) => {
    const isHere = holds(block, scan);
    const locals = isHere ? leftBy(scan, block) : (inherited.get(block) ?? new Set<Local>());
    return [...set].some((local) => locals.has(local));
  });
}

function holds(block: Block, scan: Scan): boolean {
  for (const one of everyStatement([block])) if (one === scan) return true;
  return false;
}

/** The statement that ends the innermost of scans that end one another, if it says "it is so". */
export function successOf(scan: Scan): Success | undefined {
  const last = scan.block.at(-1);
  if (last?.type === "Scan") return successOf(last);
  return last?.type === "AssignVarOnce" || last?.type === "AssignVar" ? last : undefined;
}

function mayConflict(statement: Statement, isFunction: (callee: string) => boolean): boolean {
  if (statement.type === "CallDynamic") return true;
  return statement.type === "Call" && isFunction(statement.callee);
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
