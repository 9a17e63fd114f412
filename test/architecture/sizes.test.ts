/** Files stay readable: bounded, small in the median, and each says first what it is for. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const LINES_MAX = 300;
const TEST_LINES_MAX = 400;
const MEDIAN_LINES_MAX = 130;

function files(folder: string): { readonly file: string; readonly lines: string[] }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({
      file: `${folder}/${file}`,
      lines: readFileSync(`${folder}/${file}`, "utf8").trimEnd().split("\n"),
    }));
}

it("bounds every file", () => {
  const long = [
    ...files("src").filter(({ lines }) => lines.length > LINES_MAX),
    ...files("test").filter(({ lines }) => lines.length > TEST_LINES_MAX),
  ];
  expect(long.map(({ file, lines }) => `${file}: ${lines.length}`)).toEqual([]);
});

it("keeps the median small", () => {
  const counts = files("src").map(({ lines }) => lines.length);
  counts.sort((a, b) => a - b);
  expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(MEDIAN_LINES_MAX);
});

it("opens every source file with what it is for", () => {
  const silent = files("src").filter(
    ({ file, lines }) => file !== "src/main.ts" && !lines[0]?.startsWith("/**"),
  );
  expect(silent.map(({ file }) => file)).toEqual([]);
});
