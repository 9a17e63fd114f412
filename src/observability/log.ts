/**
 * Log lines as JSON: `time`, `level`, `component`, `msg`, then fields. Owns pino.
 *
 * Where audit records go to stdout, logs go to stderr: records are not log lines. pino buffers what the
 * stream does not take at once, so whoever ends the process calls `flush` first.
 *
 * @module
 */
import { destination as openDestination, pino } from "pino";
import type { Clock } from "../domain/clock.ts";
import type { LogFields, Logger } from "../domain/logger.ts";
import { describeError } from "./describe-error.ts";

export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes whole lines. */
export interface LogDestination {
  write(line: string): void;
  /** Returns when everything is with the system. */
  flushSync?(): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly clock: Pick<Clock, "unixMs">;
  readonly destination: LogDestination;
}

export interface Log {
  component(name: string): Logger;
  flush(): void;
}

/** Fields by these names are never shown, however they got here; also one level down. */
const SECRET_FIELDS = [
  "authorization",
  "cookie",
  "token",
  "credential",
  "apiKey",
  "api_key",
  "password",
  "secret",
  "pepper",
  "body",
  "query",
] as const;

/** File descriptor 1 is stdout, 2 is stderr. Lines are handed over at once and never block. */
export function standardDestination(fd: 1 | 2): LogDestination {
  return openDestination({ fd, sync: false, minLength: 0 });
}

export function createLog(options: LogOptions): Log {
  const { clock, destination } = options;
  const root = pino(
    {
      level: options.level,
      base: null,
      messageKey: "msg",
      timestamp: () => `,"time":"${new Date(clock.unixMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]),
        censor: "[redacted]",
      },
    },
    destination,
  );
  return {
    component: (name) => {
      const child = root.child({ component: name });
      return {
        error: (message, fields?: LogFields) => child.error(fields ?? {}, message),
        warn: (message, fields?: LogFields) => child.warn(fields ?? {}, message),
        info: (message, fields?: LogFields) => child.info(fields ?? {}, message),
        debug: (message, fields?: LogFields) => child.debug(fields ?? {}, message),
        isDebug: child.isLevelEnabled("debug"),
      };
    },
    flush: () => destination.flushSync?.(),
  };
}
