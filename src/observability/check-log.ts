/**
 * What the log says of Checks: one line each at level debug, and defects, which nobody expected, at
 * most one each ten seconds with the number of those left out. The audit record is no log line; this
 * holds less.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { LogFields, Logger } from "../domain/logger.ts";
import type { CheckRecord } from "../domain/record.ts";

const DEFECT_INTERVAL_MS = 10_000;

export interface CheckLogOptions {
  readonly logger: Logger;
  readonly clock: Pick<Clock, "monotonicMs">;
}

export class CheckLog {
  readonly #logger: Logger;
  readonly #clock: Pick<Clock, "monotonicMs">;
  #quietUntilMonotonicMs = Number.NEGATIVE_INFINITY;
  #leftOut = 0;

  constructor(options: CheckLogOptions) {
    this.#logger = options.logger;
    this.#clock = options.clock;
  }

  observe(record: CheckRecord): void {
    if (record.defect !== undefined) this.defect(record.defect, { decision_id: record.auditId });
    if (this.#logger.isDebug) this.#logger.debug("check answered", fieldsOf(record));
  }

  /** Also for a defect that left no record. */
  defect(thrown: unknown, fields: LogFields = {}): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#quietUntilMonotonicMs) {
      this.#leftOut++;
      return;
    }
    this.#logger.warn("a defect made a check fail", {
      ...fields,
      left_out: this.#leftOut,
      err: thrown,
    });
    this.#quietUntilMonotonicMs = nowMs + DEFECT_INTERVAL_MS;
    this.#leftOut = 0;
  }
}

function fieldsOf(record: CheckRecord): LogFields {
  return {
    decision_id: record.auditId,
    decision: record.effect,
    reason: record.reason,
    source: record.source,
    route: record.route?.name,
    latency_ms: Math.round(record.durationMs * 1_000) / 1_000,
  };
}
