/**
 * Logging as the parts see it, bound to one component. The real one is in `src/observability`.
 *
 * @module
 */

/** Values of our own making. Strings from outside and credentials do not belong here. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * `message` is a constant text, what varies goes into the fields. A thrown value goes in as `err` and
 * is reduced to type, code and place, because messages of others may quote what a caller sent.
 */
export interface Logger {
  /** Somebody must act. */
  error(message: string, fields?: LogFields): void;
  /** Degraded or insecure. */
  warn(message: string, fields?: LogFields): void;
  /** A change of state: started, ready, swapped, draining. */
  info(message: string, fields?: LogFields): void;
  /** Per Check. Ask `isDebug` before building fields. */
  debug(message: string, fields?: LogFields): void;
  readonly isDebug: boolean;
}
