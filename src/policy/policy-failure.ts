/**
 * The engine could not answer. A conflict is the policy's own fault and refuses; the other kinds are
 * failures of the service.
 *
 * @module
 */
export type PolicyFailureKind = "conflict" | "input" | "memory" | "builtin" | "budget" | "trap";

export class PolicyFailure extends Error {
  override readonly name = "PolicyFailure";
  readonly kind: PolicyFailureKind;

  constructor(kind: PolicyFailureKind, message: string, options?: { readonly cause?: unknown }) {
    super(`${kind}: ${message}`, options);
    this.kind = kind;
  }
}
