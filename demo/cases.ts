/**
 * Runs the demo's requests in order, compares each answer with the expected one, and kills the
 * sidecar on the way.
 *
 * @module
 */
import { type HttpAnswer, httpCall } from "../test/support/http-call.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import {
  ALLOWED_CALL,
  auditIdOf,
  type DemoRequest,
  OUTAGE_REQUESTS,
  REQUESTS,
  reasonOf,
} from "./requests.ts";
import type { Stack } from "./stack.ts";

export interface CaseResult {
  readonly title: string;
  readonly status: string;
  readonly reason: string;
  /** From the client's side, through Envoy and upstream. */
  readonly totalMs: number | undefined;
  /** Inside the sidecar, from its audit record. */
  readonly checkMs: number | undefined;
  /** Empty when everything was as expected. */
  readonly problems: readonly string[];
}

const REPEATS = 30;

/** `seen` is called with each result as soon as it is known. */
export async function runCases(stack: Stack, seen: (result: CaseResult) => void): Promise<string> {
  seen(await runCase(stack, ALLOWED_CALL));
  seen(await runRepeats(stack));
  for (const request of REQUESTS) seen(await runCase(stack, request));
  const metrics = await stack.sidecar.metrics();

  await stack.sidecar.kill();
  for (const request of OUTAGE_REQUESTS) seen(await runCase(stack, request));
  seen(await runRecovery(stack));
  return metrics;
}

function send(stack: Stack, request: DemoRequest): Promise<HttpAnswer> {
  const headers: (readonly [string, string])[] = [...(request.headers ?? [])];
  if (request.token !== undefined) {
    headers.push(["authorization", `Bearer ${stack.tokens[request.token]}`]);
  }
  if (request.body !== undefined) headers.push(["content-type", "application/json"]);
  return httpCall({
    port: stack.envoy.gatewayPort,
    path: request.path,
    headers,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
}

async function runCase(stack: Stack, request: DemoRequest): Promise<CaseResult> {
  const callsBefore = await stack.coldPathCalls();
  const answer = await send(stack, request);
  const calls = (await stack.coldPathCalls()) - callsBefore;
  const reason = reasonOf(answer);
  const auditId = auditIdOf(answer);
  const record = auditId === undefined ? undefined : await stack.sidecar.auditLine(auditId);

  const problems: string[] = [];
  if (answer.status !== request.status) problems.push(`expected HTTP ${request.status}`);
  if (!reason.includes(request.reason)) problems.push(`expected "${request.reason}"`);
  if (calls !== (request.reachesPython === true ? 1 : 0)) {
    problems.push(`the cold path was called ${calls} times`);
  }
  return {
    title: request.title,
    status: String(answer.status),
    reason,
    totalMs: answer.durationMs,
    checkMs: record?.latency_ms,
    problems,
  };
}

/** The same call again and again: every answer comes from the decision cache. */
async function runRepeats(stack: Stack): Promise<CaseResult> {
  const totals: number[] = [];
  const checks: number[] = [];
  const problems = new Set<string>();
  const auditIds = new Set<string>();
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const answer = await send(stack, ALLOWED_CALL);
    const auditId = auditIdOf(answer) ?? "";
    if (answer.status !== 200) problems.add(`unexpected HTTP ${answer.status}`);
    if (auditIds.has(auditId)) problems.add("two answers share an audit id");
    auditIds.add(auditId);
    const record = await stack.sidecar.auditLine(auditId);
    if (!record.cache_hit) problems.add("not answered from the cache");
    totals.push(answer.durationMs);
    checks.push(record.latency_ms);
  }
  return {
    title: "the same call, from the cache",
    status: "200",
    reason: `median of ${REPEATS}, each with its own audit record`,
    totalMs: median(totals),
    checkMs: median(checks),
    problems: [...problems],
  };
}

/** From the start of the process to the first allowed call through Envoy. */
async function runRecovery(stack: Stack): Promise<CaseResult> {
  const startedMs = performance.now();
  const restarted = stack.sidecar.restart();
  const answer = await waitUntil("the sidecar to be asked again", async () => {
    const attempt = await send(stack, ALLOWED_CALL);
    return attempt.status === 503 ? undefined : attempt;
  });
  const totalMs = performance.now() - startedMs;
  await restarted;
  const reason = reasonOf(answer);
  const problems: string[] = [];
  if (answer.status !== ALLOWED_CALL.status) problems.push(`expected HTTP ${ALLOWED_CALL.status}`);
  if (!reason.includes(ALLOWED_CALL.reason)) problems.push(`expected "${ALLOWED_CALL.reason}"`);
  return {
    title: "sidecar back: strict route",
    status: String(answer.status),
    reason: `${reason}, time since its start`,
    totalMs,
    checkMs: undefined,
    problems,
  };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
