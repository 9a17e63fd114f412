/** HealthService: readiness as grpc.health.v1, for known names only and for a bounded number of watchers. */
import { expect, it } from "vitest";
import { Readiness } from "../../../src/lifecycle/readiness.ts";
import { StatusError } from "../../../src/transport/grpc-status.ts";
import { HealthService, WATCHERS_MAX } from "../../../src/transport/health-service.ts";
import { healthRequest } from "../../support/grpc-client.ts";

const NOTHING = () => undefined;

function codeOf(run: () => unknown): number {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error.code;
    throw error;
  }
  return 0;
}

function rig() {
  const readiness = new Readiness();
  return { readiness, health: new HealthService(readiness) };
}

it.each([
  ["a truncated name", [0x0a, 5, 0x61]],
  ["bytes after the name", [0x0a, 1, 0x61, 0]],
  ["another field", [0x12, 1, 0x61]],
  ["a tag alone", [0x0a]],
  ["a length that goes on", [0x0a, 0x80, 0x80, 0x80]],
])("refuses %s with 3, in Check and Watch", (_name, bytes) => {
  const { health } = rig();
  const request = Uint8Array.from(bytes);
  expect(codeOf(() => health.check(request))).toBe(3);
  expect(codeOf(() => health.watch(request, NOTHING))).toBe(3);
});

it("reads a name of more than 127 bytes, and refuses one of more than 256", () => {
  const { health } = rig();
  const named = (count: number) =>
    Buffer.concat([Buffer.of(0x0a, (count & 0x7f) | 0x80, count >> 7), Buffer.alloc(count, "a")]);
  expect(codeOf(() => health.check(named(200)))).toBe(5);
  expect(codeOf(() => health.check(named(256)))).toBe(5);
  expect(codeOf(() => health.check(named(257)))).toBe(3);
});

it("gives a watcher each state once", () => {
  const { readiness, health } = rig();
  const watch = health.watch(healthRequest(""), NOTHING);
  expect(watch.next()).toEqual(Uint8Array.of(8, 1));
  expect(watch.next()).toBeUndefined();
  readiness.hold("draining")();
  expect(watch.next()).toBeUndefined();
  readiness.hold("draining");
  expect(watch.next()).toEqual(Uint8Array.of(8, 2));
});

it("forgets a watcher that stopped", () => {
  const { readiness, health } = rig();
  let changes = 0;
  const watch = health.watch(healthRequest(""), () => {
    changes += 1;
  });
  watch.stop();
  readiness.hold("draining");
  expect({ changes, next: watch.next() }).toEqual({ changes: 0, next: undefined });
});

it("takes no more watchers than its bound, and another one when one stops", () => {
  const { health } = rig();
  const watch = () => health.watch(healthRequest("other"), NOTHING);
  const watches = Array.from({ length: WATCHERS_MAX }, watch);
  expect(codeOf(watch)).toBe(8);
  watches[0]?.stop();
  watches[0]?.stop();
  expect(codeOf(watch)).toBe(0);
  expect(codeOf(watch)).toBe(8);
});
