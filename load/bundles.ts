/**
 * Compiles the yardstick policies with OPA into bundles that the sidecar loads with any engine.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTarGz } from "../src/policy/tar.ts";
import { writeTarGz } from "../src/policy/tar-writer.ts";
import { ensure } from "../tools/ensure.ts";

const POLICIES = fileURLToPath(new URL("./policies", import.meta.url));

export interface YardstickBundle {
  readonly path: string;
  readonly entrypoint: string;
}

/**
 * One bundle for every engine. Unoptimised, as OPA's own documentation of WASM bundles has it: `-O` changes
 * answers.
 */
export async function buildYardstick(
  name: "small" | "mid",
  folder: string,
): Promise<YardstickBundle> {
  const { opa } = await ensure(["opa"]);
  if (opa === undefined) throw new Error("OPA is needed to compile the yardstick policies");
  const source = join(folder, name);
  const path = join(folder, `${name}.tar.gz`);
  const entrypoint = name === "small" ? "sark/gateway/allow" : "sark/gateway/result";
  mkdirSync(source, { recursive: true });
  cpSync(join(POLICIES, `${name}.rego`), join(source, "policy.rego"));
  cpSync(join(POLICIES, "data.json"), join(source, "data.json"));
  const built = (target: "plan" | "wasm") => {
    const output = join(folder, `${name}-${target}.tar.gz`);
    const options = ["build", "-t", target, "-b", ".", "-e", entrypoint, "--revision", name];
    execFileSync(opa, [...options, "-o", output], {
      cwd: source,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return readTarGz(readFileSync(output), output);
  };
  const files = new Map(built("wasm"));
  const plan = built("plan").get("plan.json");
  if (plan !== undefined) files.set("plan.json", plan);
  writeFileSync(path, writeTarGz(files));
  return { path, entrypoint };
}
