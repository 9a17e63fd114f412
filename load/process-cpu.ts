/**
 * What the kernel says a process used: CPU time of all its threads and resident memory.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";

/** Nanoseconds on a CPU, summed over threads (first field of schedstat). */
export function cpuNs(pid: number): number {
  let total = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      const [onCpu] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ");
      total += Number(onCpu);
    } catch {
      // A thread may end between listing and reading; its time is lost for both sides alike.
    }
  }
  return total;
}

export function residentMiB(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) / 1_024;
}

/** One, five and fifteen minutes. */
export function loadAverages(): string {
  return readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
}
