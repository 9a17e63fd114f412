/**
 * OPA's builtins on time, as Go's `time` package has them.
 *
 * @module
 */
import { numberFromText } from "../plan/values/decimal.ts";
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";
import { addDate, diff } from "./time/arithmetic.ts";
import { durationNs } from "./time/duration.ts";
import { formatTime, weekdayName } from "./time/format.ts";
import { goQuoted } from "./time/go-quoted.ts";
import { nsOf } from "./time/instant.ts";
import { layoutNamed } from "./time/layout.ts";
import { type LocalTime, localTimeAt } from "./time/local-time.ts";
import { zonedTimeOf } from "./time/operands.ts";
import { parseTime } from "./time/parse.ts";

export const TIME: BuiltinTable = {
  "time.now_ns": (context) => context.nowNs(),
  "time.parse_ns": parseNs,
  "time.parse_rfc3339_ns": (context, value = null) => {
    if (typeof value !== "string") return wrongType(context, 1, value, "string");
    return parsed(context, "RFC3339", value);
  },
  "time.parse_duration_ns": parseDurationNs,
  "time.format": (context, value = null) => {
    const time = zonedTimeOf(context, value);
    return time === undefined ? undefined : formatTime(context, time);
  },
  "time.date": ofLocalTime(({ date }) => [date.year, date.month, date.day]),
  "time.clock": ofLocalTime(({ hour, minute, second }) => [hour, minute, second]),
  "time.weekday": ofLocalTime(({ days }) => weekdayName(days)),
  "time.add_date": (context, time = null, years = null, months = null, days = null) =>
    addDate(context, time, years, months, days),
  "time.diff": (context, a = null, b = null) => diff(context, a, b),
};

const PARTS = 3;

function ofLocalTime(read: (time: LocalTime) => Value) {
  return (context: BuiltinContext, value: Value = null): Value | undefined => {
    const time = zonedTimeOf(context, value);
    if (time === undefined) return undefined;
    context.budget.create(1 + PARTS);
    return read(localTimeAt(context.budget, time.zone, time.instant.seconds));
  };
}

function parseNs(
  context: BuiltinContext,
  layout: Value = null,
  value: Value = null,
): Value | undefined {
  if (typeof layout !== "string") return wrongType(context, 1, layout, "string");
  if (typeof value !== "string") return wrongType(context, 2, value, "string");
  return parsed(context, layout, value);
}

function parsed(context: BuiltinContext, layout: string, value: string): Value | undefined {
  const instant = parseTime(context, layoutNamed(layout), value);
  return instant === undefined ? undefined : nsOf(context, instant);
}

function parseDurationNs(context: BuiltinContext, value: Value = null): Value | undefined {
  if (typeof value !== "string") return wrongType(context, 1, value, "string");
  const ns = durationNs(context.budget, value);
  if (typeof ns === "bigint") return numberFromText(String(ns));
  return context.fail(`time: ${ns} ${goQuoted(value)}`);
}
