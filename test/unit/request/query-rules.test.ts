/** Query rules: no credential, no hidden method, no key that two readers take differently. */
import { expect, it } from "vitest";
import { namesMethod, QUERY_RULES, readQuery } from "../../../src/request/query-rules.ts";
import { firstBroken } from "../../../src/request/request-rule.ts";

const pairs = (count: number) => Array.from({ length: count }, (_, at) => `k${at}=1`).join("&");

it.each([
  ["", "accepted"],
  ["a=1&b=2;c=3", "accepted"],
  ["tenant=a&x=tenant", "accepted"],
  [pairs(100), "accepted"],
  [pairs(101), "query.too_large"],
  ["a".repeat(8_193), "query.too_large"],
  ["tenant=a;tenant=b", "query.repeated_key"],
  ["%74enant=a&Tenant=b", "query.repeated_key"],
  ["a2a-version=1.0&a2a-version=0.3", "query.repeated_key"],
  ["access_token=x", "identity.token_in_query"],
  ["a=1;ID_token", "identity.token_in_query"],
  ["api%5fkey=x", "identity.token_in_query"],
  ["apikey=x", "identity.token_in_query"],
  ["tenant[]=a&tenant=b", "query.repeated_key"],
  ["tenant%5B0%5D=a;TENANT", "query.repeated_key"],
  ["%2574enant=a&tenant=b", "accepted"],
  ["tenantx=a&tenant=b", "accepted"],
  ["%zz=1", "accepted"],
  ["a=b c", "path.control_byte"],
  ["a=\u00e9", "path.non_ascii"],
  ["a#b", "path.fragment"],
])("says of %j %s", (query, reason) => {
  expect(firstBroken(QUERY_RULES, readQuery(query))?.reason ?? "accepted").toBe(reason);
});

it.each(["_method=DELETE", "a=1;_METHOD", "%5fmethod=PUT", "_method[]=PUT"])(
  "finds the method that %s names",
  (query) => {
    expect(namesMethod(readQuery(query))).toBe(true);
  },
);

it.each(["", "a=_method", "__method=1", "method=PUT"])("finds no method in %j", (query) => {
  expect(namesMethod(readQuery(query))).toBe(false);
});
