/**
 * One door for every kind of credential: signed tokens go to their verifier, API keys to their set.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { VerifiedCredential } from "../domain/principal.ts";
import type { ApiKeyCredential, Credential } from "../domain/request.ts";
import { type ApiKeySet, unknownKey } from "./api-key-set.ts";
import type { TokenVerifier } from "./token-verifier.ts";

export interface CredentialVerifierOptions {
  readonly tokens: TokenVerifier;
  /** The present set; undefined where none is configured: every key is unknown then. */
  readonly apiKeys: { readonly current: ApiKeySet } | undefined;
  readonly clock: Pick<Clock, "unixMs">;
}

export class CredentialVerifier {
  readonly #options: CredentialVerifierOptions;

  constructor(options: CredentialVerifierOptions) {
    this.#options = options;
  }

  /**
   * An API key is always known here or not at all: it needs no I/O.
   *
   * @throws {DenyError} when it can never become good
   */
  known(credential: Credential): VerifiedCredential | undefined {
    if (credential.kind === "bearer") return this.#options.tokens.known(credential.token);
    return this.#find(credential);
  }

  async verify(credential: Credential, deadlineMonotonicMs: number): Promise<VerifiedCredential> {
    if (credential.kind === "bearer") {
      return this.#options.tokens.verify(credential.token, deadlineMonotonicMs);
    }
    return this.#find(credential);
  }

  #find({ key }: ApiKeyCredential): VerifiedCredential {
    const { apiKeys, clock } = this.#options;
    if (apiKeys === undefined) throw unknownKey();
    return apiKeys.current.find(key, clock.unixMs());
  }
}
