/** A log line is one JSON object with constant text, and says nothing that others wrote. */
import { describe, expect, it } from "vitest";
import { ConfigError, UnavailableError } from "../../../src/domain/errors.ts";
import { CheckLog } from "../../../src/observability/check-log.ts";
import { describeError } from "../../../src/observability/describe-error.ts";
import { createLog, type LogLevel } from "../../../src/observability/log.ts";
import { checkRecord } from "../../support/check-record.ts";
import { handClock } from "../../support/hand-clock.ts";

function setUp(level: LogLevel = "debug") {
  const lines: Record<string, unknown>[] = [];
  let flushes = 0;
  const clock = handClock();
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line)),
    flushSync: () => void flushes++,
  };
  const log = createLog({ level, clock, destination });
  return { lines, clock, log, logger: log.component("check"), flushes: () => flushes };
}

describe("createLog", () => {
  it("writes time, level, component, text and fields, and nothing else", () => {
    const { lines, logger } = setUp();
    logger.info("ready", { port: 9191 });
    const time = "2025-11-24T16:00:00.000Z";
    expect(lines).toEqual([{ level: "info", time, component: "check", msg: "ready", port: 9191 }]);
  });

  it("leaves out what is below its level and says so beforehand", () => {
    const { lines, logger } = setUp("warn");
    logger.debug("a");
    logger.info("b");
    logger.warn("c");
    logger.error("d");
    expect(lines.map((line) => [line["level"], line["msg"]])).toEqual([
      ["warn", "c"],
      ["error", "d"],
    ]);
    expect([logger.isDebug, setUp("debug").logger.isDebug]).toEqual([false, true]);
  });

  it("hides fields by the names of secrets", () => {
    const { lines, logger } = setUp();
    logger.warn("x", { token: "t", header: { authorization: "a" }, port: 1 });
    expect(lines[0]).toMatchObject({
      token: "[redacted]",
      header: { authorization: "[redacted]" },
      port: 1,
    });
  });

  it("flushes its destination", () => {
    const { log, flushes } = setUp();
    log.flush();
    expect(flushes()).toBe(1);
  });
});

describe("describeError", () => {
  it("says kind, code, cause and place, and no message", () => {
    const cause = Object.assign(new Error("canary"), { code: "ECONNREFUSED" });
    const thrown = new UnavailableError("engine.unavailable", "canary\n    at canary", { cause });
    const described = describeError(thrown);
    expect(described).toMatchObject({
      type: "UnavailableError",
      code: "engine.unavailable",
      cause: "ECONNREFUSED",
    });
    expect(described["at"]).toContainEqual(expect.stringContaining("log.test.ts"));
    expect(JSON.stringify(described)).not.toContain("canary");
  });

  it.each([["canary"], [{ code: "canary" }], [undefined], [null]])("takes %j too", (thrown) => {
    expect(describeError(thrown)).toEqual({ type: typeof thrown });
  });

  it("does not repeat a code that is no code", () => {
    const thrown = Object.assign(new ConfigError(["x"]), { code: "a b\nc" });
    expect(describeError(thrown)["code"]).toBeUndefined();
  });
});

describe("CheckLog", () => {
  it("writes a line per Check at level debug only", () => {
    for (const level of ["debug", "info"] as const) {
      const { lines, logger, clock } = setUp(level);
      new CheckLog({ logger, clock }).observe(checkRecord());
      expect(lines).toHaveLength(level === "debug" ? 1 : 0);
    }
  });

  it("warns of defects once in ten seconds and counts the others", () => {
    const { lines, logger, clock } = setUp("info");
    const checkLog = new CheckLog({ logger, clock });
    const broken = checkRecord({ defect: new TypeError("canary") });
    for (let index = 0; index < 5; index++) checkLog.observe(broken);
    clock.advance(9_999);
    checkLog.defect("no record");
    clock.advance(1);
    checkLog.observe(broken);
    expect(lines.map((line) => [line["level"], line["left_out"]])).toEqual([
      ["warn", 0],
      ["warn", 5],
    ]);
    expect(lines[0]).toMatchObject({ decision_id: broken.auditId, err: { type: "TypeError" } });
  });
});
