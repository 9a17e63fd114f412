/** The examples in `deploy/` are what the configuration and the registry accept today. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { runCommandLine } from "../../src/cli/command-line.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { parseRegistry } from "../../src/config/registry-document.ts";
import { domainRoutes } from "../../src/config/routes.ts";
import { RouteTable } from "../../src/request/route-table.ts";

it("has a configuration that parses and whose routes can be served", () => {
  const file = "deploy/sark-authz.yaml";
  const config = parseConfig(readFileSync(file, "utf8"), file, {});
  const table = new RouteTable(domainRoutes(config.routes));
  expect(table.match("POST", "gateway.example", "/mcp/demo")?.name).toBe("mcp-demo");
  expect(table.match("GET", "gateway.example", "/app/x")?.name).toBe("app");
});

it("has a registry that parses", () => {
  const file = "deploy/registry.yaml";
  const registry = parseRegistry(readFileSync(file, "utf8"), file);
  expect(Object.keys(registry.servers)).toEqual(["demo"]);
});

it("has the metadata routes of its configuration in Envoy's", async () => {
  let printed = "";
  const code = await runCommandLine({
    args: ["metadata", "--config", "deploy/sark-authz.yaml", "--envoy"],
    env: {},
    print: (text) => {
      printed += `${text}\n`;
    },
    tell: () => {},
    onStop: () => {},
  });
  const reference = JSON.stringify(parse(readFileSync("envoy/envoy.yaml", "utf8")));
  expect(code).toBe(0);
  const routes = parse(printed) as unknown[];
  expect(routes.length).toBe(2);
  for (const route of routes) expect(reference).toContain(JSON.stringify(route));
});
