/** Random policies from a fixed seed: the engine answers as OPA does. `npm run differential` goes further. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { campaign, generateQuestion } from "../differential/campaign.ts";
import { compareWithOpa } from "../differential/compare.ts";
import { OpaOracle } from "../support/opa-oracle.ts";

const EVALUATIONS = 3_000;
/** A generator whose modules OPA seldom takes compares little. */
const REFUSED_SHARE_MAX = 0.3;
const UNPLANNED_SHARE_MAX = 0.1;

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("agrees with OPA on random policies and inputs", async () => {
  const report = await campaign([oracle], {
    seed: 20_261_124,
    inputsPerModule: 10,
    isOver: (evaluations) => evaluations >= EVALUATIONS,
  });
  expect(
    report.disagreements.map(
      ({ seed, entrypoint, ours, opa }) => `${seed} ${entrypoint}: ours ${ours} OPA ${opa}`,
    ),
  ).toEqual([]);
  expect(report.evaluations).toBeGreaterThanOrEqual(EVALUATIONS);
  expect(report.refused / report.modules).toBeLessThan(REFUSED_SHARE_MAX);
  expect(report.unplanned / report.modules).toBeLessThan(UNPLANNED_SHARE_MAX);
  expect([...report.agreed.keys()]).toEqual(
    expect.arrayContaining(["value", "undefined", "eval_conflict_error"]),
  );
}, 60_000);

it("finds no function by a name that the input gives", async () => {
  const compared = await compareWithOpa(oracle, {
    modules: {
      "lib.rego": "package lib\n\nf(_) := 1\n\nallow := input.z\n",
      "t.rego": "package t\n\nr := data.lib[input.x]\n",
    },
    dataText: "{}",
    entrypoints: ["t/r"],
    packages: [],
    inputTexts: ['{"x": "f", "z": 2}', '{"x": "allow", "z": 2}'],
  });
  expect(compared.disagreements).toEqual([]);
  expect(Object.fromEntries(compared.agreed)).toEqual({ undefined: 1, value: 1 });
});

it("repeats itself from its seed", () => {
  expect(generateQuestion(7, 3)).toEqual(generateQuestion(7, 3));
  expect(generateQuestion(7, 3)).not.toEqual(generateQuestion(8, 3));
});
