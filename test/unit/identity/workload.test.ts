/** A workload is its exact name: nothing that merely looks like it is believed. */
import { describe, expect, it } from "vitest";
import { isWorkloadName, requireWorkload } from "../../../src/identity/workload.ts";
import { outcomeOf } from "../../support/api-keys.ts";

const GATEWAY = "spiffe://prod.example/ns/edge/sa/gateway";
const DNS = "gateway.prod.example";
const KNOWN = new Set([GATEWAY, DNS]);
const UNKNOWN = "identity.workload_unknown";

describe("a name that may be configured", () => {
  it.each([GATEWAY, "spiffe://a/b", "spiffe://a.b-c_d/E.f-g_1/h", DNS, "localhost", "A-1.example"])(
    "%s",
    (name) => expect(isWorkloadName(name)).toBe(true),
  );

  it.each([
    "",
    "spiffe://prod.example",
    "spiffe://prod.example/",
    "spiffe:///ns",
    "spiffe://Prod.example/ns",
    "spiffe://prod.example:443/ns",
    "spiffe://user@prod.example/ns",
    "spiffe://prod.example/ns//sa",
    "spiffe://prod.example/ns/",
    "spiffe://prod.example/ns/./sa",
    "spiffe://prod.example/ns/..",
    "spiffe://prod.example/ns/*",
    "spiffe://prod.example/n%73",
    "spiffe://prod.example/ns?x",
    "spiffe://prod.example/ns\u0000",
    "SPIFFE://prod.example/ns",
    "https://prod.example/ns",
    "*.prod.example",
    "prod.example.",
    ".prod.example",
    "prod..example",
    "-prod.example",
    "prod.example\n",
    "CN=gateway",
    "gateway.*",
  ])("not %j", (name) => expect(isWorkloadName(name)).toBe(false));
});

it("is of bounded length", () => {
  const spiffe = (length: number) => "spiffe://a/".padEnd(length, "x");
  const dns = (length: number) => "x.".repeat(127).slice(0, length);
  const names = [spiffe(2_048), spiffe(2_049), dns(253), dns(255).concat("x")];
  expect(names.map(isWorkloadName)).toEqual([true, false, true, false]);
  const long = "x".repeat(2_049);
  const peer = () => requireWorkload(new Set([long]), "required", long);
  expect(outcomeOf(peer)).toBe(UNKNOWN);
});

describe("a peer", () => {
  it.each([
    [undefined, "", "accepted"],
    [undefined, "spiffe://other/x", "accepted"],
    ["optional", "", "accepted"],
    ["optional", GATEWAY, "accepted"],
    ["optional", "spiffe://other/x", UNKNOWN],
    ["required", "", UNKNOWN],
    ["required", GATEWAY, "accepted"],
    ["required", DNS, "accepted"],
    ["required", "spiffe://other/x", UNKNOWN],
  ] as const)("on a route that says %s, named %j: %s", (mtls, peer, expected) => {
    expect(outcomeOf(() => requireWorkload(KNOWN, mtls, peer))).toBe(expected);
  });

  it.each([
    `${GATEWAY}\u0000`,
    `${GATEWAY}\u0000.evil.example`,
    `\u0000${GATEWAY}`,
    `${GATEWAY}\n`,
    ` ${GATEWAY}`,
    `${GATEWAY}/`,
    `${GATEWAY}/more`,
    GATEWAY.slice(0, -1),
    GATEWAY.toUpperCase(),
    GATEWAY.replace("prod.example", "prodxexample"),
    GATEWAY.replace("gateway", "gatewa%79"),
    "gatewayXprod.example",
    "gateway.prod.example.",
    "Gateway.prod.example",
    "*.prod.example",
    `URI=${GATEWAY}`,
  ])("B17: is refused as %j", (peer) => {
    for (const mtls of ["optional", "required"] as const) {
      expect(outcomeOf(() => requireWorkload(KNOWN, mtls, peer))).toBe(UNKNOWN);
    }
  });
});
