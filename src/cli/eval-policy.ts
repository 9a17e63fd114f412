/**
 * `sark-authz policy eval`: asks the plan of a bundle one question as serving does, and tells why the answer
 * is what it is.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Json } from "../domain/json.ts";
import { fileSystem } from "../host/file-system.ts";
import { systemClock } from "../host/system-clock.ts";
import { parseAnnotations } from "../policy/annotations.ts";
import { type Bundle, readBundle, withData } from "../policy/bundle.ts";
import { DEFAULT_LIMITS } from "../policy/plan/values/budget.ts";
import { type Explained, PlanEngine } from "../policy/plan-engine.ts";
import { canonicalJson } from "../policy/policy-cases.ts";
import { PolicyFailure } from "../policy/policy-failure.ts";
import { readArchive } from "../policy/policy-store.ts";
import { type Account, accountOf } from "./account.ts";
import { accountLines } from "./account-text.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { revisionOf } from "./pack-bundle.ts";
import { type PolicyQuestion, QuestionError, readQuestion } from "./policy-question.ts";
import type { Terminal } from "./terminal.ts";

export interface EvalOptions {
  readonly bundle: string;
  /** Whose lines are quoted when the bundle was built from it. */
  readonly policies: string;
  readonly entrypoint?: string;
  readonly explain?: true;
  readonly json?: true;
}

const USER_ENTRYPOINT = "mcp/gateway/result";
const AGENT_ENTRYPOINT = "mcp/gateway/a2a/result";
const NS_PER_MS = 1_000_000;

/** @throws {ConfigError} for a bundle that can not be served */
export async function evalPolicy(
  file: string,
  options: EvalOptions,
  terminal: Pick<Terminal, "print" | "tell">,
): Promise<number> {
  try {
    const question = await readQuestion(fileSystem, resolve(file));
    const opened = await open(options, question);
    const entrypoint = entrypointOf(opened.engine, question, options);
    const explained = ask(opened.engine, entrypoint, question, file);
    const account = accountOf(explained.explanation, opened.sources);
    const told: Told = { file, question, entrypoint, options, explained, account, opened };
    if (options.json === true) terminal.print(JSON.stringify(forMachines(told)));
    else printForPeople(told, terminal);
    return exitCodeOf(told);
  } catch (thrown) {
    if (!(thrown instanceof QuestionError)) throw thrown;
    terminal.tell(thrown.message);
    return EXIT_CODE.usage;
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

interface Told {
  readonly file: string;
  readonly question: PolicyQuestion;
  readonly entrypoint: string;
  readonly options: EvalOptions;
  readonly explained: Explained;
  readonly account: Account;
  readonly opened: Opened;
}

async function open({ bundle: path, policies }: EvalOptions, { kase }: PolicyQuestion) {
  const archive = await readArchive(fileSystem, resolve(path));
  const bundle = readBundle(archive, { file: path, allowUnsigned: true, engine: "plan" });
  const asked: Bundle = kase?.data === undefined ? bundle : withData(bundle, kase.data);
  return {
    engine: PlanEngine.load(asked, path, DEFAULT_LIMITS),
    sources: {
      annotations: parseAnnotations(bundle.annotations ?? Buffer.from("[]")) ?? [],
      files: regoFiles(policies, bundle.revision),
    },
  };
}

/** The lines that positions speak of; none where the folder is not what the bundle was built from. */
function regoFiles(policies: string, revision: string): ReadonlyMap<string, string> {
  try {
    if (!revision.startsWith(`${revisionOf(policies)}-`)) return new Map();
    const names = readdirSync(join(policies, "src"), { recursive: true, encoding: "utf8" });
    const rego = names.filter((name) => name.endsWith(".rego"));
    const textOf = (name: string) => readFileSync(join(policies, "src", name), "utf8");
    return new Map(rego.map((name) => [`src/${name}`, textOf(name)]));
  } catch {
    return new Map();
  }
}

/** @throws {QuestionError} naming what there is. */
function entrypointOf(
  { entrypoints }: PlanEngine,
  { input, kase }: PolicyQuestion,
  { entrypoint, bundle }: EvalOptions,
): string {
  const usual = Object.hasOwn(input, "target_agent") ? AGENT_ENTRYPOINT : USER_ENTRYPOINT;
  const wanted = entrypoint ?? kase?.entrypoint ?? (entrypoints.length > 1 ? usual : undefined);
  const found = wanted ?? entrypoints[0];
  if (found !== undefined && entrypoints.includes(found)) return found;
  throw new QuestionError(
    `${bundle}: no entrypoint ${found ?? "at all"}; ` +
      `name one of ${entrypoints.join(", ") || "another bundle"} with --entrypoint`,
  );
}

function ask(
  engine: PlanEngine,
  entrypoint: string,
  question: PolicyQuestion,
  file: string,
): Explained {
  try {
    return engine.explain(entrypoint, question.input, timeNsOf(question));
  } catch (thrown) {
    if (!(thrown instanceof PolicyFailure)) throw thrown;
    throw new QuestionError(
      `${file}: ${thrown.message}; the sidecar never asks with such an input`,
    );
  }
}

/** Serving puts its time there; cases are asked at the epoch. */
function timeNsOf({ input, kase }: PolicyQuestion): number {
  if (kase !== undefined) return 0;
  const { context } = input as { readonly context?: { readonly timestamp?: unknown } | null };
  const timestamp = typeof context === "object" ? context?.timestamp : undefined;
  return typeof timestamp === "number" ? timestamp : systemClock.unixMs() * NS_PER_MS;
}

function answerOf({ outcome }: Explained): unknown {
  if (outcome instanceof PolicyFailure) return undefined;
  return (outcome.resultSet as readonly { readonly result: unknown }[])[0]?.result;
}

function isExpected({ question: { kase }, explained }: Told): boolean {
  return kase === undefined || canonicalJson(answerOf(explained)) === canonicalJson(kase.expected);
}

function exitCodeOf(told: Told): number {
  const isAnswered = !(told.explained.outcome instanceof PolicyFailure) && isExpected(told);
  return isAnswered ? EXIT_CODE.success : EXIT_CODE.negative;
}

function forMachines(told: Told) {
  const { entrypoint, options, explained, account, opened } = told;
  const { outcome, stoppedIn } = explained;
  const answer = answerOf(explained) as Json | undefined;
  return {
    entrypoint,
    bundle: options.bundle,
    revision: opened.engine.revision,
    ...(outcome instanceof PolicyFailure
      ? { failure: outcome.message }
      : { answer, readTime: outcome.readTime, steps: outcome.steps }),
    stepsMax: DEFAULT_LIMITS.stepsMax,
    ...(told.question.kase === undefined ? {} : { isExpected: isExpected(told) }),
    ...(options.explain === true ? { ...account, ...(stoppedIn && { stoppedIn }) } : {}),
  };
}

function printForPeople(told: Told, { print, tell }: Pick<Terminal, "print" | "tell">): void {
  const { file, entrypoint, options, explained, account, opened } = told;
  const { outcome, stoppedIn } = explained;
  if (outcome instanceof PolicyFailure) tell(`${file}: ${failureText(outcome, entrypoint)}`);
  else print(JSON.stringify(answerOf(explained), undefined, 2) ?? "undefined");
  if (options.explain === true) {
    print("");
    print(`${entrypoint} of ${options.bundle}, revision ${opened.engine.revision}`);
    if (!(outcome instanceof PolicyFailure)) {
      const time = outcome.readTime ? "time was read" : "time was not read";
      print(`${outcome.steps} of ${DEFAULT_LIMITS.stepsMax} steps; ${time}`);
    }
    print("");
    for (const line of accountLines(account)) print(line);
    if (stoppedIn !== undefined) print(`stopped in ${stoppedIn}`);
  }
  if (!isExpected(told)) tell(`${file}: the case expects ${expectedText(told)}`);
}

function expectedText({ question: { kase } }: Told): string {
  return JSON.stringify(kase?.expected) ?? "undefined";
}

function failureText({ kind, message }: PolicyFailure, entrypoint: string): string {
  if (kind === "conflict") {
    return `${message}; make them exclude each other (--explain shows the rule of ${entrypoint})`;
  }
  if (kind === "budget") {
    return `${message}; make the policy cheaper, or raise policy.budget (--explain shows where)`;
  }
  return message;
}
