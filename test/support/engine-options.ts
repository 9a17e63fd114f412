/** Options of an engine that is opened without a configuration; what is logged and deferred can be seen. */
import type { EngineOptions } from "../../src/policy/open-policy.ts";
import { DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";

export interface Logged {
  readonly level: "error" | "warn" | "info" | "debug";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export function recordingLog(lines: Logged[] = []): EngineOptions["log"] {
  const at =
    (level: Logged["level"]) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
      void lines.push({ level, message, fields });
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    isDebug: false,
  };
}

export function engineOptions(change: Partial<EngineOptions> = {}): EngineOptions {
  return {
    engine: "plan",
    limits: DEFAULT_LIMITS,
    sampleRatio: 1,
    requiredEntrypoints: [],
    random: () => 0,
    defer: (task) => task(),
    monotonicMs: () => 0,
    log: recordingLog(),
    ...change,
  };
}
