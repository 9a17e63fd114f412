/**
 * The order in which the service stops, as data: say so, wait until Envoy has noticed, finish what is
 * in flight, keep the records, let go. Each step has a bound; one that overruns or fails is reported
 * and the next one starts. Signals and exit codes are the process's own business.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";

export interface ShutdownTimes {
  /** Serving goes on this long after "not ready", so that Envoy's health check sees it. */
  readonly noticeMs: number;
  /** For Checks in flight. */
  readonly graceMs: number;
  /** For the records. */
  readonly flushMs: number;
}

export const SHUTDOWN_TIMES: ShutdownTimes = { noticeMs: 2_000, graceMs: 10_000, flushMs: 2_000 };
/** The drain cuts itself off at its grace; this is what it may need to do so. */
const SLACK_MS = 500;

export interface ShutdownParts {
  /** Takes a readiness latch that is never released. */
  readonly unready: () => void;
  readonly drain: (graceMs: number) => Promise<{ readonly isGraceful: boolean }>;
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ShutdownStep {
  readonly name: string;
  readonly boundMs: number;
  /** Rejects, or gives `isGraceful: false`, when something was lost. */
  readonly run: () => Promise<undefined | { readonly isGraceful: boolean }>;
}

export interface ShutdownReport {
  readonly isGraceful: boolean;
  /** One line for each step that was cut off, failed or lost something. */
  readonly problems: readonly string[];
}

export function shutdownSteps(
  parts: ShutdownParts,
  times: ShutdownTimes,
  clock: Clock,
): readonly ShutdownStep[] {
  const { noticeMs, graceMs, flushMs } = times;
  const step = (name: string, boundMs: number, run: ShutdownStep["run"]) => ({
    name,
    boundMs,
    run,
  });
  return [
    step("unready", SLACK_MS, async () => void parts.unready()),
    step("notice", noticeMs + SLACK_MS, async () => void (await clock.sleep(noticeMs))),
    step("drain", graceMs + SLACK_MS, () => parts.drain(graceMs)),
    step("flush", flushMs, async () => void (await parts.flush())),
    step("close", SLACK_MS, async () => void (await parts.close())),
  ];
}

/** Runs every step, whatever the ones before it did. Never rejects. */
export async function runShutdown(
  steps: readonly ShutdownStep[],
  clock: Clock,
): Promise<ShutdownReport> {
  const problems: string[] = [];
  for (const step of steps) {
    const problem = await runStep(step, clock);
    if (problem !== undefined) problems.push(`${step.name} ${problem}`);
  }
  return { isGraceful: problems.length === 0, problems };
}

async function runStep(step: ShutdownStep, clock: Clock): Promise<string | undefined> {
  const alarm = new AbortController();
  const overrun = clock
    .sleep(step.boundMs, alarm.signal)
    .then(() => `was cut off after ${step.boundMs} ms`);
  try {
    return await Promise.race([problemOf(step), overrun]);
  } finally {
    alarm.abort();
  }
}

async function problemOf(step: ShutdownStep): Promise<string | undefined> {
  try {
    const outcome = await step.run();
    return outcome?.isGraceful === false ? "could not finish everything" : undefined;
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
