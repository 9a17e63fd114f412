/**
 * Blocks of a plan and the statements in them, each with exactly the members that OPA 1.22 writes.
 *
 * @module
 */
import type { Block, Statement } from "./ir.ts";
import { atOf, PlanObject, quoted, refuse } from "./plan-json.ts";
import { positionOf, StatementFields } from "./statement-fields.ts";
import { SHAPES, type Surroundings } from "./statement-shapes.ts";
import type { Value } from "./values/value.ts";

const STATEMENTS_MAX = 100_000;
const NESTING_MAX = 200;

/** What the indexes of a plan point into. */
interface PlanConstants {
  readonly strings: readonly string[];
  readonly files: readonly string[];
}

export class StatementReader {
  readonly #constants: PlanConstants;
  #statementsLeft = STATEMENTS_MAX;

  constructor(constants: PlanConstants) {
    this.#constants = constants;
  }

  /** The blocks of a function or of an entry plan. @throws {PlanError} */
  blocks(values: readonly Value[], owner: string, isFunction: boolean): readonly Block[] {
    const surroundings: Surroundings = { owner, isFunction, nesting: 0, leavable: 0 };
    return values.map((value) => this.#block(value, surroundings));
  }

  #block(value: Value | undefined, surroundings: Surroundings): Block {
    const { owner, nesting } = surroundings;
    if (nesting > NESTING_MAX) refuse(owner, `blocks are nested deeper than ${NESTING_MAX}`);
    const block = new PlanObject(value, `${owner}, block`, ["stmts"]);
    return block.list("stmts").map((statement) => this.#statement(statement, surroundings));
  }

  #statement(value: Value, surroundings: Surroundings): Statement {
    this.#statementsLeft -= 1;
    if (this.#statementsLeft < 0) refuse("plan", `more than ${STATEMENTS_MAX} statements`);
    const typed = new PlanObject(value, `${surroundings.owner}, statement`, ["type", "stmt"]);
    const type = typed.text("type");
    const stated = typed.value("stmt");
    const shape = SHAPES.get(type);
    const where = `${surroundings.owner}, ${shape === undefined ? quoted(type) : type}`;
    const at = positionOf(stated, where, this.#constants.files);
    const place = `${where} at ${atOf(at, this.#constants.files)}`;
    if (shape === undefined) refuse(place, "unknown type of statement");
    const fields = new StatementFields(stated, place, shape, this.#constants.strings);
    const readBlock = (block: Value | undefined, inside: Surroundings) =>
      this.#block(block, inside);
    return { ...shape.read(fields, { ...surroundings, readBlock }), at } as Statement;
  }
}
