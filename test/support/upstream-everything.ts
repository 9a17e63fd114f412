/** The reference MCP server of the earlier protocol line, as a process of its own. */
import { createRequire } from "node:module";
import { startChild } from "./child-process.ts";
import { freePort } from "./free-port.ts";

export interface EverythingServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Answers on `/mcp`; needs no network. Its environment is empty, since a tool of it shows that. */
export async function startEverythingServer(): Promise<EverythingServer> {
  const program = createRequire(import.meta.url).resolve(
    "@modelcontextprotocol/server-everything/dist/index.js",
  );
  const port = await freePort();
  const listening = Promise.withResolvers<void>();
  const child = startChild(process.execPath, [program, "streamableHttp"], {
    env: { PORT: String(port) },
    onStderr: (line) => {
      if (line.includes("listening on port")) listening.resolve();
    },
  });
  const died = child.exited.then(() => {
    throw new Error(`the MCP server did not start:\n${child.tail()}`);
  });
  await Promise.race([listening.promise, died]);
  died.catch(() => {}); // ended by `stop`
  return { port, stop: () => child.stop() };
}
