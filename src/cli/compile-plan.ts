/**
 * `sark-authz policy compile`: what the plan of a bundle becomes. Prints the generated JavaScript, or only
 * its size and how long it took.
 *
 * @module
 */
import { resolve } from "node:path";
import { ConfigError } from "../domain/errors.ts";
import { fileSystem } from "../host/file-system.ts";
import { systemClock } from "../host/system-clock.ts";
import { readBundle } from "../policy/bundle.ts";
import { deviatingBuiltins } from "../policy/deviations.ts";
import type { Plan } from "../policy/plan/ir.ts";
import { readPlan } from "../policy/plan/read-plan.ts";
import { DEFAULT_LIMITS } from "../policy/plan/values/budget.ts";
import { PlanEngine } from "../policy/plan-engine.ts";
import { readArchive } from "../policy/policy-store.ts";
import { EXIT_CODE } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

const FUNCTION = /^function f(\d+)\(/gm;

/** Each function of a rule under its name and the place of its first statement. */
function withRuleNames(source: string, plan: Plan): string {
  return source.replaceAll(FUNCTION, (line, index: string) => {
    const rule = plan.functions[Number(index)];
    const at = rule?.blocks[0]?.[0]?.at;
    const file = at === undefined ? undefined : plan.files[at.file];
    const place = at === undefined || file === undefined ? "" : ` (${file}:${at.row}:${at.col})`;
    return `// ${rule?.name ?? "unknown"}${place}\n${line}`;
  });
}

/** The figures go to stderr, so that the source alone can be kept. */
export async function compilePolicy(
  bundleFile: string,
  isPrinted: boolean,
  terminal: Pick<Terminal, "print" | "tell">,
): Promise<number> {
  try {
    const archive = await readArchive(fileSystem, resolve(bundleFile));
    const options = { file: bundleFile, allowUnsigned: true, engine: "plan" } as const;
    const bundle = readBundle(archive, options);
    const startedMs = systemClock.monotonicMs();
    const engine = PlanEngine.load(bundle, bundleFile, DEFAULT_LIMITS);
    const compiledMs = systemClock.monotonicMs() - startedMs;
    if (isPrinted) terminal.print(withRuleNames(engine.source, readPlan(bundle.plan ?? "")));
    const sizes = `plan ${bundle.plan?.length ?? 0} characters, JavaScript ${engine.source.length}`;
    terminal.tell(`${bundleFile}: ${engine.entrypoints.join(", ")}`);
    terminal.tell(`${sizes}, compiled in ${compiledMs.toFixed(1)} ms`);
    terminal.tell(`builtins: ${engine.builtinNames.join(", ") || "none"}`);
    const deviating = deviatingBuiltins(engine.builtinNames);
    if (deviating.length > 0) terminal.tell(`altered in WebAssembly: ${deviating.join(", ")}`);
    return EXIT_CODE.success;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    terminal.tell(thrown.message);
    return EXIT_CODE.negative;
  }
}
