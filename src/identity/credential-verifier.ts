/**
 * One door for every kind of credential: signed tokens go to their verifier, API keys to their set.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { VerifiedCredential } from "../domain/principal.ts";
import type { Credential } from "../domain/request.ts";
import type { TokenVerifier } from "./token-verifier.ts";

export class CredentialVerifier {
  readonly #tokens: TokenVerifier;

  constructor(tokens: TokenVerifier) {
    this.#tokens = tokens;
  }

  /** @throws {DenyError} when it can never become good */
  known(credential: Credential): VerifiedCredential | undefined {
    if (credential.kind === "bearer") return this.#tokens.known(credential.token);
    throw new DenyError("identity.api_key_unknown", "no API key is known");
  }

  verify(credential: Credential, deadlineMonotonicMs: number): Promise<VerifiedCredential> {
    if (credential.kind === "bearer") {
      return this.#tokens.verify(credential.token, deadlineMonotonicMs);
    }
    return Promise.reject(new DenyError("identity.api_key_unknown", "no API key is known"));
  }
}
