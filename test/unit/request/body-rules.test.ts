/** Body rules: only a whole body in the declared form is read. */
import { expect, it } from "vitest";
import { type Changes, read, reasonOf } from "./attributes.ts";

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const padded = (length: number) => PING.padEnd(length, " ");

it.each<[string, Changes, string]>([
  ["length one below Envoy's limit", { body: padded(65_535) }, "accepted"],
  ["length at Envoy's limit", { body: padded(65_536) }, "body.truncated"],
  ["partial flag false", { headers: { "x-envoy-auth-partial-body": "false" } }, "accepted"],
  [
    "partial flag without a body",
    { body: undefined, headers: { "x-envoy-auth-partial-body": "true" } },
    "body.truncated",
  ],
  ["declared length equal", { body: PING, headers: { "content-length": "40" } }, "accepted"],
  ["declared length larger", { body: PING, headers: { "content-length": "41" } }, "body.truncated"],
  [
    "declared length smaller",
    { body: PING, headers: { "content-length": "39" } },
    "body.truncated",
  ],
  ["declared length odd", { body: PING, headers: { "content-length": "+40" } }, "body.truncated"],
  ["no body", { body: undefined }, "body.missing"],
  ["empty body", { body: "" }, "body.missing"],
  ["no content type", { headers: { "content-type": undefined } }, "body.content_type"],
  ["identity", { headers: { "content-encoding": "Identity" } }, "accepted"],
  ["two encodings", { headers: { "content-encoding": "identity gzip" } }, "body.encoding"],
])("%s", (_, changes, reason) => {
  expect(reasonOf(() => read(changes))).toBe(reason);
});

it.each([
  "application/json",
  "Application/JSON",
  "application/json; charset=utf-8",
  'application/json;charset="UTF-8"',
])("takes content type %s", (type) => {
  expect(reasonOf(() => read({ headers: { "content-type": type } }))).toBe("accepted");
});

it.each([
  "application/jsonp",
  "application/json; charset=utf-16",
  "application/json; boundary=a",
  "application/json; charset=utf-8; charset=utf-8",
  "text/plain; note=application/json",
  "application/json text/plain",
  "",
])("refuses content type %j", (type) => {
  expect(reasonOf(() => read({ headers: { "content-type": type } }))).toBe("body.content_type");
});

it("asks an HTTP route for a body only where the route needs one", () => {
  const plain = { headers: { "content-type": "text/plain" } };
  expect(reasonOf(() => read({ path: "/app", body: undefined }))).toBe("accepted");
  expect(reasonOf(() => read({ path: "/upload", body: undefined }))).toBe("body.missing");
  expect(reasonOf(() => read({ path: "/upload", body: "a", ...plain }))).toBe("accepted");
});
