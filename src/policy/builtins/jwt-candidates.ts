/**
 * Which of a policy's keys a token is verified with.
 *
 * @module
 */
import type { VerificationKey } from "./jwk.ts";

/** The key that the token names, if there is one; otherwise all that do not belong to another algorithm. */
export function candidates(
  keys: readonly VerificationKey[],
  kid: string,
  alg: string,
): readonly VerificationKey[] {
  const named = kid === "" ? undefined : keys.find((key) => key.kid === kid);
  return named === undefined ? keys.filter((key) => key.alg === "" || key.alg === alg) : [named];
}
