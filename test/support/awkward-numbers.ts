/** Number literals on which implementations of OPA's numbers differ, and values that are none. */
import type { RegoNumber, Value } from "../../src/policy/plan/values/value.ts";
import { num, obj, set } from "./rego-values.ts";

export const NUMBER_TEXTS: readonly string[] = [
  "0",
  "-0",
  "0.0",
  "-0.0",
  "-0e0",
  "1",
  "-1",
  "1.0",
  "1.50",
  "-1.5",
  "0.1",
  "0.2",
  "0.3",
  "-0.5",
  "0.5",
  "2.5",
  "-2.5",
  "3",
  "-7",
  "7",
  "10",
  "1e0",
  "1e2",
  "1.5e1",
  "2147483647",
  "-2147483648",
  "2147483648",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "18446744073709551616",
  "18446744073709551617",
  "1000000000000000000000",
  "1e21",
  "1e+22",
  "123456789012345678901234567890",
  "0.33333333333333333333333333",
  "66666.66666666666666666666",
  "0.1000000000000000055511151231257827",
  "0.100000000000000000010",
  "0.10",
  "1e-7",
  "0.0000001",
  "1.25e-9",
  "1e30",
  "1e400",
  "-1e400",
  "1.5e400",
  "1e-400",
  "123456789012345678901234567890.5",
  "1234567.5",
  "99999.99999999999999999999",
];

export const AWKWARD_NUMBERS: readonly RegoNumber[] = NUMBER_TEXTS.map(num);

export const NO_NUMBERS: readonly Value[] = [
  null,
  true,
  "1",
  "",
  [],
  [1],
  {},
  { a: 1 },
  set(),
  set(1),
  obj([1, 2]),
];

/** Every pair of the two lists. */
export function pairs<A, B>(first: readonly A[], second: readonly B[]): (readonly [A, B])[] {
  return first.flatMap((a) => second.map((b) => [a, b] as const));
}
