/**
 * The first argument of most builtins on time: nanoseconds since 1970, or an array that says the time
 * zone and the layout as well.
 *
 * @module
 */
import { isArray, isNumber, type Value } from "../../plan/values/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { wrongType } from "../operands.ts";
import { type Instant, instantOf } from "./instant.ts";
import { type Zone, zoneOf } from "./zone.ts";

export interface ZonedTime {
  readonly instant: Instant;
  readonly zone: Zone;
  /** Empty where none is said. */
  readonly layout: string;
}

const ZONED = "either number (ns) or [number (ns), string (tz)]";
const NAME_UNITS_PER_STEP = 16;

export function zonedTimeOf(context: BuiltinContext, value: Value): ZonedTime | undefined {
  const [ns = null, name = "", layout = ""] = isArray(value) ? value : [value];
  if (isArray(value) ? value.length === 0 : !isNumber(value)) {
    return wrongType(context, 1, value, ZONED);
  }
  if (!isNumber(ns)) return wrongType(context, 1, ns, "number");
  if (typeof name !== "string") return wrongType(context, 1, name, "string");
  context.budget.spend(1 + name.length / NAME_UNITS_PER_STEP);
  const zone = zoneOf(name);
  if (zone === undefined) return context.fail(`unknown time zone ${name}`);
  if (typeof layout !== "string") return wrongType(context, 1, layout, "string");
  const instant = instantOf(context, ns);
  if (instant === undefined) return context.fail("timestamp too big");
  return { instant, zone, layout };
}
