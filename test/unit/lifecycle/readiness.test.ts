/** Readiness: ready exactly while no latch is held, and every change of that is told. */
import { expect, it } from "vitest";
import { Readiness } from "../../../src/lifecycle/readiness.ts";

function rig() {
  const readiness = new Readiness();
  const told: boolean[] = [];
  const stop = readiness.onChange(() => told.push(readiness.isReady));
  return { readiness, told, stop };
}

it("is ready when nothing was ever awaited", () => {
  expect(new Readiness()).toMatchObject({ isReady: true, waitingFor: [] });
});

it("names what it waits for, oldest first, until the last latch is released", () => {
  const { readiness, told } = rig();
  const policy = readiness.hold("policy");
  const keys = readiness.hold("keys");
  expect(readiness.waitingFor).toEqual(["policy", "keys"]);
  policy();
  expect(readiness).toMatchObject({ isReady: false, waitingFor: ["keys"] });
  keys();
  expect(readiness).toMatchObject({ isReady: true, waitingFor: [] });
  expect(told).toEqual([false, true]);
});

it("keeps two latches of one name apart", () => {
  const { readiness } = rig();
  const first = readiness.hold("keys");
  readiness.hold("keys");
  first();
  first();
  expect(readiness).toMatchObject({ isReady: false, waitingFor: ["keys"] });
});

it("tells nobody who stopped listening, and tells the others although one stops meanwhile", () => {
  const { readiness, told, stop } = rig();
  let others = 0;
  const stopOther = readiness.onChange(() => {
    others += 1;
    stopOther();
  });
  readiness.onChange(() => {
    others += 1;
  });
  stop();
  readiness.hold("draining");
  expect({ told, others }).toEqual({ told: [], others: 2 });
});
