/**
 * Every case of a folder through OPA, the oracle, and through both engines, each over the bundle that
 * would be served.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import { type Bundle, readBundle, withData } from "../policy/bundle.ts";
import { deviatingBuiltins } from "../policy/deviations.ts";
import { DEFAULT_LIMITS } from "../policy/plan/values/budget.ts";
import { PlanEngine } from "../policy/plan-engine.ts";
import { canonicalJson, caseAnswer, type PolicyCase } from "../policy/policy-cases.ts";
import type { PolicyEngine } from "../policy/policy-engine.ts";
import { MissingBuiltins, WasmEngine } from "../policy/wasm-engine.ts";
import { askOpa, outputOf, type PolicyCommand } from "./opa.ts";
import { readCaseFiles } from "./pack-bundle.ts";

interface Answerer {
  readonly name: string;
  ask(kase: PolicyCase): Promise<string>;
}

/** With `opa` every case is asked of it as well; true when every answer is the expected one. */
export async function runCases(
  command: PolicyCommand,
  archive: Uint8Array,
  opa: string | undefined,
): Promise<boolean> {
  const answerers = await engines(command, archive);
  if (answerers === undefined) return false;
  if (opa !== undefined)
    answerers.push({ name: "opa", ask: (kase) => answerOfOpa(command, opa, kase) });
  const files = readCaseFiles(command.policies);
  let failed = 0;
  for (const { file, kase } of files) {
    if (kase === undefined) {
      failed++;
      command.print(`${file}: not a case; it needs description, entrypoint, input and expected`);
      continue;
    }
    for (const { name, ask } of answerers) {
      const answer = await ask(kase);
      if (answer === canonicalJson(kase.expected)) continue;
      failed++;
      command.print(`${file} (${kase.description}): ${name} answers ${answer}`);
    }
  }
  const asked = answerers.map(({ name }) => name).join(", ");
  command.print(`${files.length} cases through ${asked}: ${failed} wrong answers`);
  return failed === 0;
}

/** Undefined, with the reason, when the bundle can not be served at all. */
async function engines(
  command: PolicyCommand,
  archive: Uint8Array,
): Promise<Answerer[] | undefined> {
  try {
    const bundle = readBundle(archive, { file: "bundle", allowUnsigned: true, engine: "both" });
    const plan = PlanEngine.load(bundle, "bundle", DEFAULT_LIMITS);
    const loadPlan = (one: Bundle) => PlanEngine.load(one, "bundle", DEFAULT_LIMITS);
    const answerers = [answererOf("plan", bundle, plan, loadPlan)];
    const deviating = deviatingBuiltins(plan.builtinNames);
    if (deviating.length > 0) {
      command.print(`not asked in WebAssembly, which alters ${deviating.join(", ")}`);
      return answerers;
    }
    const wasm = await loadWasm(command, bundle);
    const load = (one: Bundle) => WasmEngine.load(one, "bundle");
    if (wasm !== undefined) answerers.push(answererOf("wasm", bundle, wasm, load));
    return answerers;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    command.print(thrown.message);
    return undefined;
  }
}

async function loadWasm(command: PolicyCommand, bundle: Bundle): Promise<WasmEngine | undefined> {
  try {
    return await WasmEngine.load(bundle, "bundle");
  } catch (thrown) {
    if (!(thrown instanceof MissingBuiltins)) throw thrown;
    command.print(`not asked in WebAssembly, which lacks ${thrown.names.join(", ")}`);
    return undefined;
  }
}

function answererOf(
  name: string,
  bundle: Bundle,
  engine: PolicyEngine,
  load: (bundle: Bundle) => PolicyEngine | Promise<PolicyEngine>,
): Answerer {
  return {
    name,
    ask: async (kase) => {
      if (!engine.entrypoints.includes(kase.entrypoint)) {
        return `nothing: entrypoint ${kase.entrypoint} is missing`;
      }
      const over = kase.data === undefined ? engine : await load(withData(bundle, kase.data));
      return caseAnswer(over, kase);
    },
  };
}

/** An OPA that gives up is an answer too, and never the expected one. */
async function answerOfOpa(command: PolicyCommand, opa: string, kase: PolicyCase): Promise<string> {
  try {
    return canonicalJson(askOpa(command, opa, kase));
  } catch (thrown) {
    return `an error: ${outputOf(thrown) || String(thrown)}`;
  }
}
