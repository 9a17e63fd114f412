/**
 * `serve`: builds the application, says where it listens and what it waits for, and serves until it is
 * asked to stop.
 *
 * @module
 */
import { createApp } from "../app.ts";
import { configWarnings } from "../config/warnings.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { loadConfig } from "./load-config.ts";
import type { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** @throws {ConfigError} when it can not start. */
export async function serve(file: string, terminal: Terminal): Promise<number> {
  const config = await loadConfig(file, terminal.env);
  for (const warning of configWarnings(config)) terminal.tell(`warning: ${warning}`);
  const app = await createApp(config, { version: VERSION });
  const stopAsked = new Promise<void>((resolve) => terminal.onStop(resolve));
  try {
    await app.start();
  } catch (thrown) {
    await app.close();
    throw thrown;
  }
  for (const address of app.addresses) terminal.tell(`listening: ${address}`);
  const { waitingFor } = app;
  terminal.tell(
    waitingFor.length === 0 ? "ready" : `not ready: waiting for ${waitingFor.join(", ")}`,
  );

  await stopAsked;
  terminal.tell("stopping; ask again to stop at once");
  const { isGraceful, problems } = await app.stop();
  for (const problem of problems) terminal.tell(`not graceful: ${problem}`);
  return isGraceful ? EXIT_CODE.success : EXIT_CODE.negative;
}
