/**
 * OPA's `sprintf`: Go's, with the arguments that OPA makes of values.
 *
 * @module
 */
import { isArray, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { chargeText, wrongType } from "./operands.ts";
import { Formatter, NoResult } from "./sprintf/format.ts";

function sprintf(context: BuiltinContext, format: Value, values: Value): Value | undefined {
  if (typeof format !== "string") return wrongType(context, 1, format, "string");
  if (!isArray(values)) return wrongType(context, 2, values, "array");
  const { budget } = context;
  chargeText(budget, format);
  budget.allocate(format.length);
  budget.create(1 + values.length);
  try {
    return new Formatter(format, values, budget).result();
  } catch (error) {
    if (error instanceof NoResult) return context.fail("the result would be an address");
    throw error;
  }
}

export const SPRINTF: BuiltinTable = { sprintf };
