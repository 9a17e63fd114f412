/**
 * All commands with their options and help. Owns commander, which takes longer to load than to serve,
 * so `serve` comes by here only when its arguments are unusual.
 *
 * @module
 */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { configJsonSchema } from "../config/config-schema.ts";
import { addApiKey } from "./api-key-commands.ts";
import { checkConfig } from "./check-config.ts";
import type { EvalOptions } from "./eval-policy.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { healthcheck } from "./healthcheck.ts";
import { metadata } from "./metadata.ts";
import type { PolicyCommand } from "./opa.ts";
import { policyBuild, policyTest, SHIPPED_ENTRYPOINTS } from "./policy.ts";
import type { RevokeOptions } from "./revoke.ts";
import { serve } from "./serve.ts";
import type { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

interface ConfigOption {
  readonly config: string;
}

interface PolicyOptions {
  readonly policies: string;
  readonly bundle: string;
  readonly opa?: string;
}

export async function runCommands(terminal: Terminal): Promise<number> {
  let code: number = EXIT_CODE.success;
  const ending = async (run: Promise<number>) => {
    code = await run;
  };
  const program = newProgram(terminal);

  withConfig(program.command("serve"), "serve --config sark-authz.yaml")
    .description("answer Envoy's Checks until asked to stop")
    .action(({ config }: ConfigOption) => ending(serve(config, terminal)));
  withConfig(program.command("check-config"), "check-config --config sark-authz.yaml")
    .description("do everything serve does before it binds a socket")
    .option("--json", "one object for machines")
    .action(({ config, json }: ConfigOption & { json?: true }) =>
      ending(checkConfig(config, json === true, terminal)),
    );
  withConfig(program.command("healthcheck"), "healthcheck --config sark-authz.yaml")
    .description("ask a running sidecar whether it is ready")
    .action(({ config }: ConfigOption) => ending(healthcheck(config, terminal)));
  withConfig(program.command("metadata"), "metadata --config sark-authz.yaml --envoy")
    .description("print the OAuth metadata documents of the MCP routes (RFC 9728)")
    .option("--envoy", "as routes for Envoy's configuration")
    .action(({ config, envoy }: ConfigOption & { envoy?: true }) =>
      ending(metadata(config, envoy === true, terminal)),
    );
  program
    .command("config")
    .description("about the configuration file")
    .command("schema")
    .description("print the JSON Schema, for editors")
    .addHelpText("after", example("config schema > sark-authz.schema.json"))
    .action(() => terminal.print(JSON.stringify(configJsonSchema(), undefined, 2)));
  addPolicy(program, terminal, ending);
  addApiKey(program, terminal, ending);
  addRevoke(program, terminal, ending);
  program
    .command("version")
    .description("print the version")
    .action(() => terminal.print(VERSION));

  try {
    await program.parseAsync([...terminal.args], { from: "user" });
    return code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? EXIT_CODE.success : EXIT_CODE.usage;
  }
}

function newProgram(terminal: Terminal): Command {
  return new Command("sark-authz")
    .description("Envoy external authorization sidecar for SARK")
    .version(VERSION, "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.tell(text.trimEnd()),
    });
}

function addPolicy(
  program: Command,
  terminal: Terminal,
  ending: (run: Promise<number>) => Promise<void>,
): void {
  const policy = program.command("policy").description("build, test and explain Rego");
  withPolicy(policy.command("build"), "policy build --check")
    .description("check, compile and pack the policies")
    .option("--check", "write nothing; fail when the bundle is not what the sources build")
    .action((options: PolicyOptions & { check?: true }) =>
      ending(policyBuild(policyCommand(options, terminal), options.check === true)),
    );
  policy
    .command("compile")
    .description("compile the plan of a bundle to JavaScript, as serving does")
    .option("--bundle <file>", "bundle file", "policies/dist/bundle.tar.gz")
    .option("--print", "print the JavaScript; rules and their positions are comments in it")
    .addHelpText("after", example("policy compile --print"))
    .action((options: { bundle: string; print?: true }) =>
      ending(
        import("./compile-plan.ts").then(({ compilePolicy }) =>
          compilePolicy(options.bundle, options.print === true, terminal),
        ),
      ),
    );
  policy
    .command("eval")
    .description("ask the policy of a bundle one question, and tell why it answers so")
    .argument("<file>", "input document, or one of policies/cases")
    .option("--bundle <file>", "bundle file", "policies/dist/bundle.tar.gz")
    .option("--policies <folder>", "sources of the bundle, to quote", "policies")
    .option("--entrypoint <name>", "such as mcp/gateway/result; else what the input is about")
    .option("--explain", "rules with their values, where the others failed, what was read")
    .option("--json", "one object for machines")
    .addHelpText("after", example("policy eval --explain policies/cases/developer-high.json"))
    .action((file: string, options: EvalOptions) =>
      ending(
        import("./eval-policy.ts").then(({ evalPolicy }) => evalPolicy(file, options, terminal)),
      ),
    );
  withPolicy(policy.command("test"), "policy test")
    .description("run the Rego tests, and every case through OPA and both engines")
    .option("--coverage", "tell which rows of the rules the cases evaluate")
    .option("--threshold <percent>", "fail when they evaluate fewer; implies --coverage", percent)
    .action((options: PolicyOptions & { coverage?: true; threshold?: number }) => {
      const { coverage, threshold = coverage && 0 } = options;
      return ending(policyTest(policyCommand(options, terminal), threshold));
    });
}

function addRevoke(
  program: Command,
  terminal: Terminal,
  ending: (run: Promise<number>) => Promise<void>,
): void {
  const key = "private key that signs the list";
  const load = () => import("./revoke.ts");
  const named = (command: Command) =>
    command
      .requiredOption("--kind <kind>", "jti, sub, sid, agent_id, kid, api_key or token_sha256")
      .requiredOption("--value <id>", "what is taken back")
      .option("--iss <issuer>", "only of this issuer; without it of every issuer")
      .option("--key <file>", key);
  const revoke = program.command("revoke").description("write the revocation list");
  const add = named(withConfig(revoke.command("add"), ADD_EXAMPLE))
    .description("take back a token, a subject, a session, an agent, a key or an API key")
    .option("--for <time>", "how long the entry is needed, such as 90s, 15m, 8h, 30d")
    .option("--until <time>", "the same as a time: Unix seconds or 2026-11-24T18:00:00Z")
    .option("--not-before <time>", "with kind sub: only tokens issued before this time");
  add.action((options: RevokeOptions) =>
    ending(load().then(({ revokeAdd }) => revokeAdd(options, terminal))),
  );
  named(withConfig(revoke.command("remove"), "revoke remove -c sark-authz.yaml --key k.jwk …"))
    .description("take an entry out again")
    .action((options: RevokeOptions) =>
      ending(load().then(({ revokeRemove }) => revokeRemove(options, terminal))),
    );
  withConfig(revoke.command("list"), "revoke list -c sark-authz.yaml")
    .description("print the list, one JSON object a line")
    .action((options: RevokeOptions) =>
      ending(load().then(({ revokeList }) => revokeList(options, terminal))),
    );
  withConfig(revoke.command("init"), "revoke init -c sark-authz.yaml --key revocation.private.jwk")
    .description("make the key pair and an empty list where they are missing")
    .option("--key <file>", key)
    .action((options: RevokeOptions) =>
      ending(load().then(({ revokeInit }) => revokeInit(options, terminal))),
    );
  withConfig(revoke.command("renumber"), "revoke renumber -c sark-authz.yaml --key k.jwk")
    .description("write the list under a number that every sidecar takes, after looking at it")
    .option("--key <file>", key)
    .action((options: RevokeOptions) =>
      ending(load().then(({ revokeRenumber }) => revokeRenumber(options, terminal))),
    );
  withConfig(revoke.command("serve"), "revoke serve -c sark-authz.yaml --key k.jwk")
    .description("sign the list again every two seconds until asked to stop")
    .option("--key <file>", key)
    .action((options: RevokeOptions) =>
      ending(load().then(({ revokeServe }) => revokeServe(options, terminal))),
    );
}

const ADD_EXAMPLE =
  "revoke add -c sark-authz.yaml --key revocation.private.jwk --kind sub --value alice --for 8h";

function withConfig(command: Command, usage: string): Command {
  return command
    .requiredOption("-c, --config <file>", "configuration file")
    .addHelpText("after", example(usage));
}

function withPolicy(command: Command, usage: string): Command {
  return command
    .option("--policies <folder>", "folder with src/ and cases/", "policies")
    .option("--bundle <file>", "bundle file", "policies/dist/bundle.tar.gz")
    .option("--opa <file>", "OPA itself")
    .addHelpText("after", example(usage));
}

function policyCommand(options: PolicyOptions, terminal: Terminal): PolicyCommand {
  const { policies, bundle, opa } = options;
  return { policies, bundle, opa, entrypoints: SHIPPED_ENTRYPOINTS, print: terminal.print };
}

function percent(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 100.");
}

function example(usage: string): string {
  return `\nExample:\n  sark-authz ${usage}`;
}
