/** What key sources take from outside, scripted: a log that remembers, a file in memory, an https server. */
import type { LogFields, Logger } from "../../src/domain/logger.ts";
import type { Files, HttpClient, HttpGet, HttpReply } from "../../src/domain/surroundings.ts";

export function memoryLog() {
  const lines: string[] = [];
  const add = (level: string) => (message: string, fields?: LogFields) => {
    const err = fields?.["err"] instanceof Error ? fields["err"].message : undefined;
    lines.push(`${level} ${message} ${JSON.stringify({ ...fields, err })}`);
  };
  const log: Logger = {
    error: add("error"),
    warn: add("warn"),
    info: add("info"),
    debug: add("debug"),
    isDebug: false,
  };
  return { log, lines };
}

/** Several files; `write` tells the watchers of that path. */
export function memoryFiles(initial: Readonly<Record<string, string>> = {}) {
  const contents = new Map(Object.entries(initial));
  const watchers = new Map<string, Set<() => void>>();
  /** Reads that wait until the test lets them go on. */
  let gate: Promise<void> | undefined;
  let reads = 0;
  const write = (path: string, text: string | undefined) => {
    if (text === undefined) contents.delete(path);
    else contents.set(path, text);
    for (const changed of [...(watchers.get(path) ?? [])]) changed();
  };
  const files: Files = {
    read: async (path, bytesMax) => {
      reads++;
      const text = contents.get(path);
      await gate;
      if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      if (text.length > bytesMax) throw new Error("too large");
      return Buffer.from(text);
    },
    watch: (path, changed) => {
      const set = watchers.get(path) ?? new Set();
      watchers.set(path, set.add(changed));
      return () => set.delete(changed);
    },
    replace: async (path, bytes) => write(path, Buffer.from(bytes).toString()),
  };
  return {
    files,
    write,
    content: (path: string) => contents.get(path),
    /** Holds back all reads until the result is called. */
    holdReads: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        gate = undefined;
        resolve();
      };
    },
    watched: (path: string) => watchers.get(path)?.size ?? 0,
    get reads() {
      return reads;
    },
  };
}

export type Answer = HttpReply | Error;

export function jsonAnswer(document: unknown, type = "application/jwk-set+json"): HttpReply {
  return {
    status: 200,
    headers: new Map([["content-type", type]]),
    body: Buffer.from(JSON.stringify(document)),
  };
}

/** Gives `answer` to every call until it is replaced. */
export function scriptedHttp(answer: Answer) {
  const calls: HttpGet[] = [];
  const script = { answer };
  const http: HttpClient = {
    get: async (call) => {
      calls.push(call);
      if (script.answer instanceof Error) throw script.answer;
      return script.answer;
    },
  };
  return { http, calls, script };
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
