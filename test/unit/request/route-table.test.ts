/** Route table: one route or none for each request, and no start with routes that could compete. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/domain/errors.ts";
import type { Route } from "../../../src/domain/route.ts";
import { RouteTable } from "../../../src/request/route-table.ts";
import { route } from "../../support/samples.ts";

const exact = (path: string, change: Partial<Route> = {}) => route({ name: path, path, ...change });
const prefix = (path: string, change: Partial<Route> = {}) =>
  route({ name: `${path}*`, path: undefined, pathPrefix: path, ...change });

const table = new RouteTable([
  prefix("/"),
  prefix("/app"),
  prefix("/app/admin", { hosts: new Set(["in.example"]) }),
  exact("/app/admin", { methods: new Set(["POST"]) }),
]);

it.each([
  ["POST", "a.example", "/app/admin", "/app/admin"],
  ["GET", "a.example", "/app/admin", "/app*"],
  ["GET", "in.example", "/app/admin", "/app/admin*"],
  ["GET", "in.example", "/app/admin/x", "/app/admin*"],
  ["GET", "a.example", "/app", "/app*"],
  ["GET", "a.example", "/app/", "/app*"],
  ["GET", "a.example", "/apple", "/*"],
  ["GET", "a.example", "/", "/*"],
])("gives %s %s%s to %s", (method, host, path, name) => {
  expect(table.match(method, host, path)?.name).toBe(name);
});

it("matches nothing else", () => {
  const small = new RouteTable([exact("/a"), prefix("/b/c")]);
  for (const path of ["/", "/a/", "/a/b", "/A", "/b", "/b/cd"]) {
    expect(small.match("GET", "a.example", path)).toBeUndefined();
  }
});

describe("start", () => {
  const problems = (...routes: Route[]) => {
    try {
      new RouteTable(routes);
    } catch (thrown) {
      if (thrown instanceof ConfigError) return thrown.problems;
      throw thrown;
    }
    return [];
  };
  const [get, post] = [new Set(["GET"]), new Set(["POST", "PUT"])];

  it.each<[string, Route[], number]>([
    ["one path twice", [exact("/a"), exact("/a", { name: "b" })], 1],
    ["one prefix twice", [prefix("/a"), prefix("/a", { name: "b", hosts: get })], 1],
    ["methods that meet", [exact("/a", { methods: post }), exact("/a", { name: "b" })], 1],
    [
      "methods apart",
      [exact("/a", { methods: get }), exact("/a", { name: "b", methods: post })],
      0,
    ],
    ["path and prefix", [exact("/a"), prefix("/a")], 0],
    ["one name twice", [exact("/a"), exact("/b", { name: "/a" })], 1],
    ["no match at all", [route({ path: undefined })], 1],
    ["both matches", [route({ pathPrefix: "/a" })], 1],
    ["a path that is never canonical", [exact("/a%61")], 1],
    ["a path that is always refused", [exact("/a/../b")], 1],
    ["a document that is not told", [exact("/a", { surface: "sark" })], 1],
    ["everything at once", [exact("/a;b"), exact("/a"), exact("/a", { surface: "sark" })], 4],
  ])("with %s", (_, routes, count) => {
    expect(problems(...routes)).toHaveLength(count);
  });
});
