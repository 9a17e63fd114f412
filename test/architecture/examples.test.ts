/** The examples in `deploy/` are what the configuration and the registry accept today. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
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
