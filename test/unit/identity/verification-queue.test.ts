/** Verification queue: a bounded number at once, equal ones together, each caller with its own patience. */
import { expect, it } from "vitest";
import { VerificationQueue } from "../../../src/identity/verification-queue.ts";
import { handClock } from "../../support/hand-clock.ts";
import { settle } from "../../support/key-sources.ts";
import { reasonOf } from "../../support/verifier.ts";

function rig(runningMax = 1) {
  const clock = handClock();
  const queue = new VerificationQueue<string>(runningMax, clock);
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const run = (key: string, patienceMs = 1_000) => {
    const task = () => {
      started.push(key);
      const end = Promise.withResolvers<string>();
      ends.set(key, end);
      return end.promise;
    };
    return reasonOf(queue.run(key, clock.monotonicMs() + patienceMs, task));
  };
  const finish = async (key: string) => {
    ends.get(key)?.resolve(key);
    await settle();
  };
  return { clock, queue, started, ends, run, finish };
}

it("starts in order of arrival, as places become free", async () => {
  const { started, run, finish } = rig(2);
  const all = ["a", "b", "c", "d"].map((key) => run(key));
  expect(started).toEqual(["a", "b"]);
  await finish("b");
  expect(started).toEqual(["a", "b", "c"]);
  await finish("a");
  await finish("d");
  await finish("c");
  expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"].map((key) => `accepted "${key}"`));
});

it("shares a running and a waiting verification among equal keys", async () => {
  const { queue, started, run, finish } = rig();
  const all = [run("a"), run("a"), run("b"), run("b")];
  expect([queue.running, queue.waiting]).toEqual([1, 1]);
  await finish("a");
  await finish("b");
  await Promise.all(all);
  expect(started).toEqual(["a", "b"]);
});

it("gives up for the caller whose time is over, not for the one that can wait", async () => {
  const { clock, run, finish } = rig();
  void run("a");
  const [hasty, patient] = [run("b", 100), run("b", 500)];
  clock.advance(100);
  expect(await hasty).toBe("engine.overloaded");
  await finish("a");
  await finish("b");
  expect(await patient).toBe('accepted "b"');
});

it("never starts what nobody waits for, and frees its place in the queue", async () => {
  const { clock, queue, started, run, finish } = rig();
  void run("a");
  const late = run("b", 100);
  clock.advance(100);
  expect(await late).toBe("engine.overloaded");
  expect(queue.waiting).toBe(0);
  await finish("a");
  expect([started, queue.running]).toEqual([["a"], 0]);
  void run("b");
  expect(started).toEqual(["a", "b"]);
});

it("refuses at once when the time was over before", async () => {
  const { queue, run } = rig();
  void run("a");
  expect(await run("b", 0)).toBe("engine.overloaded");
  expect(queue.waiting).toBe(0);
});

it("goes on after a failure, and leaves no timer behind", async () => {
  const { clock, ends, run, finish, started } = rig();
  const [first, second] = [run("a"), run("b")];
  ends.get("a")?.reject(Object.assign(new Error("no"), { reason: "identity.signature" }));
  expect(await first).toBe("identity.signature");
  expect(started).toEqual(["a", "b"]);
  await finish("b");
  expect(await second).toBe('accepted "b"');
  expect(clock.waiting).toBe(0);
});

it("gives whoever asks after the end a verification of its own", async () => {
  const { started, run, finish } = rig();
  const first = run("a").then(() => run("a"));
  await finish("a");
  expect(started).toEqual(["a", "a"]);
  await finish("a");
  await first;
});
