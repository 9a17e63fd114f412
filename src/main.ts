/**
 * The process: arguments, environment, signals and exit code. No other file touches `process`.
 *
 * @module
 */
import type { Terminal } from "./cli/terminal.ts";

/** Fixes in HTTP/2 and TLS that the listeners count on. */
const NODE_MIN = [24, 14, 1] as const;
const EXIT_NEGATIVE = 1;
const EXIT_CONFIG = 78;

function isOlder(version: string): boolean {
  const parts = version.split(".").map(Number);
  const at = NODE_MIN.findIndex((least, index) => parts[index] !== least);
  return at >= 0 && (parts[at] ?? 0) < (NODE_MIN[at] ?? 0);
}

/** Nothing here makes code from strings but the policy compiler, which does not need it allowed. */
const NO_CODE_FROM_STRINGS = "--disallow-code-generation-from-strings";

function isHardened(): boolean {
  const options = process.env["NODE_OPTIONS"] ?? "";
  return [...process.execArgv, ...options.split(" ")].includes(NO_CODE_FROM_STRINGS);
}

const tell = (line: string) => void process.stderr.write(`${line}\n`);

/** Set while there is something to stop in good order; without it the process just ends. */
let stop: (() => void) | undefined;
let hasDefect = false;

function askToStop(): void {
  if (stop === undefined) process.exit(EXIT_NEGATIVE);
  const first = stop;
  stop = undefined;
  first();
}

/** Only kind and place: a message may quote what a caller sent. */
function tellDefect(thrown: unknown): void {
  const place = thrown instanceof Error ? (thrown.stack?.match(/\n {4}at [^\n]+/g) ?? []) : [];
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  tell(`defect: uncaught ${kind}${place.join("")}\nstopping`);
}

if (isOlder(process.versions.node)) {
  const wanted = NODE_MIN.join(".");
  tell(
    `Node ${process.versions.node} is too old: install ${wanted} or later, or start with "npm start"`,
  );
  process.exit(EXIT_CONFIG);
}
if (process.argv[2] === "serve" && !isHardened()) {
  tell(`warning: started without ${NO_CODE_FROM_STRINGS}; "npm start" sets it`);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, askToStop);
// Unhandled rejections arrive here too.
process.on("uncaughtException", (thrown) => {
  hasDefect = true;
  tellDefect(thrown);
  askToStop();
});

const terminal: Terminal = {
  args: process.argv.slice(2),
  env: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  tell,
  onStop: (listener) => {
    stop = listener;
  },
};
const { runCommandLine } = await import("./cli/command-line.ts");
const code = await runCommandLine(terminal);
process.exit(hasDefect ? EXIT_NEGATIVE : code);
