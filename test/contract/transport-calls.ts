/** What every transport promises for one call: bytes, deadline, cancellation, refusals, health. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { Call } from "../../src/domain/call.ts";
import { Readiness } from "../../src/lifecycle/readiness.ts";
import { TRANSPORT_LIMITS } from "../../src/transport/transport.ts";
import { codeOf } from "../support/grpc-client.ts";
import { handClock } from "../support/hand-clock.ts";
import { framed } from "../support/raw-http2-client.ts";
import { waitUntil } from "../support/wait-until.ts";
import {
  type CreateTransport,
  echo,
  heldHandler,
  socketFile,
  startTransport,
  TCP,
} from "./transport-rig.ts";

const REPLY = Buffer.from("reply");

export function callContract(create: CreateTransport): void {
  describe.each([
    { name: "TCP", address: () => TCP },
    { name: "a socket file", address: () => socketFile() },
  ])("over $name", ({ address }) => {
    it.each([1, 5_000, 200_000])("carries %i bytes there and back unchanged", async (count) => {
      const message = randomBytes(count);
      const { client } = await startTransport(create, echo, { address: address() });
      expect(message.equals(await client().check(message))).toBe(true);
    });

    it("waits for a reply that is promised", async () => {
      const later = async (request: Uint8Array) => Uint8Array.from(request).reverse();
      const { client, transport } = await startTransport(create, later, { address: address() });
      expect(await client().check(Buffer.from("abc"))).toEqual(Buffer.from("cba"));
      expect(transport.stats).toMatchObject({ answered: 1, inFlight: 0, connections: 1 });
    });
  });

  it("hands an empty message to the handler", async () => {
    const { client } = await startTransport(create, (request) => Buffer.of(request.length + 1));
    expect(await client().check(Buffer.alloc(0))).toEqual(Buffer.of(1));
  });

  it("takes a reply from the middle of a larger buffer", async () => {
    const whole = new Uint8Array([0, 0, 7, 8, 9, 0]);
    const { client } = await startTransport(create, () => whole.subarray(2, 5));
    expect(await client().check(REPLY)).toEqual(Buffer.of(7, 8, 9));
  });

  it("shows request metadata by lower-case name, first value", async () => {
    const seen: (string | undefined)[] = [];
    const { client } = await startTransport(create, (_request, call) => {
      seen.push(call.header("traceparent"), call.header("absent"));
      return REPLY;
    });
    await client().check(REPLY, { metadata: { Traceparent: "00-aa-bb-01" } });
    expect(seen).toEqual(["00-aa-bb-01", undefined]);
  });

  it("gives the caller's deadline on the monotonic clock, and none without one", async () => {
    const deadlines: number[] = [];
    const clock = { ...handClock(), unixMs: () => Date.now(), monotonicMs: () => 5_000 };
    const keep = (_request: Uint8Array, call: Call) => {
      deadlines.push(call.deadlineMonotonicMs);
      return REPLY;
    };
    const { client } = await startTransport(create, keep, { clock });
    const caller = client();
    await caller.check(REPLY, { deadlineMs: 20_000 });
    await caller.check(REPLY);
    expect(deadlines[0]).toBeGreaterThan(5_000);
    expect(deadlines[0]).toBeLessThanOrEqual(25_000);
    expect(deadlines[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it("ends a Check whose deadline passes and tells the handler", async () => {
    const cancelled = Promise.withResolvers<void>();
    const { client } = await startTransport(create, (_request, call) => {
      call.onCancel(() => cancelled.resolve());
      return new Promise(() => undefined);
    });
    expect(await codeOf(client().check(REPLY, { deadlineMs: 50 }))).toBe(4);
    await cancelled.promise;
  });

  it("tells the handler once that the caller went away, and drops its late reply", async () => {
    const late = Promise.withResolvers<Uint8Array>();
    const arrived = Promise.withResolvers<void>();
    let cancellations = 0;
    const { client, transport, defects } = await startTransport(create, (_request, call) => {
      call.onCancel(() => {
        cancellations += 1;
      });
      arrived.resolve();
      return late.promise;
    });
    const abort = new AbortController();
    const call = codeOf(client().check(REPLY, { signal: abort.signal }));
    await arrived.promise;
    abort.abort();
    expect(await call).toBe(1);
    await waitUntil("the cancellation", () => cancellations > 0);
    late.resolve(REPLY);
    await waitUntil("the late reply", () => transport.stats.inFlight === 0);
    expect(transport.stats).toMatchObject({ cancelled: 1, answered: 0 });
    expect({ cancellations, defects }).toEqual({ cancellations: 1, defects: [] });
  });

  it("tells a handler that asks too late at once", async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const { client } = await startTransport(create, async (_request, call) => {
      await new Promise<void>((gone) => call.onCancel(gone));
      call.onCancel(resolve);
      return REPLY;
    });
    expect(await codeOf(client().check(REPLY, { deadlineMs: 30 }))).toBe(4);
    await asked;
  });

  it("says nothing about cancellation after an ordinary reply", async () => {
    let cancellations = 0;
    const { client } = await startTransport(create, (_request, call) => {
      call.onCancel(() => {
        cancellations += 1;
      });
      return REPLY;
    });
    const caller = client();
    await caller.check(REPLY);
    await caller.check(REPLY);
    expect(cancellations).toBe(0);
  });

  it("refuses a message over the limit with 8 and takes one at the limit", async () => {
    const limits = { ...TRANSPORT_LIMITS, messageBytesMax: 1_000 };
    const { client, transport } = await startTransport(create, echo, { limits });
    const caller = client();
    expect(await caller.check(Buffer.alloc(1_000))).toHaveLength(1_000);
    expect(await codeOf(caller.check(Buffer.alloc(1_001)))).toBe(8);
    expect(transport.stats.refusedOversized).toBe(1);
  });

  it.each(["gzip", "deflate", "identity", undefined, "\u0080gzip"])(
    "refuses a message marked as compressed with 12 (grpc-encoding %s)",
    async (encoding) => {
      let asked = 0;
      const { raw, transport } = await startTransport(create, () => Buffer.of(++asked));
      const data = [framed(gzipSync(Buffer.alloc(60_000)), { flag: 1 })];
      const answer = await raw().call({ headers: { "grpc-encoding": encoding }, data });
      expect(answer).toMatchObject({ httpStatus: 200, grpcStatus: 12 });
      expect({ asked, refused: transport.stats.refusedUnreadable }).toEqual({
        asked: 0,
        refused: 1,
      });
    },
  );

  it("takes an uncompressed message of a caller that could compress", async () => {
    const { raw } = await startTransport(create, echo);
    const headers = { "grpc-encoding": "gzip", "grpc-accept-encoding": "gzip" };
    const answer = await raw().call({ headers, data: [framed(REPLY)] });
    expect(answer).toMatchObject({ grpcStatus: 0, body: framed(REPLY) });
  });

  it.each([
    ["an empty reply", () => new Uint8Array(0)],
    ["a promised empty reply", () => Promise.resolve(new Uint8Array(0))],
    ["a reply over the bound", () => new Uint8Array(262_145)],
    ["a throwing handler", () => { throw new Error("defect"); }], // biome-ignore format: one row
    ["a rejecting handler", () => Promise.reject(new Error("defect"))],
  ])("answers 13 and counts a defect for %s", async (_name, handler) => {
    const { client, transport, defects } = await startTransport(create, handler);
    expect(await codeOf(client().check(REPLY))).toBe(13);
    expect(transport.stats).toMatchObject({ defects: 1, answered: 0, inFlight: 0 });
    expect(defects).toHaveLength(1);
  });

  it("tells its callers how many streams one connection may hold", async () => {
    const limits = { ...TRANSPORT_LIMITS, concurrentStreamsMax: 7 };
    const { raw } = await startTransport(create, echo, { limits });
    const { session } = raw();
    await once(session, "remoteSettings");
    expect(session.remoteSettings.maxConcurrentStreams).toBe(7);
  });

  it("writes nothing of a call to the console", async () => {
    const write = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { raw } = await startTransport(create, echo);
    await raw().call({ headers: { "x-secret": "\u0080secret" }, data: [framed(REPLY)] });
    expect(write).not.toHaveBeenCalled();
  });

  it("answers 200 Checks at once over four connections", async () => {
    const { handler, arrived, release } = heldHandler();
    const { client, transport } = await startTransport(create, handler);
    const clients = [client(), client(), client(), client()];
    const calls = Array.from({ length: 200 }, (_, index) => clients[index % 4]?.check(REPLY));
    await arrived(200);
    expect(transport.stats).toMatchObject({ inFlight: 200, connections: 4 });
    release(REPLY);
    expect(new Set((await Promise.all(calls)).map(String))).toEqual(new Set(["reply"]));
    expect(transport.stats).toMatchObject({ inFlight: 0, answered: 200 });
  });
}

export function healthContract(create: CreateTransport): void {
  const SERVICES = ["", "envoy.service.auth.v3.Authorization"];

  it.each(SERVICES)("reports the health of '%s'", async (service) => {
    const health = new Readiness();
    const release = health.hold("policy");
    const { client } = await startTransport(create, echo, { health });
    const caller = client();
    expect(await caller.health(service)).toBe(2);
    release();
    expect(await caller.health(service)).toBe(1);
  });

  it("does not know other services", async () => {
    const { client } = await startTransport(create, echo);
    expect(await codeOf(client().health("other"))).toBe(5);
  });

  it.each(SERVICES)("streams every change of '%s'", async (service) => {
    const health = new Readiness();
    const { client } = await startTransport(create, echo, { health });
    const watch = client().watch(service);
    expect(await watch.next()).toBe(1);
    const release = health.hold("draining");
    expect(await watch.next()).toBe(2);
    release();
    expect(await watch.next()).toBe(1);
    watch.cancel();
  });

  it("keeps the watch of an unknown service open with SERVICE_UNKNOWN", async () => {
    const { client, transport } = await startTransport(create, echo);
    const watch = client().watch("other");
    expect(await watch.next()).toBe(3);
    await transport.drain(1_000);
    expect(await watch.ended).toBe(14);
  });
}
