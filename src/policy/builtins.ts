/**
 * Builtins the compiled module asks its host for. The package brings some; time is supplied here,
 * constant within one evaluation. Everything else is refused when the bundle is loaded.
 *
 * @module
 */

/** What the engine's package implements and is safe: no backtracking, no network, no chance. */
const PACKAGE_BUILTINS = new Set([
  "json.is_valid",
  "sprintf",
  "yaml.is_valid",
  "yaml.marshal",
  "yaml.unmarshal",
]);

const NS_PER_S = 1e9;
const DAY_S = 86_400;
const HOUR_S = 3_600;
const MINUTE_S = 60;
/** 1970-01-01 was a Thursday. */
const WEEKDAYS = [
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
] as const;

/** The host's clock as one evaluation sees it. */
export interface EvaluationTime {
  ns: number;
  wasRead: boolean;
}

export type HostBuiltins = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Rego time is nanoseconds since the epoch; these take UTC, which is all that shipped rules use. */
export function timeBuiltins(time: EvaluationTime): HostBuiltins {
  return {
    "time.now_ns": () => {
      time.wasRead = true;
      return time.ns;
    },
    "time.clock": (ns) => {
      const second = mod(Math.floor(utcNs(ns) / NS_PER_S), DAY_S);
      return [
        Math.floor(second / HOUR_S),
        Math.floor((second % HOUR_S) / MINUTE_S),
        second % MINUTE_S,
      ];
    },
    "time.weekday": (ns) =>
      WEEKDAYS[mod(Math.floor(utcNs(ns) / NS_PER_S / DAY_S), WEEKDAYS.length)],
  };
}

/** OPA also takes `[ns, zone]`; an answer in the wrong zone would be worse than none. */
function utcNs(argument: unknown): number {
  if (typeof argument === "number") return argument;
  throw new TypeError("time builtins take nanoseconds in UTC, without a zone");
}

/** Names that nobody provides; a module with one of them must not become active. */
export function missingBuiltins(
  needed: readonly string[],
  provided: HostBuiltins,
): readonly string[] {
  return needed.filter((name) => !PACKAGE_BUILTINS.has(name) && !Object.hasOwn(provided, name));
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
