/**
 * `check-config`: everything `serve` does before it binds a socket.
 *
 * @module
 */
import { createApp } from "../app.ts";
import { configWarnings } from "../config/warnings.ts";
import { ConfigError } from "../domain/errors.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { loadConfig } from "./load-config.ts";
import type { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** With `isJson` one object on stdout: `{ok, file, warnings, problems}`. */
export async function checkConfig(
  file: string,
  isJson: boolean,
  terminal: Terminal,
): Promise<number> {
  try {
    const config = await loadConfig(file, terminal.env);
    const app = await createApp(config, { version: VERSION, isOnline: false });
    await app.close();
    const warnings = configWarnings(config);
    if (isJson) {
      terminal.print(JSON.stringify({ ok: true, file, warnings, problems: [] }));
    } else {
      for (const warning of warnings) terminal.tell(`warning: ${warning}`);
      terminal.print(`${file}: ok`);
    }
    return EXIT_CODE.success;
  } catch (thrown) {
    if (!isJson || !(thrown instanceof ConfigError)) throw thrown;
    terminal.print(JSON.stringify({ ok: false, file, warnings: [], problems: thrown.problems }));
    return EXIT_CODE.config;
  }
}
