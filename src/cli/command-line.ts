/**
 * Arguments → command → exit code. Whatever goes wrong ends in a message that says what to do and in
 * the exit code of its kind.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import { EXIT_CODE } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export async function runCommandLine(terminal: Terminal): Promise<number> {
  try {
    const file = plainServe(terminal.args);
    if (file !== undefined) {
      const { serve } = await import("./serve.ts");
      return await serve(file, terminal);
    }
    const { runCommands } = await import("./commands.ts");
    return await runCommands(terminal);
  } catch (thrown) {
    return report(thrown, terminal);
  }
}

/** The file of `serve --config FILE`, the one form whose start must be quick. */
function plainServe(args: readonly string[]): string | undefined {
  const [command, option = "", file, ...rest] = args;
  if (command !== "serve" || rest.length > 0) return undefined;
  if (option === "--config" || option === "-c") return file?.startsWith("-") ? undefined : file;
  const isJoined = option.startsWith("--config=") && file === undefined;
  return isJoined ? option.slice("--config=".length) : undefined;
}

function report(thrown: unknown, terminal: Terminal): number {
  if (thrown instanceof ConfigError) {
    for (const problem of thrown.problems) terminal.tell(problem);
    return EXIT_CODE.config;
  }
  terminal.tell(`defect: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  return EXIT_CODE.defect;
}
