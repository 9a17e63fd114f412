/**
 * A scenario file of `load/ghz/` as the data that ghz sends: one CheckRequest in JSON, with ghz's own
 * `{{.RequestNumber}}` where every Check has to differ.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./ghz", import.meta.url));

export interface GhzScenario {
  readonly name: string;
  readonly description: string;
  readonly bundle: "shipped" | "small" | "mid";
  /** Checks per second, evenly spaced. */
  readonly rps: number;
  readonly tool: string;
  readonly unique: boolean;
  readonly token?: "forged";
  readonly headerCount?: number;
  readonly headerBytes?: number;
  readonly bodyBytes?: number;
  readonly expect: "allow" | "deny" | "any";
}

export function ghzScenarios(): readonly GhzScenario[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({
      name: basename(file, ".json"),
      ...(JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Omit<GhzScenario, "name">),
    }));
}

/** Another last character of the signature: well-formed, and verified in full before it fails. */
function forged(token: string): string {
  const [header, payload, signature = ""] = token.split(".");
  const first = signature.startsWith("A") ? "B" : "A";
  return `${header}.${payload}.${first}${signature.slice(1)}`;
}

export function ghzData(scenario: GhzScenario, token: string): object {
  const filler = "x".repeat(scenario.bodyBytes ?? 850);
  const counter = scenario.unique ? "{{.RequestNumber}}" : "0";
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 7,
    method: "tools/call",
    params: { name: scenario.tool, arguments: { n: counter, q: "select 1", note: filler } },
  });
  const headers: Record<string, string> = {
    authorization: `Bearer ${scenario.token === "forged" ? forged(token) : token}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2025-11-25",
    "user-agent": "ghz",
    "x-request-id": "0f5aa5e0-3a5e-439c-a659-147a342eb34f",
    "x-envoy-auth-partial-body": "false",
  };
  for (let index = 0; index < (scenario.headerCount ?? 0); index++) {
    headers[`x-large-${index}`] = "v".repeat(scenario.headerBytes ?? 0);
  }
  return {
    attributes: {
      source: { address: { socket_address: { address: "10.0.0.7", port_value: 40000 } } },
      request: {
        http: {
          method: "POST",
          path: "/mcp/demo",
          host: "gateway.example",
          scheme: "http",
          protocol: "HTTP/1.1",
          headers,
          body,
        },
      },
    },
  };
}
