/**
 * Every local of a plan has a value where a statement reads it, and what a statement puts something into
 * is a collection that was made for it: never a document, a constant or what another rule gave.
 *
 * @module
 */
import { everyStatement, filledBy, readBy, targetsOf } from "./compile/statements.ts";
import {
  type Block,
  type BuiltinUse,
  DATA,
  INPUT,
  type Local,
  type Plan,
  type Statement,
  type StatementOf,
} from "./ir.ts";
import { type Kind, type Known, KnownLocals } from "./local-kinds.ts";
import { atOf, quoted, refuse } from "./plan-json.ts";

/** How many blocks an undefined dynamic call leaves; see ir.ts. */
const UNDEFINED_CALL_DEPTH = 3;

const FILLED_KINDS: ReadonlyMap<string, readonly Kind[]> = new Map([
  ["ArrayAppend", ["array"]],
  ["SetAdd", ["set", "part"]],
  ["ObjectInsert", ["object", "part"]],
  ["ObjectInsertOnce", ["object", "part"]],
]);
const MADE_KINDS: ReadonlyMap<string, Kind> = new Map([
  ["MakeArray", "array"],
  ["MakeObject", "object"],
  ["MakeSet", "set"],
]);
/** Statements that are undefined for some values, and then leave their block. */
const LEAVING: ReadonlySet<string> = new Set([
  ...["Call", "CallDynamic", "Dot", "Equal", "NotEqual", "IsArray", "IsObject", "IsSet"],
  ...["IsDefined", "IsUndefined", "Not", "With"],
]);

/** @throws {PlanError} */
export function checkLocals(plan: Plan): void {
  const known = new KnownLocals();
  for (const { name, blocks } of plan.plans) {
    new OwnerCheck(plan, `plan ${quoted(name)}`, known).check(blocks, [INPUT, DATA]);
  }
  for (const { name, blocks, params } of plan.functions) {
    new OwnerCheck(plan, `function ${quoted(name)}`, known).check(blocks, params);
  }
}

/** A block that jumps can leave, and what is known wherever one does. */
interface Level {
  exits: Known;
  /** Number of losses when the block itself was last left: since then it has only learned more. */
  losses: number | undefined;
}

const ASKING: ReadonlySet<string> = new Set(["IsDefined", "IsUndefined", "ReturnLocal"]);

class OwnerCheck {
  readonly #files: readonly string[];
  readonly #builtins: ReadonlyMap<string, BuiltinUse>;
  readonly #owner: string;
  readonly #known: KnownLocals;
  /** How often something was no longer known. */
  #losses = 0;
  /** Locals that some statement writes, so that they exist. */
  #written: ReadonlySet<Local> = new Set();

  constructor({ files, builtins }: Plan, owner: string, known: KnownLocals) {
    this.#files = files;
    this.#builtins = new Map(builtins.map((one) => [one.name, one]));
    this.#owner = owner;
    this.#known = known;
  }

  check(blocks: readonly Block[], params: readonly Local[]): void {
    const written = new Set(params);
    for (const one of everyStatement(blocks))
      for (const local of targetsOf(one)) written.add(local);
    this.#written = written;
    this.#blocks(blocks, new Map(params.map((local) => [local, "other"])), []);
  }

  /** Blocks that run one after the other. */
  #blocks(blocks: readonly Block[], start: Known, around: readonly Level[]): Known {
    let known = start;
    for (const block of blocks) {
      const level: Level = { exits: undefined, losses: undefined };
      const end = this.#block(block, known, [...around, level]);
      known = this.#known.join(level.exits, end);
    }
    return known;
  }

  /** What is known where the block comes to its end. */
  #block(block: Block, start: Known, levels: readonly Level[]): Known {
    let known = this.#known.copy(start);
    for (const statement of block) {
      if (known === undefined) return undefined;
      this.#checkReads(statement, known);
      known = this.#after(statement, known, levels);
    }
    return known;
  }

  #after(statement: Statement, known: Map<Local, Kind>, levels: readonly Level[]): Known {
    switch (statement.type) {
      case "Block":
        return this.#blocks(statement.blocks, known, levels);
      case "Break":
        this.#leave(levels, statement.depth, known);
        return undefined;
      case "Not":
      case "Scan":
      case "With":
        return this.#afterBody(statement, known, levels);
      case "CallDynamic":
        this.#leave(levels, UNDEFINED_CALL_DEPTH, known);
        break;
      case "IsDefined":
        this.#leave(levels, 0, known);
        if (!known.has(statement.source)) known.set(statement.source, "other");
        return known;
      case "ResetLocal":
        if (known.delete(statement.target)) this.#losses++;
        return known;
    }
    const isVoid = statement.type === "Call" && this.#isVoid(statement.callee);
    if (LEAVING.has(statement.type) && !isVoid) this.#leave(levels, 0, known);
    if (!isVoid) for (const local of targetsOf(statement)) this.#learn(known, local, statement);
    return known;
  }

  #isVoid(callee: string): boolean {
    return this.#builtins.get(callee)?.hasResult === false;
  }

  #learn(known: Map<Local, Kind>, local: Local, statement: Statement): void {
    const kind = kindMadeBy(statement, known);
    const before = known.get(local);
    if (before !== undefined && before !== kind) this.#losses++;
    known.set(local, kind);
  }

  /** Whatever a body resets may be gone once it was entered, be it again or for the first time. */
  #afterBody(
    statement: StatementOf<"Not" | "Scan" | "With">,
    known: Map<Local, Kind>,
    levels: readonly Level[],
  ): Known {
    this.#forget(known, statement.block);
    const inside = [{ exits: undefined, losses: undefined }];
    if (statement.type !== "Scan") this.#leave(levels, 0, known);
    if (statement.type === "With") return this.#block(statement.block, known, inside);
    const start = this.#known.copy(known);
    if (statement.type === "Scan") {
      start?.set(statement.key, "other");
      start?.set(statement.value, "other");
      this.#forgetKinds(known, [statement.key, statement.value]);
    }
    this.#block(statement.block, start, inside);
    return known;
  }

  #forget(known: Map<Local, Kind>, body: Block): void {
    for (const statement of everyStatement([body])) {
      if (statement.type !== "ResetLocal") this.#forgetKinds(known, targetsOf(statement));
      else if (known.delete(statement.target)) this.#losses++;
    }
  }

  #forgetKinds(known: Map<Local, Kind>, locals: readonly Local[]): void {
    for (const local of locals) {
      if (!known.has(local)) continue;
      known.set(local, "other");
      this.#losses++;
    }
  }

  #leave(levels: readonly Level[], depth: number, known: Map<Local, Kind>): void {
    const level = levels.at(-1 - depth);
    if (level === undefined || (depth === 0 && level.losses === this.#losses)) return;
    level.exits = this.#known.join(level.exits, known);
    if (depth === 0) level.losses = this.#losses;
  }

  #checkReads(statement: Statement, known: Map<Local, Kind>): void {
    const isOnce = statement.type === "AssignVarOnce";
    for (const local of readBy(statement)) {
      if (isOnce && local === statement.target) continue;
      const isAsked = ASKING.has(statement.type) && this.#written.has(local);
      if (!isAsked && !known.has(local) && local !== INPUT && local !== DATA) {
        refuse(this.#placeOf(statement), `local ${local} may have no value`);
      }
    }
    const filled = filledBy(statement);
    if (filled === undefined) return;
    if (!FILLED_KINDS.get(statement.type)?.includes(known.get(filled) ?? "other")) {
      refuse(this.#placeOf(statement), `local ${filled} was not made for this`);
    }
  }

  #placeOf({ type, at }: Statement): string {
    return `${this.#owner}, ${type}Stmt at ${atOf(at, this.#files)}`;
  }
}

function kindMadeBy(statement: Statement, known: Map<Local, Kind>): Kind {
  if (statement.type !== "Dot") return MADE_KINDS.get(statement.type) ?? "other";
  const { source } = statement;
  const kind = source.kind === "local" ? known.get(source.local) : undefined;
  return kind === "object" || kind === "part" ? "part" : "other";
}
