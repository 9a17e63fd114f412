/**
 * What every engine gives: one immutable policy that can be asked.
 *
 * @module
 */
export const ENGINES = ["plan", "wasm", "both"] as const;
export type EngineName = (typeof ENGINES)[number];

export interface Evaluated {
  /** `[]` = undefined, else `[{ result }]`. */
  readonly resultSet: unknown;
  readonly readTime: boolean;
}

export interface PolicyEngine {
  readonly revision: string;
  /** Whose answer is given. */
  readonly answeredBy: "plan" | "wasm";
  readonly entrypoints: readonly string[];
  /** How often its answers were compared with another engine's, by result; absent where none are. */
  readonly comparisons?: Readonly<Record<string, number>>;
  /** @throws {PolicyFailure} for whatever keeps it from an answer. */
  evaluate(entrypoint: string, input: object, timeNs: number): Evaluated;
}
