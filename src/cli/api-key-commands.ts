/**
 * Options and help of the `api-key` commands.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { API_KEY_ID, API_KEY_NAME, API_KEY_SCOPE } from "../identity/api-key-record.ts";
import {
  API_KEY_ENVIRONMENTS,
  API_KEY_KINDS,
  type ApiKeyOrder,
  apiKeyCreate,
  apiKeyList,
  apiKeyRevoke,
} from "./api-key.ts";
import type { Terminal } from "./terminal.ts";

interface FileOption {
  readonly file: string;
}

/** As commander hands them over. */
type CreateOptions = Omit<ApiKeyOrder, "scopes" | "init"> & {
  readonly scope: readonly string[];
  readonly init?: true;
};

const DAYS_MAX = 3_650;
const RATE_MAX = 10_000_000;

export function addApiKey(
  program: Command,
  terminal: Terminal,
  ending: (run: Promise<number>) => Promise<void>,
): void {
  const apiKey = program.command("api-key").description("make and take back API keys");
  addCreate(apiKey.command("create"), terminal, ending);
  withFile(apiKey.command("revoke"), "api-key revoke billing --file api-keys.jsonl")
    .description("refuse a key from now on")
    .argument("<id>", "id of its record", textOf(API_KEY_ID))
    .action((id: string, { file }: FileOption) => ending(apiKeyRevoke(file, id, terminal)));
  withFile(apiKey.command("list"), "api-key list --file api-keys.jsonl")
    .description("show every record, without keys and MACs")
    .action(({ file }: FileOption) => ending(apiKeyList(file, terminal)));
}

function addCreate(
  create: Command,
  terminal: Terminal,
  ending: (run: Promise<number>) => Promise<void>,
): void {
  const usage =
    "api-key create --file api-keys.jsonl --pepper-file api-keys.pepper --init --owner billing-team --scope gateway:authorize --expires-in-days 90";
  withFile(create, usage)
    .description("add a key to the file and print it, once")
    .requiredOption("--pepper-file <file>", "secret under which MACs are made")
    .option("--init", "make the pepper if there is none")
    .requiredOption("--scope <scope...>", "what the key may be used for", scopesOf)
    .requiredOption("--owner <name>", "who answers for the key", textOf(API_KEY_NAME))
    .option("--team <name>", "team that policy sees", textOf(API_KEY_NAME))
    .option("--id <id>", "name of the record; random if left out", textOf(API_KEY_ID))
    .addOption(choice("--kind <kind>", "form of the key", API_KEY_KINDS, "service"))
    .addOption(choice("--env <env>", "environment of the key", API_KEY_ENVIRONMENTS, "live"))
    .option("--expires-in-days <days>", "end of the key; none if left out", wholeTo(DAYS_MAX))
    .option("--rate-per-minute <calls>", "what policy is told", wholeTo(RATE_MAX), 1_000)
    .action(({ scope, init, ...same }: CreateOptions) =>
      ending(apiKeyCreate({ ...same, scopes: scope, init: init === true }, terminal)),
    );
}

function withFile(command: Command, usage: string): Command {
  return command
    .requiredOption("--file <file>", "file of records, one a line")
    .addHelpText("after", `\nExample:\n  sark-authz ${usage}`);
}

function choice(flags: string, text: string, choices: readonly string[], first: string): Option {
  return new Option(flags, text).choices(choices).default(first);
}

function textOf(pattern: RegExp): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new InvalidArgumentError("It has characters that are not kept.");
    return text;
  };
}

function scopesOf(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, textOf(API_KEY_SCOPE)(text)];
}

function wholeTo(most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    }
    return number;
  };
}
