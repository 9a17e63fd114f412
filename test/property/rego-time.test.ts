/** Builtins on time against OPA, for random instants, durations, layouts and distances. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TIME } from "../../src/policy/builtins/time.ts";
import { numberFromText } from "../../src/policy/plan/values/decimal.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import { type BuiltinCase, caseContext, differencesFromOpa } from "../support/builtin-cases.ts";
import { OpaOracle } from "../support/opa-oracle.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

/** Cases of one question to OPA. */
const BATCH = 200;
const RUNS = 5;

const ns = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value): Value => numberFromText(String(value)));
const zone = fc.constantFrom(
  "UTC",
  "Europe/London",
  "America/New_York",
  "Asia/Kolkata",
  "Pacific/Apia",
);
const time = fc.oneof(ns, fc.tuple(ns, zone));
const layoutPart = fc.constantFrom(
  ...["2006", "06", "Jan", "January", "01", "1", "02", "2", "_2", "002", "__2", "Mon", "Monday"],
  ...[
    "15",
    "03",
    "3",
    "PM",
    "pm",
    "04",
    "4",
    "05",
    "5",
    "MST",
    "Z07:00",
    "-0700",
    "-07",
    "Z070000",
  ],
  ...[".000", ".999", ",0", " ", "-", "/", ":", "T", "é", "0", "_"],
);
const layout = fc.array(layoutPart, { maxLength: 10 }).map((parts) => parts.join(""));
const unit = fc.constantFrom("ns", "us", "ms", "s", "m", "h", "d", "w", "y");
const amount = fc.oneof(
  fc.nat({ max: 10_000 }).map(String),
  fc.double({ min: 1e-6, max: 1e6, noNaN: true }).map((value) => value.toFixed(12)),
);
const duration = fc
  .tuple(fc.constantFrom("", "-", "+"), fc.array(fc.tuple(amount, unit), { maxLength: 5 }))
  .map(([sign, parts]) => sign + parts.map(([digits, name]) => digits + name).join(""));
const distance = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer(), fc.maxSafeInteger());

const readers = ["time.format", "time.date", "time.clock", "time.weekday"] as const;
const read = fc.tuple(fc.constantFrom(...readers), time);
const format = fc.tuple(ns, zone, layout).map((args): BuiltinCase => ["time.format", args]);
const parse = fc.tuple(ns, layout).map(([at, form]): BuiltinCase => {
  const text = TIME["time.format"]?.(caseContext(), [at, "UTC", form]) ?? "";
  return ["time.parse_ns", form, text];
});
const added = fc.tuple(fc.constant("time.add_date"), time, distance, distance, distance);
const between = fc.tuple(fc.constant("time.diff"), time, time);
const parsedDuration = fc.tuple(fc.constant("time.parse_duration_ns"), duration);

const anyCase: fc.Arbitrary<BuiltinCase> = fc.oneof(
  read,
  format,
  parse,
  added,
  between,
  parsedDuration,
);

it("answers as OPA does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCase, { minLength: BATCH, maxLength: BATCH }), async (cases) => {
      expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

it("reads back what it writes", () => {
  fc.assert(
    fc.property(ns, zone, (at, name) => {
      const text = TIME["time.format"]?.(caseContext(), [at, name]);
      // Offsets are written without their seconds, which local mean times have.
      fc.pre(
        TIME["time.format"]?.(caseContext(), [at, name, "-070000"])?.toString().endsWith("00") ===
          true,
      );
      expect(TIME["time.parse_rfc3339_ns"]?.(caseContext(), text ?? "")).toEqual(at);
    }),
  );
});
