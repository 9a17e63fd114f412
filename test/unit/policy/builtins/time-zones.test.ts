/** Local times and their abbreviations: every name of the time zone database, and its history. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AFRICA } from "../../../../src/policy/builtins/time/zone-names-africa.ts";
import { AMERICA } from "../../../../src/policy/builtins/time/zone-names-america.ts";
import { ASIA } from "../../../../src/policy/builtins/time/zone-names-asia.ts";
import { EUROPE } from "../../../../src/policy/builtins/time/zone-names-europe.ts";
import { TIME } from "../../../../src/policy/builtins/time.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const LAYOUT = "2006-01-02 15:04:05 MST -07:00:00";

const NAMES = [AFRICA, AMERICA, ASIA, EUROPE]
  .flatMap((text) => text.trim().split(/\n(?! )/))
  .flatMap((entry) => (entry.split(":")[0] ?? "").split(/\s+/));

/** Rules that changed between the releases of the database that OPA, the machine and Node carry. */
const CHANGED_RULES = [
  ...["Africa/Casablanca", "Africa/El_Aaiun"], // From 2027.
  ...["America/Edmonton", "America/Vancouver", "America/Yellowknife"], // From November 2026.
  ...["Canada/Mountain", "Canada/Pacific"], // Likewise.
  ...["Europe/Chisinau", "Europe/Tiraspol"], // The hour of the change, from 2022.
  ...["EET", "WET", "MET"], // 1977 to 1996; and what MET is called.
  ...["America/Ensenada", "America/Santa_Isabel", "America/Tijuana", "Mexico/BajaNorte"], // To 1975.
];

/** Zones whose history is the same in all of them. */
const OLD_ZONES = [
  ...["Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Dublin", "Europe/Moscow"],
  ...[
    "America/New_York",
    "America/Chicago",
    "America/St_Johns",
    "America/Anchorage",
    "Asia/Manila",
  ],
  ...["Asia/Kolkata", "Asia/Tokyo", "Asia/Kathmandu", "Australia/Sydney", "Pacific/Apia"],
  ...["Africa/Monrovia", "Africa/Cairo", "Atlantic/Azores"],
];

function atSecond(seconds: number): Value {
  return seconds === 0 ? 0 : num(`${seconds}${"0".repeat(9)}`);
}

function cases(zones: readonly string[], firstS: number, lastS: number, stepS: number) {
  const made: BuiltinCase[] = [];
  for (const [index, zone] of zones.entries()) {
    for (let at = firstS + index * 86_400; at <= lastS; at += stepS) {
      made.push(["time.format", [atSecond(at), zone, LAYOUT]]);
    }
  }
  return made;
}

describe("time zones", () => {
  it("are as in OPA since 1970, by every name", async () => {
    const names = NAMES.filter((name) => !CHANGED_RULES.includes(name));
    expect(names.length).toBeGreaterThan(580);
    const asked = cases(names, 3_600, 1_900_000_000, 130_000_000);
    expect(await differencesFromOpa(oracle, TIME, asked)).toEqual([]);
  });

  it("are as in OPA to the ends of time, with seconds in offsets", async () => {
    const asked = [
      ...cases(OLD_ZONES, -9_220_000_000, -2_300_000_000, 1_000_000_000),
      ...cases(OLD_ZONES, -2_300_000_000, 0, 10_000_000),
      ...cases(OLD_ZONES, 1_900_000_000, 9_220_000_000, 333_333_333),
    ];
    expect(await differencesFromOpa(oracle, TIME, asked)).toEqual([]);
  });

  it("change at the same second", async () => {
    // Berlin and New York, spring and autumn 2026; Apia leaves out a day of 2011.
    const changes = [1_774_746_000, 1_792_890_000, 1_772_953_200, 1_793_512_800, 1_325_239_200];
    const asked = changes.flatMap((change) =>
      [-1, 0, 1, 3_600].flatMap((distance) =>
        OLD_ZONES.map(
          (zone): BuiltinCase => ["time.format", [atSecond(change + distance), zone, LAYOUT]],
        ),
      ),
    );
    expect(await differencesFromOpa(oracle, TIME, asked)).toEqual([]);
  });

  it("have the abbreviations of their time", () => {
    expect(local(-3_000_000_000, "America/New_York")).toBe("1874-12-07 13:43:58 LMT -04:56:02");
    expect(local(-800_000_000, "America/New_York")).toBe("1944-08-25 13:46:40 EWT -04:00:00");
    expect(local(-763_000_000, "America/New_York")).toBe("1945-10-27 18:33:20 EST -05:00:00");
    expect(local(0, "Factory")).toBe("1970-01-01 00:00:00 -00 +00:00:00");
    expect(local(0, "Local")).toBe("1970-01-01 00:00:00 UTC +00:00:00");
    expect(local(1_800_000_000, "Asia/Kathmandu")).toBe("2027-01-15 13:45:00 +0545 +05:45:00");
  });

  it("keep their answers when more are asked for than are kept", () => {
    const before = NAMES.map((name) => local(1_000_000_000, name));
    expect(NAMES.map((name) => local(1_000_000_000, name))).toEqual(before);
  });
});

function local(seconds: number, zone: string): Value | undefined {
  return TIME["time.format"]?.(caseContext(), [atSecond(seconds), zone, LAYOUT]);
}
