/**
 * `npm run demo`: a real Envoy asks the sidecar before it forwards anything, and you watch. Stays until
 * Ctrl-C; with `--once` it ends after the table, 0 when every answer was the expected one and 1 if not.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ensure } from "../tools/ensure.ts";
import { type CaseResult, runCases } from "./cases.ts";
import { Cleanup } from "./cleanup.ts";
import { ALLOWED_CALL, curlLine, OUTAGE_REQUESTS, REQUESTS } from "./requests.ts";
import { type Stack, startStack } from "./stack.ts";
import { TABLE_HEAD, tableRow } from "./table.ts";

const RESTART_DELAY_MS = 10_000;
/** Samples worth a look that are not 0. */
const METRIC_LINES =
  /^(sark_authz_(checks|refusals|errors|cache_(hits|misses)|audit_written)_total|sark_authz_check_duration_seconds_(sum|count)).* (?!0$)/;

const { values: flags } = parseArgs({
  options: { once: { type: "boolean" }, port: { type: "string" } },
});

const cleanup = new Cleanup();
const interrupted = new Promise<"interrupted">((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => resolve("interrupted"));
  }
});

let exitCode = 1;
try {
  const outcome = await Promise.race([show(), interrupted]);
  if (outcome !== "interrupted") exitCode = outcome;
  if (outcome === 0 && flags.once !== true) await interrupted;
  if (flags.once !== true) console.log("\nEnding everything that was started.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  await cleanup.run();
}
process.exit(exitCode);

/** The whole show; resolves with the exit code. */
async function show(): Promise<number> {
  const startedMs = performance.now();
  console.log("Providing Envoy and Python, starting cold path, upstream, sidecar and Envoy …");
  const stack = await startStack(
    await ensure(["envoy", "python"]),
    Number(flags.port ?? 0),
    cleanup,
  );
  console.log(`Up after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s.\n`);

  const results: CaseResult[] = [];
  console.log(TABLE_HEAD);
  const metrics = await runCases(stack, (result) => {
    results.push(result);
    console.log(tableRow(result));
  });
  showMetrics(metrics);
  const unexpected = results.filter((result) => result.problems.length > 0).length;
  console.log(`\n${results.length - unexpected} as expected, ${unexpected} unexpected`);
  if (flags.once !== true) {
    showAddresses(stack);
    keepSidecar(stack).catch((error: unknown) => console.error(error));
  }
  return unexpected === 0 ? 0 : 1;
}

function showMetrics(text: string): void {
  const lines = text.split("\n").filter((line) => METRIC_LINES.test(line));
  console.log("\nFrom the sidecar's /metrics, before it was killed:");
  for (const line of lines) console.log(`  ${line}`);
}

function showAddresses(stack: Stack): void {
  const at = (port: number, path = "") => `http://127.0.0.1:${port}${path}`;
  console.log(`
Envoy          ${at(stack.envoy.gatewayPort)}   its admin: ${at(stack.envoy.adminPort)}
sidecar        ${at(stack.metricsPort, "/metrics")}   /readyz   /livez
cold path      ${at(stack.pythonPort)}
upstream       ${at(stack.upstreamPort, "/mcp/demo")}
configuration  ${stack.folder}

Try it yourself:`);
  for (const request of [ALLOWED_CALL, ...REQUESTS]) {
    console.log(`\n# ${request.title}\n${curlLine(request, stack)}`);
  }
  console.log(`\n# an outage: the sidecar comes back after ${RESTART_DELAY_MS / 1_000} s`);
  console.log(`kill -9 ${stack.sidecar.pid}`);
  for (const request of OUTAGE_REQUESTS) console.log(curlLine(request, stack));
  console.log("\nCtrl-C ends everything.");
}

/** Starts the sidecar again when somebody tried the outage by hand. */
async function keepSidecar(stack: Stack): Promise<void> {
  for (;;) {
    await stack.sidecar.exited;
    await delay(RESTART_DELAY_MS, undefined, { ref: false });
    await stack.sidecar.restart();
    console.log(`The sidecar is back: kill -9 ${stack.sidecar.pid}`);
  }
}
