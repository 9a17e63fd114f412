/** Scans that OPA's planner does not write: none may stop early, or lose its order, where that shows. */
import { describe, expect, it } from "vitest";
import { inheritedBy } from "../../../../src/policy/plan/compile/liveness.ts";
import {
  isExistential,
  isOrdered,
  type ScanSurroundings,
} from "../../../../src/policy/plan/compile/scans.ts";
import type { Block, Operand, Statement, StatementOf } from "../../../../src/policy/plan/ir.ts";

const at = { file: 0, row: 1, col: 1 };
const local = (index: number): Operand => ({ kind: "local", local: index });
const YES: Operand = { kind: "boolean", value: true };

const SOURCE = 2;
const RESULT = 3;
const KEY = 4;
const VALUE = 5;
const INSIDE = 6;
const OUTSIDE = 7;

const success: Statement = { type: "AssignVarOnce", target: RESULT, source: YES, at };
const scanOf = (...block: Statement[]): StatementOf<"Scan"> => ({
  type: "Scan",
  source: SOURCE,
  key: KEY,
  value: VALUE,
  block,
  at,
});
const assign = (target: number, source: Operand): Statement => ({
  type: "AssignVar",
  target,
  source,
  at,
});
const call = (callee: string): Statement => ({
  type: "Call",
  callee,
  args: [local(VALUE)],
  result: INSIDE,
  at,
});

function surroundings(blocks: readonly Block[], isAgreed = true): ScanSurroundings {
  return {
    blocks,
    inherited: inheritedBy(blocks),
    isConstant: ({ kind }) => kind !== "local",
    isFunction: (callee) => callee.startsWith("g0."),
    isAgreed,
  };
}

const PLAIN = scanOf(assign(INSIDE, local(VALUE)), success);
const reading = (index: number) => assign(OUTSIDE, local(index));

describe("one success is enough", () => {
  it.each<[string, readonly Block[]]>([
    ["when nothing comes after it", [[PLAIN]]],
    ["when another body sets the local itself", [[PLAIN], [assign(INSIDE, YES), reading(INSIDE)]]],
    ["when its own body sets the local again", [[PLAIN, assign(INSIDE, YES), reading(INSIDE)]]],
    ["when another scan sets it", [[PLAIN], [scanOf(reading(VALUE))]]],
  ])("%s", (_name, blocks) => {
    expect(isExistential(PLAIN, surroundings(blocks))).toBe(true);
  });

  it.each<[string, readonly Block[]]>([
    ["when its last value is read after it", [[PLAIN, reading(VALUE)]]],
    ["when its last key is read in another body", [[PLAIN], [reading(KEY)]]],
    [
      "when what may set the local again may be left early",
      [[PLAIN, { type: "Block", blocks: [[assign(INSIDE, YES)]], at }, reading(INSIDE)]],
    ],
    [
      "when a scan around it reads the local of the round before",
      [[assign(INSIDE, YES), { ...scanOf(reading(INSIDE), PLAIN), key: 8, value: 9 }]],
    ],
    [
      "when the local was set before it, and is read after it",
      [[assign(INSIDE, YES), PLAIN, reading(INSIDE)]],
    ],
  ])("not %s", (_name, blocks) => {
    expect(isExistential(PLAIN, surroundings(blocks))).toBe(false);
  });

  it.each<[string, Statement[]]>([
    [
      "fills a collection from outside",
      [{ type: "ArrayAppend", array: OUTSIDE, value: YES, at }, success],
    ],
    ["sets what success sets", [{ type: "ResetLocal", target: RESULT, at }, success]],
    ["gives what it found", [{ type: "AssignVarOnce", target: RESULT, source: local(VALUE), at }]],
    ["returns", [{ type: "ReturnLocal", source: VALUE, at }, success]],
    ["does not end in success", [success, assign(INSIDE, local(VALUE))]],
  ])("not when the body %s", (_name, block) => {
    const scan = scanOf(...block);
    expect(isExistential(scan, surroundings([[scan]]))).toBe(false);
  });

  it("looks at all elements for conflicts of functions unless the rule's bodies agree", () => {
    const scan = scanOf(call("g0.data.test.f"), success);
    expect(isExistential(scan, surroundings([[scan]], true))).toBe(true);
    expect(isExistential(scan, surroundings([[scan]], false))).toBe(false);
    const builtin = scanOf(call("count"), success);
    expect(isExistential(builtin, surroundings([[builtin]], false))).toBe(true);
  });
});

describe("order", () => {
  it.each<[boolean, string, Statement[]]>([
    [false, "says that it is so", [success]],
    [
      false,
      "fills what it made",
      [
        { type: "MakeSet", target: INSIDE, at },
        { type: "SetAdd", set: INSIDE, value: local(VALUE), at },
        success,
      ],
    ],
    [true, "fills a set from outside", [{ type: "SetAdd", set: OUTSIDE, value: local(VALUE), at }]],
    [true, "calls a function", [call("g0.data.test.f"), success]],
    [
      true,
      "gives what it found",
      [{ type: "AssignVarOnce", target: RESULT, source: local(VALUE), at }],
    ],
  ])("is kept (%s) by a body that %s", (isKept, _name, block) => {
    const scan = scanOf(...block);
    expect(isOrdered(scan, surroundings([[scan]]))).toBe(isKept);
  });
});
