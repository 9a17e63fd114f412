/** openPolicy: the configured engine, with every entrypoint that is needed, after its cases. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { BothEngine } from "../../../src/policy/both-engine.ts";
import { type Bundle, readBundle } from "../../../src/policy/bundle.ts";
import { type EngineOptions, openPolicy } from "../../../src/policy/open-policy.ts";
import { PlanEngine } from "../../../src/policy/plan-engine.ts";
import { parseCases } from "../../../src/policy/policy-cases.ts";
import { WasmEngine } from "../../../src/policy/wasm-engine.ts";
import { engineOptions, type Logged, recordingLog } from "../../support/engine-options.ts";
import { compileBoth, lacksOpa } from "./rego-bundle.ts";

const SHIPPED = readFileSync(new URL("../../../policies/dist/bundle.tar.gz", import.meta.url));
const ENTRYPOINT = "mcp/gateway/result";
let bundle: Bundle;
beforeAll(() => {
  bundle = readBundle(SHIPPED, { file: "b", allowUnsigned: true, engine: "both" });
});

function open(change: Partial<EngineOptions> = {}, other: Partial<Bundle> = {}) {
  return openPolicy({ ...bundle, ...other }, "b", engineOptions(change));
}

/** The shipped cases with the first one expecting something else. */
function wrongCases(): Uint8Array {
  const [first, ...others] = parseCases(bundle.cases ?? new Uint8Array()) ?? [];
  return Buffer.from(JSON.stringify([{ ...first, expected: true }, ...others]));
}

describe.each([
  ["plan", PlanEngine],
  ["wasm", WasmEngine],
  ["both", BothEngine],
] as const)("engine %s", (engine, kind) => {
  it("answers from the shipped bundle", async () => {
    const policy = await open({ engine, requiredEntrypoints: [ENTRYPOINT] });
    expect(policy).toBeInstanceOf(kind);
    const { resultSet } = policy.evaluate(ENTRYPOINT, {}, 0);
    expect(resultSet).toMatchObject([{ result: { allow: false, reason_code: "policy.denied" } }]);
  });

  it("is refused without an entrypoint that a route needs", async () => {
    await expect(open({ engine, requiredEntrypoints: ["a/b"] })).rejects.toThrow(
      /^b: bundle\.abi: entrypoint a\/b is missing; it has mcp\/gateway/,
    );
  });

  it("is refused when a case is answered otherwise", async () => {
    const name = JSON.parse(Buffer.from(wrongCases()).toString())[0].description;
    await expect(open({ engine }, { cases: wrongCases() })).rejects.toThrow(
      `b: bundle.case: "${name}" is not answered as expected; run "sark-authz policy test"`,
    );
  });

  it("warns of a bundle without cases", async () => {
    const lines: Logged[] = [];
    await open({ engine, log: recordingLog(lines) }, { cases: undefined });
    expect(lines).toEqual([
      expect.objectContaining({ level: "warn", message: expect.stringMatching(/brings no cases/) }),
    ]);
  });
});

it("agrees with itself on every shipped case", async () => {
  const policy = await open({ engine: "both" });
  const cases = (parseCases(bundle.cases ?? new Uint8Array()) ?? []).filter(({ data }) => !data);
  for (const kase of cases) policy.evaluate(kase.entrypoint, kase.input, 0);
  expect(policy.comparisons).toEqual({ same: cases.length, different: 0, skipped: 0, dropped: 0 });
});

it.skipIf(lacksOpa()).each([
  ["json.marshal", "value := json.marshal(input)"],
  ["crypto.sha256", "value := crypto.sha256(input.x)"],
])("does not compare a policy with %s and says so once", async (builtin, rego) => {
  const archive = compileBoth(rego, ["value"]);
  const lines: Logged[] = [];
  const options = { file: "b", allowUnsigned: true, engine: "both" } as const;
  const policy = await openPolicy(
    readBundle(archive, options),
    "b",
    engineOptions({ engine: "both", log: recordingLog(lines) }),
  );
  expect(policy).toBeInstanceOf(PlanEngine);
  expect(lines.at(-1)).toMatchObject({ level: "warn", fields: { builtins: [builtin] } });
});

it("refuses cases that are none", async () => {
  await expect(open({}, { cases: Buffer.from("{}") })).rejects.toThrow(
    /^b: bundle\.case: cases\.json is no list of at most 1,000 cases/,
  );
});
