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
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((line: string) => void)[] = [];

  private constructor(path: string) {
    this.#child = spawn(path, [], { stdio: "pipe" });
    createInterface({ input: this.#child.stdout }).on("line", (line) =>
      this.#waiting.shift()?.(line),
    );
    this.#child.stderr.pipe(process.stderr);
  }

  static async open(): Promise<OpaOracle> {
    return new OpaOracle((await ensure(["opa-oracle"]))["opa-oracle"]);
  }

  async ask(question: OracleQuestion): Promise<OracleAnswer> {
    const { modules, entrypoints, plan, timeNs, strict } = question;
    const rest = JSON.stringify({ modules, entrypoints, plan, time_ns: timeNs, strict });
    const data = `"data":${question.dataText ?? "{}"}`;
    const inputs =
      question.inputTexts === undefined ? "" : `,"inputs":[${question.inputTexts.join(",")}]`;
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`{${data}${inputs},${rest.slice(1)}\n`.replaceAll(/\n(?=.)/g, " "));
    });
    return JSON.parse(line) as OracleAnswer;
  }

  close(): void {
    this.#child.stdin.end();
  }
}
