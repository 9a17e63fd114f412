/** Child processes that can not outlive their parent: each in a group of its own, ended as a group. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Child {
  readonly pid: number;
  /** Exit code, or the signal's name; resolves once the process is gone. */
  readonly exited: Promise<number | string>;
  readonly isRunning: boolean;
  /** The last lines of both streams, for error messages. */
  tail(): string;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM to the group, SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly onStdout?: (line: string) => void;
  readonly onStderr?: (line: string) => void;
}

const TAIL_LINES_MAX = 60;
const GRACE_MS = 5_000;

const running = new Set<ChildProcess>();
let watchesExit = false;

export function startChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Child {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  endWithParent(child);
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > TAIL_LINES_MAX) lines.shift();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    keep(line);
    options.onStdout?.(line);
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    keep(line);
    options.onStderr?.(line);
  });
  let isRunning = true;
  const exited = new Promise<number | string>((resolve) => {
    const gone = (code: number | string) => {
      isRunning = false;
      running.delete(child);
      resolve(code);
    };
    child.once("error", (error) => {
      keep(error.message);
      gone(127);
    });
    child.once("exit", (code, signal) => gone(code ?? signal ?? 1));
  });

  return {
    pid: child.pid ?? 0,
    exited,
    get isRunning() {
      return isRunning;
    },
    tail: () => lines.join("\n"),
    signal: (signal) => signalGroup(child, signal),
    stop: async (graceMs = GRACE_MS) => {
      if (isRunning) signalGroup(child, "SIGTERM");
      const killer = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
      await exited;
      clearTimeout(killer);
      signalGroup(child, "SIGKILL"); // whatever the leader left behind
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function endWithParent(child: ChildProcess): void {
  running.add(child);
  if (watchesExit) return;
  watchesExit = true;
  process.once("exit", () => {
    for (const left of running) signalGroup(left, "SIGKILL");
  });
}
