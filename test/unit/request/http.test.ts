/** HTTP routes: reading or writing the route itself. */
import { expect, it } from "vitest";
import { read } from "./attributes.ts";

it.each([
  ["GET", "http:read", "GET"],
  ["HEAD", "http:read", "HEAD"],
  ["POST", "http:write", "POST"],
  ["LIST", "http:write", "OTHER"],
])("%s is %s", (method, action, operation) => {
  const request = read({ method, path: "/app/a", body: undefined });
  expect(request).toMatchObject({ method, action, operation, echo: { dialect: "http" } });
  expect(request.resource).toMatchObject({ type: "http", server: "app", tool: null });
});
