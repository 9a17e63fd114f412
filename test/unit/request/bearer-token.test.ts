/** Credential: exactly one, from a header, in the one form that can be verified. */
import { expect, it } from "vitest";
import { readCredential } from "../../../src/request/bearer-token.ts";
import { RequestHeaders } from "../../../src/request/request-headers.ts";
import { attributes, header, reasonOf, TOKEN } from "./attributes.ts";

const GATEWAY_KEY = `sark_gw_${"0123456789abcdef".repeat(2)}`;
/** The parts may hold the separator. */
const SERVICE_KEY = `sark_sk_live_ab_d-f_h_${"A_-b".repeat(8)}`;

const credential = (given: Readonly<Record<string, string>>) =>
  readCredential(
    new RequestHeaders(
      attributes({ headers: Object.entries(given).map(([name, value]) => header(name, value)) }),
    ),
  );

it.each(["Bearer", "bearer", "BEARER"])("takes the token behind %s", (scheme) => {
  expect(credential({ authorization: `${scheme} ${TOKEN}` })).toEqual({
    kind: "bearer",
    token: TOKEN,
  });
});

it.each([GATEWAY_KEY, SERVICE_KEY])("takes the API key %s from each of its carriers", (key) => {
  for (const given of [
    { authorization: `Bearer ${key}` },
    { "x-api-key": key },
    { "x-gateway-api-key": key },
  ]) {
    expect(credential(given as unknown as Record<string, string>)).toEqual({
      kind: "api_key",
      key,
    });
  }
});

it("leaves a missing credential to the caller", () => {
  expect(credential({ "user-agent": "a" })).toBeUndefined();
});

it.each([
  [{ authorization: `Bearer ${TOKEN}`, "x-api-key": "k" }, "identity.multiple"],
  [{ "x-api-key": "k", "x-gateway-api-key": "k" }, "identity.multiple"],
  [{ authorization: "", "x-api-key": "k" }, "identity.multiple"],
  [{ "x-api-key": "k" }, "identity.malformed"],
  [{ "x-gateway-api-key": "" }, "identity.malformed"],
  [{ "x-api-key": `${GATEWAY_KEY} ` }, "identity.malformed"],
  [{ "x-api-key": TOKEN }, "identity.malformed"],
  [{ authorization: "Bearer sark_gw_a.b.c" }, "identity.malformed"],
  [{ authorization: `Bearer ${SERVICE_KEY}x` }, "identity.malformed"],
  [{ authorization: `Bearer ${SERVICE_KEY.replace("live", "prod")}` }, "identity.malformed"],
  [{ authorization: "Basic YTpi" }, "identity.scheme"],
  [{ authorization: TOKEN }, "identity.scheme"],
  [{ authorization: "" }, "identity.malformed"],
  [{ authorization: ` Bearer ${TOKEN}` }, "identity.malformed"],
  [{ authorization: "Bearer" }, "identity.malformed"],
  [{ authorization: "Bearer " }, "identity.malformed"],
  [{ authorization: `Bearer  ${TOKEN}` }, "identity.malformed"],
  [{ authorization: `Bearer ${TOKEN} ` }, "identity.malformed"],
  [{ authorization: "Bearer a.b" }, "identity.malformed"],
  [{ authorization: "Bearer a.b.c.d.e" }, "identity.malformed"],
  [{ authorization: "Bearer a.b.\u00e9" }, "identity.malformed"],
  [{ authorization: `Bearer ${"a".repeat(8_189)}.b.c` }, "identity.malformed"],
])("refuses %j as %s", (given, reason) => {
  expect(reasonOf(() => credential(given as unknown as Record<string, string>))).toBe(reason);
});

it("takes a token of the largest size", () => {
  expect(reasonOf(() => credential({ authorization: `Bearer ${"a".repeat(8_188)}.b.c` }))).toBe(
    "accepted",
  );
});

it("puts no part of a credential into a message", () => {
  const canary = "canary-7f3a";
  for (const given of [`Bearer ${canary}`, `Basic ${canary}`, `${canary} a.b.c`]) {
    expect(() => credential({ authorization: given })).not.toThrow(canary);
    expect(() => credential({ authorization: given })).toThrow();
  }
});
