/**
 * The process as the commands see it; `main.ts` holds the real one.
 *
 * @module
 */
export interface Terminal {
  /** Without the names of runtime and script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly print: (line: string) => void;
  /** Messages for people. */
  readonly tell: (line: string) => void;
  /** `stop` is called once, when the process is asked to end; asked again it ends at once. */
  readonly onStop: (stop: () => void) => void;
}
