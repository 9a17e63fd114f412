/** Credential: exactly one, from a header, in the one form that can be verified. */
import { expect, it } from "vitest";
import { readCredential } from "../../../src/request/bearer-token.ts";
import { RequestHeaders } from "../../../src/request/request-headers.ts";
import { attributes, header, reasonOf, TOKEN } from "./attributes.ts";

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

it("leaves a missing credential to the caller", () => {
  expect(credential({ "user-agent": "a" })).toBeUndefined();
});

it.each([
  [{ authorization: `Bearer ${TOKEN}`, "x-api-key": "k" }, "identity.multiple"],
  [{ "x-api-key": "k", "x-gateway-api-key": "k" }, "identity.multiple"],
  [{ authorization: "", "x-api-key": "k" }, "identity.multiple"],
  [{ "x-api-key": "k" }, "identity.api_key_unknown"],
  [{ "x-gateway-api-key": "" }, "identity.api_key_unknown"],
  [{ authorization: "Bearer sark_gw_a.b.c" }, "identity.api_key_unknown"],
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
