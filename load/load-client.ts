/**
 * The load process: `node load/load-client.ts <job.json>` runs one job and prints its figures as one
 * line of JSON. A process of its own, so that its CPU never counts as the server's.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { runConnection } from "./load-connection.ts";

export interface LoadJob {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** In flight on each connection. */
  readonly streams: number;
  readonly checks: number;
  /** CheckRequest without gRPC prefix. */
  readonly messageBase64: string;
  /** Offset of a decimal counter of fixed width that makes each message different; -1 = none. */
  readonly counterOffset: number;
  readonly counterDigits: number;
  readonly counterStart: number;
}

export interface LoadFigures {
  readonly checks: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly replyBytesMin: number;
  readonly replyBytesMax: number;
}

async function run(job: LoadJob): Promise<LoadFigures> {
  const message = Buffer.from(job.messageBase64, "base64");
  const latenciesMs = new Float64Array(job.checks);
  let started = 0;
  let answered = 0;
  let replyBytesMin = Number.POSITIVE_INFINITY;
  let replyBytesMax = 0;

  const next = () => {
    if (started >= job.checks) return undefined;
    const number = job.counterStart + started++;
    if (job.counterOffset < 0) return message;
    const own = Buffer.from(message);
    own.write(String(number).padStart(job.counterDigits, "0"), job.counterOffset, "latin1");
    return own;
  };
  const done = (latencyMs: number, replyBytes: number) => {
    latenciesMs[answered++] = latencyMs;
    replyBytesMin = Math.min(replyBytesMin, replyBytes);
    replyBytesMax = Math.max(replyBytesMax, replyBytes);
  };

  const startedMs = performance.now();
  const { host, port, streams } = job;
  const plan = { target: { host, port }, streams, next, done };
  await Promise.all(Array.from({ length: job.connections }, () => runConnection(plan)));
  const seconds = (performance.now() - startedMs) / 1_000;

  latenciesMs.sort();
  const at = (ratio: number) => latenciesMs[Math.floor((answered - 1) * ratio)] ?? Number.NaN;
  return {
    checks: answered,
    seconds,
    perSecond: answered / seconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    replyBytesMin,
    replyBytesMax,
  };
}

const job = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as LoadJob;
console.log(JSON.stringify(await run(job)));
