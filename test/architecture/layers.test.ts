/** Every import stays inside its layer, and the check really looked at every module. */
import { readdirSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { expect, it } from "vitest";

it("keeps every import inside its layer", async () => {
  const options = await extractOptions("./.dependency-cruiser.cjs");
  const tsConfig = extractTsConfig("tsconfig.json");
  const { output } = await cruise(["src", "test"], options, undefined, { tsConfig });
  if (typeof output === "string") throw new Error("expected the structured result");
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  expect(sources.length).toBeGreaterThan(0);
  expect(output.summary.totalCruised).toBeGreaterThanOrEqual(sources.length);
  expect(
    output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ).toEqual([]);
}, 60_000);
