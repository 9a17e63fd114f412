/**
 * `npm run coverage`: which test names which attack, bypass, reason, method and operation, written to
 * `docs/security/coverage.md`. `--check` writes nothing and fails when the page is not what the tests
 * say. A row that no test names always fails.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { type CoverageSection, SECTIONS } from "./coverage-rows.ts";

interface ListedTest {
  readonly name: string;
  readonly file: string;
}

const PAGE = "docs/security/coverage.md";
const ROOT = new URL("..", import.meta.url).pathname;
/** More files say no more. */
const FILES_SHOWN_MAX = 4;

/** Every test with its full title, tables expanded. */
function listTests(): readonly ListedTest[] {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-coverage-"));
  const output = join(folder, "tests.json");
  const vitest = ["node_modules/vitest/vitest.mjs", "list", "--config", "test/vitest.config.ts"];
  try {
    execFileSync(process.execPath, [...vitest, "--no-static-parse", `--json=${output}`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    return JSON.parse(readFileSync(output, "utf8")) as ListedTest[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a word of its own: `T1` is not in `T12`, `json.bom` not in `json.bombs`. */
function names(title: string, id: string): boolean {
  const escaped = id.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return new RegExp(`(?<![\\w./])${escaped}(?![\\w/]|[.]\\w)`).test(title);
}

function page(tests: readonly ListedTest[]): { readonly text: string; readonly bare: string[] } {
  const bare: string[] = [];
  const parts = SECTIONS.map((section) => {
    const table = tableOf(section, tests, bare);
    return `## ${section.title}\n\n${section.note}\n\n${table}\n`;
  });
  const head =
    "# What the tests name\n\n" +
    "Derived from the titles of the tests by `npm run coverage`; do not edit. A row without a test fails the build.\n\n";
  return { text: head + parts.join("\n"), bare };
}

function tableOf(section: CoverageSection, tests: readonly ListedTest[], bare: string[]): string {
  const hasWhat = section.rows.some(({ what }) => what !== "");
  const head = hasWhat
    ? "| row | what | named in |\n|---|---|---|"
    : "| row | named in |\n|---|---|";
  const lines = section.rows.map(({ id, what }) => {
    const found = tests.filter(({ name }) => names(name, id));
    if (found.length === 0) bare.push(id);
    const files = [...new Set(found.map(({ file }) => relative(join(ROOT, "test"), file)))].sort();
    const shown = files.slice(0, FILES_SHOWN_MAX).map((file) => file.replace(/\.test\.ts$/, ""));
    const more = files.length > FILES_SHOWN_MAX ? ", …" : "";
    const where = `${shown.join(", ")}${more}`;
    return hasWhat ? `| ${id} | ${what} | ${where} |` : `| \`${id}\` | ${where} |`;
  });
  return [head, ...lines].join("\n");
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const { text, bare } = page(listTests());
if (bare.length > 0) {
  console.error(`no test names ${bare.join(", ")}`);
  process.exitCode = 1;
}
if (!values.check) writeFileSync(PAGE, text);
else if (readFileSync(PAGE, "utf8") !== text) {
  console.error(`${PAGE} is not what the tests say; run npm run coverage`);
  process.exitCode = 1;
}
