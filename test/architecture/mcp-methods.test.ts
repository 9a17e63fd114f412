/** The reference page lists exactly the MCP methods that are read, with what they mean. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  CLIENT_RESPONSE,
  CLIENT_RESPONSE_METHOD,
  MCP_HTTP_METHODS,
  MCP_METHODS,
  type McpMethod,
} from "../../src/request/mcp-methods.ts";

const REVISIONS: Readonly<Record<string, string>> = {
  "2025-03-26,2025-06-18,2025-11-25": "legacy",
  "2025-03-26,2025-06-18,2025-11-25,2026-07-28": "all",
  "2025-11-25": "2025-11-25",
  "2025-11-25,2026-07-28": "2025-11-25, modern",
  "2026-07-28": "modern",
};

function rowOf([name, method]: readonly [string, McpMethod]): string {
  const revisions = REVISIONS[[...method.versions].join(",")];
  return `| \`${name}\` | ${method.names} | \`${method.action}\` | ${revisions} | ${method.treatment} |`;
}

it("has a row for every method, in the order of the source", () => {
  const page = readFileSync("docs/reference/mcp.md", "utf8");
  const methods = [
    ...MCP_METHODS,
    [CLIENT_RESPONSE, CLIENT_RESPONSE_METHOD] as const,
    ...MCP_HTTP_METHODS,
  ];
  const rows = page.split("\n").filter((line) => /^\| `[^`]+` \| [a-z]+ \| `gateway:/.test(line));
  expect(rows).toEqual(methods.map(rowOf));
});
