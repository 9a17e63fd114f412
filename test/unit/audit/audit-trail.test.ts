/** The audit trail writes each record once and in order, stays within its bounds and never waits. */
import { describe, expect, it } from "vitest";
import { AuditTrail, type AuditTrailOptions } from "../../../src/audit/audit-trail.ts";
import type { CheckRecord } from "../../../src/domain/record.ts";
import { checkRecord } from "../../support/check-record.ts";
import { handClock } from "../../support/hand-clock.ts";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const denied = { effect: "deny", reason: "policy.denied" } as const;

/** A sink that can be told to fail or to hang. */
function memorySink() {
  const lines: { sequence: number; decision: string }[] = [];
  const sink = {
    lines,
    writes: 0,
    failures: 0,
    hang: false,
    write: async (batch: Uint8Array) => {
      sink.writes++;
      if (sink.hang) await new Promise(() => {});
      if (sink.failures-- > 0) throw new Error("ENOSPC");
      const text = Buffer.from(batch).toString();
      for (const line of text.trimEnd().split("\n")) lines.push(JSON.parse(line));
    },
    close: async () => {},
    sequences: () => lines.map(({ sequence }) => sequence),
  };
  return sink;
}

function setUp(change: Partial<AuditTrailOptions> = {}) {
  const clock = handClock();
  const sink = memorySink();
  const deferred: (() => void)[] = [];
  const trail = new AuditTrail({
    sink,
    clock,
    random: { float: () => 0.5 },
    defer: (task) => deferred.push(task),
    instance: "pod-1",
    queueRecordsMax: 10_000,
    queueBytesMax: 33_554_432,
    ...change,
  });
  const add = (count: number, record: Partial<CheckRecord> = {}) => {
    for (let index = 0; index < count; index++) trail.record(checkRecord(record));
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settled();
  };
  return { clock, sink, trail, deferred, add, pass };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe("AuditTrail", () => {
  it("writes one line per record, in order, at the next wake-up", async () => {
    const { sink, trail, add, pass } = setUp();
    add(3);
    expect([sink.writes, trail.stats.queued]).toEqual([0, 3]);
    await pass(100);
    expect(sink.sequences()).toEqual([1, 2, 3]);
    expect(trail.stats).toMatchObject({ queued: 0, queuedBytes: 0, written: 3 });
  });

  it("does nothing on the path of the Check but one deferral per group", () => {
    const { sink, deferred, add } = setUp();
    add(100);
    expect([deferred.length, sink.writes]).toEqual([1, 0]);
  });

  it("writes a large amount without waiting for the wake-up, in bounded batches", async () => {
    const { sink, deferred, add } = setUp();
    for (let group = 0; group < 20; group++) {
      add(32);
      deferred.pop()?.();
    }
    await settled();
    expect(sink.writes).toBeGreaterThan(5);
    expect(sink.sequences()).toEqual(upTo(640));
  });

  it("keeps records while the sink fails and writes each once when it is back", async () => {
    const { sink, trail, add, pass } = setUp();
    sink.failures = 3;
    add(2);
    await pass(100);
    add(2, denied);
    for (let step = 0; step < 20; step++) await pass(50);
    expect(sink.sequences()).toEqual([1, 2, 3, 4]);
    expect(trail.stats).toMatchObject({ written: 4, sinkErrors: 3, queued: 0 });
  });

  it("pauses longer after each failure, 5 s at most", async () => {
    const { sink, add, pass } = setUp();
    sink.failures = Number.POSITIVE_INFINITY;
    add(1);
    await pass(100);
    const attempts: number[] = [];
    for (let at = 0; at < 30_000; at += 25) {
      const before = sink.writes;
      await pass(25);
      if (sink.writes > before) attempts.push(at + 25);
    }
    const pauses = attempts.map((at, index) => at - (attempts[index - 1] ?? 0));
    expect(pauses.slice(0, 8)).toEqual([75, 150, 300, 600, 1_200, 2_400, 3_750, 3_750]);
  });

  it("gives up the oldest allows first and refusals last", async () => {
    const { sink, trail, add, pass } = setUp({ queueRecordsMax: 6 });
    add(2, denied); // 1 2
    add(4); // 3 4 5 6
    add(2, denied); // 7 8 push out 3 4
    add(1); // 9 pushes out 5
    await pass(100);
    expect(sink.sequences()).toEqual([1, 2, 6, 7, 8, 9]);
    expect(trail.stats.droppedByCause).toMatchObject({ queue_records: 3, queue_bytes: 0 });
  });

  it("gives up the oldest refusals when there is nothing else", async () => {
    const { sink, add, pass } = setUp({ queueRecordsMax: 3 });
    add(5, denied);
    await pass(100);
    expect(sink.sequences()).toEqual([3, 4, 5]);
  });

  it("stays within its bounds in records and bytes while the sink hangs", async () => {
    const dropped: string[] = [];
    const onDrop = (cause: string) => dropped.push(cause);
    const { sink, trail, add, pass } = setUp({
      queueRecordsMax: 500,
      queueBytesMax: 200_000,
      onDrop,
    });
    sink.hang = true;
    for (let round = 0; round < 30; round++) {
      add(100);
      await pass(100);
      expect(trail.stats.queued).toBeLessThanOrEqual(500);
      expect(trail.stats.queuedBytes).toBeLessThanOrEqual(200_000);
    }
    const { queued, droppedByCause } = trail.stats;
    expect(droppedByCause.queue_bytes).toBeGreaterThan(0);
    expect(droppedByCause.queue_records + droppedByCause.queue_bytes + queued).toBe(3_000);
    expect(dropped).toHaveLength(3_000 - queued);
  });

  it("flushes everything, and ends a pause to do so", async () => {
    const { sink, trail, add, pass } = setUp();
    sink.failures = 1;
    add(5);
    await pass(100);
    expect(trail.stats.sinkErrors).toBe(1);
    await expect(trail.flush(2_000)).resolves.toBe(true);
    expect(sink.sequences()).toEqual(upTo(5));
  });

  it("gives up a flush after its time and counts the loss at the end", async () => {
    const { sink, trail, clock, add, pass } = setUp();
    sink.hang = true;
    add(5);
    const closed = trail.close(2_000);
    await pass(2_000);
    await expect(closed).resolves.toBe(false);
    add(1);
    expect(trail.stats.droppedByCause.shutdown).toBe(6);
    expect(clock.waiting).toBe(0);
  });

  it("writes the rest when it is closed and wakes up no more", async () => {
    const { sink, trail, clock, add } = setUp();
    add(50);
    await expect(trail.close(2_000)).resolves.toBe(true);
    expect(sink.sequences()).toEqual(upTo(50));
    expect(clock.waiting).toBe(0);
  });

  it("does not lose the others when one record can not be written", async () => {
    const { sink, trail, add, pass } = setUp();
    add(1);
    add(1, { text: 7 as unknown as string });
    add(1);
    await pass(100);
    expect(sink.sequences()).toEqual([1, 3]);
    expect(trail.stats.droppedByCause.encoding).toBe(1);
  });

  it("reads the parameters before the reply is given", async () => {
    const { sink, trail, pass } = setUp();
    const bytes = Buffer.from('{"city":"Berlin"}');
    const record = checkRecord();
    if (record.request === undefined) throw new Error("the sample has a request");
    const parameters = { bytes, value: () => ({}) };
    trail.record({ ...record, request: { ...record.request, parameters } });
    bytes.fill(0);
    await pass(100);
    expect(sink.lines[0]).toMatchObject({ action_parameters: { names: ["city"] } });
  });
});
