/**
 * What `policy eval` asks: an input, or a case with its own data and the answer that it expects.
 *
 * @module
 */
import type { Files } from "../domain/surroundings.ts";
import { parseJson } from "../policy/plan/values/json.ts";
import { isObject, type Value } from "../policy/plan/values/value.ts";
import { isPolicyCase, type PolicyCase } from "../policy/policy-cases.ts";

const FILE_BYTES_MAX = 1_048_576;
const CASE_MEMBERS: ReadonlySet<string> = new Set([
  ...["description", "entrypoint", "input", "data", "expected"],
]);

export interface PolicyQuestion {
  readonly input: object;
  /** When the file is one of `policies/cases`. */
  readonly kase: PolicyCase | undefined;
}

/** What keeps a question from being asked; the message names the file and what to do. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";
}

/** @throws {QuestionError} */
export async function readQuestion(
  files: Pick<Files, "read">,
  path: string,
): Promise<PolicyQuestion> {
  const text = await readText(files, path);
  const kase = caseOf(text);
  if (kase !== undefined) return { input: kase.input, kase };
  const input = parsed(text, path);
  if (!isObject(input)) {
    throw new QuestionError(`${path}: not a JSON object; give the input document or a case`);
  }
  return { input, kase: undefined };
}

async function readText(files: Pick<Files, "read">, path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await files.read(path, FILE_BYTES_MAX));
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (code === "ENOENT") throw new QuestionError(`${path}: no such file; name a JSON file`);
    const reason = typeof code === "string" && thrown instanceof TypeError ? "not UTF-8" : code;
    throw new QuestionError(
      `${path}: can not be read (${String(reason ?? "no file of at most 1 MiB")})`,
    );
  }
}

/** The same reading as `policy test` gives a case. */
function caseOf(text: string): PolicyCase | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isPolicyCase(value)) return undefined;
    return Object.keys(value).every((name) => CASE_MEMBERS.has(name)) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parsed(text: string, path: string): Value {
  try {
    return parseJson(text);
  } catch (thrown) {
    // The parser's own message may quote the input; how far it came is all that helps.
    const at = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(thrown))?.[0];
    throw new QuestionError(
      `${path}: not JSON${at === undefined ? "" : ` (at ${at})`}; give the input document or a case`,
    );
  }
}
