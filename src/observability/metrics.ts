/**
 * The metrics of the service: counts Checks, reads the other parts when asked, writes Prometheus text.
 * Owns prom-client, which formats and adds the process's own metrics.
 *
 * prom-client finds the series of an update by hashing its labels, which costs more than all counting
 * here. So its metrics are given finished samples and never updated. Its global registry is not used.
 *
 * @module
 */
import { collectDefaultMetrics, type Metric, Registry } from "prom-client";
import type { CheckRecord } from "../domain/record.ts";
import { CheckCounters } from "./check-counters.ts";
import { type Collectors, collectors } from "./collectors.ts";
import { METRICS, type MetricName } from "./metric-table.ts";
import type { Readings, ServiceFacts } from "./readings.ts";

export interface MetricsOptions {
  readonly readings: Readings;
  readonly facts: ServiceFacts;
  /** Memory, CPU time and event loop of this process; off in simulated time. */
  readonly withProcess: boolean;
}

export class Metrics {
  readonly #checks: CheckCounters;
  readonly #registry = new Registry();

  constructor(options: MetricsOptions) {
    const { readings, facts } = options;
    this.#checks = new CheckCounters(readings.registry);
    const table = collectors({ checks: this.#checks, readings, facts });
    for (const name of Object.keys(METRICS) as MetricName[]) {
      this.#registry.registerMetric(finished(name, table));
    }
    if (options.withProcess) collectDefaultMetrics({ register: this.#registry });
  }

  observe(record: CheckRecord): void {
    this.#checks.observe(record);
  }

  /** A defect that no record tells of. */
  countDefect(): void {
    this.#checks.defects++;
  }

  /** For the header `content-type`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  exposition(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** What the registry asks of a metric: name, help, type and the samples of now. */
function finished(name: MetricName, table: Collectors): Metric {
  const { help, type } = METRICS[name];
  const get = async () => ({ name, help, type, values: table[name](), aggregator: "sum" });
  return { name, get } as unknown as Metric;
}
