/**
 * What became of an issuer's key sets: counted for metrics and told in the log. A key that must not exist
 * in public is an alarm, whatever else the set holds.
 *
 * @module
 */
import { HttpFailure, type HttpFault } from "../domain/http-failure.ts";
import type { Logger } from "../domain/logger.ts";
import {
  ALARMING_RULES,
  type KeyRule,
  type KeySet,
  KeySetError,
  type KeySetFault,
} from "./key-admission.ts";

export type RefreshResult = "ok" | "read" | HttpFault | KeySetFault;

export interface KeyCounts {
  readonly refreshes: ReadonlyMap<RefreshResult, number>;
  readonly rejected: ReadonlyMap<KeyRule, number>;
}

export class KeyReport implements KeyCounts {
  readonly refreshes = new Map<RefreshResult, number>();
  readonly rejected = new Map<KeyRule, number>();
  readonly #issuer: string;
  readonly #log: Logger;

  constructor(issuer: string, log: Logger) {
    this.#issuer = issuer;
    this.#log = log;
  }

  loaded(set: KeySet): void {
    count(this.refreshes, "ok");
    this.#dropped(set.dropped);
  }

  failed(error: unknown): void {
    count(this.refreshes, resultOf(error));
    if (error instanceof KeySetError) this.#dropped(error.dropped);
  }

  #dropped(rules: readonly KeyRule[]): void {
    if (rules.length === 0) return;
    for (const rule of rules) count(this.rejected, rule);
    const fields = { issuer: this.#issuer, rules: [...new Set(rules)] };
    if (rules.some((rule) => ALARMING_RULES.has(rule))) {
      this.#log.error("the key set holds keys that must be withdrawn at their source", fields);
    } else {
      this.#log.warn("keys dropped", fields);
    }
  }
}

function resultOf(error: unknown): RefreshResult {
  if (error instanceof KeySetError || error instanceof HttpFailure) return error.fault;
  return "read";
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
