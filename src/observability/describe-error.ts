/**
 * What a log may say of a thrown value: kind, code and place. Messages are left out, because those of
 * libraries quote what they were given, and that can be a token or a body.
 *
 * @module
 */
import type { LogFields } from "../domain/logger.ts";

const FRAMES_MAX = 6;
const CODE = /^[\w.-]{1,64}$/;

export function describeError(thrown: unknown): LogFields {
  if (!(thrown instanceof Error)) return { type: typeof thrown };
  return {
    type: thrown.name,
    code: codeOf(thrown),
    cause: thrown.cause === undefined ? undefined : causeOf(thrown.cause),
    at: frames(thrown),
  };
}

/** Codes are constants of whoever throws; anything else that sits there is not repeated. */
function codeOf(error: Error): string | undefined {
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
  return [code, reason].find(
    (value): value is string => typeof value === "string" && CODE.test(value),
  );
}

function causeOf(cause: unknown): string {
  return cause instanceof Error ? (codeOf(cause) ?? cause.name) : typeof cause;
}

/** Functions and files only; a message of several lines must not slip in as a frame. */
function frames(error: Error): readonly string[] {
  const lines = String(error.stack ?? "").split("\n");
  return lines
    .filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line))
    .slice(0, FRAMES_MAX)
    .map((line) => line.trim());
}
