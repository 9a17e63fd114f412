/** Time, chance, timers, network and files come in as parameters: the core can run in simulated time. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Where the platform is allowed: the process, its adapters and the listeners. */
const PLATFORM = /^(main[.]ts|app(-[a-z]+)?[.]ts|host\/|transport\/|admin\/|cli\/)/;

const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ["Date.now", /\bDate\.now\b/],
  ["new Date()", /\bnew Date\(\)/],
  ["performance.now", /\bperformance\b/],
  ["process.hrtime", /\bhrtime\b/],
  ["Math.random", /\bMath\.random\b/],
  ["timers", /\b(setTimeout|setInterval|setImmediate)\(/],
  ["fetch", /\bfetch\(/],
  ["node:fs", /from "node:fs/],
  ["node:net", /from "node:(net|tls|dgram|http|https|http2|dns)/],
  ["node:child_process", /from "node:child_process/],
  ["randomness", /\b(randomBytes|randomUUID|getRandomValues)\b/],
];

function sources(): string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
}

it("finds the core to look at", () => {
  expect(sources().filter((file) => !PLATFORM.test(file)).length).toBeGreaterThan(40);
});

it("keeps the platform out of the decision core", () => {
  const found: string[] = [];
  for (const file of sources()) {
    if (PLATFORM.test(file)) continue;
    const code = readFileSync(`src/${file}`, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    for (const [name, pattern] of FORBIDDEN) if (pattern.test(code)) found.push(`${file}: ${name}`);
  }
  expect(found).toEqual([]);
});

it("touches the process in main.ts only", () => {
  const users = sources().filter((file) => {
    const code = readFileSync(`src/${file}`, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    return file !== "main.ts" && /\bprocess\./.test(code);
  });
  expect(users.filter((file) => !file.startsWith("host/"))).toEqual([]);
});
