/** The fixed percentage enforces for nobody at 0, for everybody at 100 and never moves a caller back. */
import { describe, expect, it } from "vitest";
import { StaticRollout } from "../../../src/rollout/static-rollout.ts";
import { agent, user } from "../../support/samples.ts";

function rollout(percent: number): StaticRollout {
  return new StaticRollout({ feature: "sark_authz", percent });
}

const everyBucket = Array.from({ length: 100 }, (_, bucket) => bucket);

describe("StaticRollout", () => {
  it("enforces for nobody at 0 and for everybody at 100", () => {
    expect(everyBucket.some((bucket) => rollout(0).enforces(bucket))).toBe(false);
    expect(everyBucket.every((bucket) => rollout(100).enforces(bucket))).toBe(true);
  });

  it("keeps everybody it had when the percentage rises", () => {
    for (let percent = 0; percent < 100; percent++) {
      const [before, after] = [rollout(percent), rollout(percent + 1)];
      const lost = everyBucket.filter(
        (bucket) => before.enforces(bucket) && !after.enforces(bucket),
      );
      expect(lost).toEqual([]);
      expect(everyBucket.filter((bucket) => after.enforces(bucket))).toHaveLength(percent + 1);
    }
  });

  it("is complete at 100 only", () => {
    expect([0, 99, 100].map((percent) => rollout(percent).isComplete)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("sorts users by subject and agents by their own id, the same each time", () => {
    const gate = rollout(50);
    const alice = user({ id: "alice" });
    expect([gate.bucket(alice), gate.bucket(alice)]).toEqual([63, 63]);
    expect(gate.bucket(user({ id: "bob" }))).toBe(64);
    expect(gate.bucket(agent({ id: "unknown" }))).toBe(59);
  });

  it.each([-1, 101, 12.5, Number.NaN])("refuses %s percent", (percent) => {
    expect(() => rollout(percent)).toThrow(TypeError);
  });
});
