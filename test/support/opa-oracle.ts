/**
 * What OPA itself answers: one `opa-oracle` process (tools/opa-oracle), many questions. Close it at the
 * end of the file that opened it.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ensure } from "../../tools/ensure.ts";

export interface OracleQuestion {
  /** File name → Rego v1 source. */
  readonly modules: Readonly<Record<string, string>>;
  /** JSON text, so that numbers stay as they are written. */
  readonly dataText?: string;
  /** `a/b` for `data.a.b`. */
  readonly entrypoints: readonly string[];
  /** JSON texts; none: every entrypoint is evaluated once, without an input document. */
  readonly inputTexts?: readonly string[];
  /** Asks for the plan of all entrypoints as well. */
  readonly plan?: boolean;
  readonly timeNs?: number;
  readonly strict?: boolean;
  /** Evaluates also the bodies that OPA's index passes over, and looks on after the first result. */
  readonly thorough?: boolean;
}

export interface OracleResult {
  /** As a caller of OPA is given it: sets are sorted arrays. */
  readonly json?: unknown;
  /** As a Rego term: tells sets from arrays and keeps every number as OPA writes it. */
  readonly text?: string;
  readonly undefined?: true;
  /** OPA's code, such as `eval_conflict_error`. */
  readonly error?: string;
  readonly message?: string;
}

export interface OracleAnswer {
  readonly plan?: unknown;
  /** By entrypoint, in the order of the inputs. */
  readonly results: Readonly<Record<string, readonly OracleResult[]>>;
  /** The question could not be compiled. */
  readonly error?: string;
  readonly message?: string;
}

export class OpaOracle {
  readonly #path: string;
  #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { readonly line: string; readonly resolve: (answer: string) => void }[] = [];

  private constructor(path: string) {
    this.#path = path;
    this.#child = this.#start();
  }

  static async open(): Promise<OpaOracle> {
    return new OpaOracle((await ensure(["opa-oracle"]))["opa-oracle"]);
  }

  /** It ends by itself after a question that takes too long; what is left is asked again. */
  #start(): ChildProcessWithoutNullStreams {
    const child = spawn(this.#path, [], { stdio: "pipe" });
    createInterface({ input: child.stdout }).on("line", (line) =>
      this.#waiting.shift()?.resolve(line),
    );
    child.stderr.pipe(process.stderr);
    child.stdin.on("error", () => undefined);
    child.on("close", () => {
      if (this.#waiting.length === 0) return;
      this.#child = this.#start();
      for (const { line } of this.#waiting) this.#child.stdin.write(line);
    });
    return child;
  }

  async ask(question: OracleQuestion): Promise<OracleAnswer> {
    const { modules, entrypoints, plan, timeNs, strict, thorough } = question;
    const rest = JSON.stringify({ modules, entrypoints, plan, time_ns: timeNs, strict, thorough });
    const data = `"data":${question.dataText ?? "{}"}`;
    const inputs =
      question.inputTexts === undefined ? "" : `,"inputs":[${question.inputTexts.join(",")}]`;
    const line = `{${data}${inputs},${rest.slice(1)}`.replaceAll("\n", " ");
    const answer = await new Promise<string>((resolve) => {
      this.#waiting.push({ line: `${line}\n`, resolve });
      if (this.#child.exitCode !== null) this.#child = this.#start();
      this.#child.stdin.write(`${line}\n`);
    });
    return JSON.parse(answer) as OracleAnswer;
  }

  close(): void {
    this.#child.stdin.end();
  }
}
