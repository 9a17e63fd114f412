/**
 * Local time: how far a time zone is from UTC at an instant, and what it is called there.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { BoundedCache } from "../bounded-cache.ts";
import { type Abbreviation, abbreviationAt, abbreviationsOf } from "./zone-names.ts";

export interface Zone {
  /** Seconds east of Greenwich. */
  offsetAt(budget: Budget, seconds: number): number;
  /** Where it is `offsetS` from Greenwich. */
  abbreviationAt(seconds: number, offsetS: number): string;
}

/** One lookup costs about 2 µs, and 150 µs where the zone has not been asked for lately. */
const LOOKUP_STEPS = 400;
/** A formatter takes about 50 KB. */
const FORMATTERS_MAX = 64;
const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

const formatters = new BoundedCache<Intl.DateTimeFormat>(FORMATTERS_MAX);

function formatterOf(name: string): Intl.DateTimeFormat {
  const known = formatters.get(name);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  formatters.put(name, made);
  return made;
}

export const UTC: Zone = {
  offsetAt: () => 0,
  abbreviationAt: () => "UTC",
};

/** A placeholder of the database that JavaScript does not have. */
const FACTORY: Zone = {
  offsetAt: () => 0,
  abbreviationAt: () => "-00",
};

/** Undefined where the time zone database has no such name. */
export function zoneOf(name: string): Zone | undefined {
  // In a container no local zone is set, and OPA's is UTC.
  if (name === "" || name === "UTC" || name === "Local") return UTC;
  if (name === "Factory") return FACTORY;
  const abbreviations = abbreviationsOf(name);
  return abbreviations === undefined ? undefined : databaseZone(name, abbreviations);
}

function databaseZone(name: string, abbreviations: readonly Abbreviation[]): Zone {
  return {
    offsetAt(budget, seconds) {
      budget.spend(LOOKUP_STEPS);
      return offsetIn(formatterOf(name).format(seconds * 1000));
    },
    abbreviationAt: (seconds, offsetS) => abbreviationAt(abbreviations, seconds, offsetS),
  };
}

function offsetIn(text: string): number {
  const [, sign = "+", hours = 0, minutes = 0, seconds = 0] = OFFSET.exec(text) ?? [];
  const offsetS = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -offsetS : offsetS;
}
