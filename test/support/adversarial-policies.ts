/**
 * Policies that try to hold the process, each by another means. Their inputs are as large as a request may
 * be. Used by the security tests, and by the bench that measures how long the worst of them takes.
 */
export interface AdversarialPolicy {
  readonly name: string;
  /** Rules of `package test`; the answer is `r`. */
  readonly rules: string;
}

/** 4,000 members: about what fits into a request body of 64 KiB. */
export const ADVERSARIAL_INPUT = {
  list: Array.from({ length: 4_000 }, (_, index) => `item ${index} ${"x".repeat(index % 17)}`),
  numbers: Array.from({ length: 2_000 }, (_, index) => index * 1.5),
  map: Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`key${index}`, [index]])),
  text: "ab ".repeat(20_000),
  big: "9".repeat(5_000),
  deep: nested(200),
};

function nested(depth: number): unknown {
  let value: unknown = "leaf";
  for (let level = 0; level < depth; level++) value = { [`level${level}`]: [value, value] };
  return value;
}

const doubled = (start: string, one: (name: string) => string, times: number): string =>
  [
    `x0 := ${start}`,
    ...Array.from({ length: times }, (_, index) => `x${index + 1} := ${one(`x${index}`)}`),
    `r := x${times}`,
  ].join("\n");

export const ADVERSARIAL: readonly AdversarialPolicy[] = [
  {
    name: "nested loops",
    rules:
      "r if { some a in input.list; some b in input.list; some c in input.list; a == b; b == c; a == 1 }",
  },
  { name: "doubled text", rules: doubled("input.text", (x) => `concat("", [${x}, ${x}])`, 40) },
  { name: "doubled arrays", rules: doubled("input.list", (x) => `array.concat(${x}, ${x})`, 40) },
  {
    name: "doubled nesting",
    rules:
      `${doubled("[1]", (x) => `[${x}, ${x}]`, 60)}\ns := {x60, [x60]}\nt if count(s) == 2`.replace(
        "r := x60",
        "r := t",
      ),
  },
  {
    name: "replaced text",
    rules: 'r := replace(replace(input.text, "a", input.text), "b", input.text)',
  },
  { name: "walked input", rules: "r := [p | some x in input.list; walk(input, [p, x])]" },
  { name: "walked deep input", rules: "r := count([p | walk(input.deep, [p, _])])" },
  { name: "pairs kept", rules: "r := {[a, b] | some a in input.list; some b in input.list}" },
  {
    name: "sets of sets",
    rules: "r := {s | some a in input.list; s := {x | some x in input.list; x != a}}",
  },
  {
    name: "sorted often",
    rules: "r := [s | some x in input.list; s := sort(array.concat(input.list, [x]))]",
  },
  {
    name: "unions",
    rules: "r := object.union_n([o | some x in input.list; o := object.union(input.map, {x: 1})])",
  },
  { name: "range", rules: "r := count(numbers.range(1, 1000000000))" },
  { name: "powers", rules: doubled("to_number(input.big)", (x) => `${x} * ${x}`, 30) },
  {
    name: "fractions",
    rules: "r := [z | some a in input.numbers; some b in input.numbers; z := a / (b + 0.1)]",
  },
  { name: "wide format", rules: 'r := sprintf("%0999999999d", [1])' },
  { name: "formats", rules: 'r := [s | some a in input.list; s := sprintf("%v", [input.map])]' },
  {
    name: "patterns",
    rules:
      'r := [m | some a in input.list; m := regex.match(concat("", ["(a|b)*", a, "x{1,200}"]), input.text)]',
  },
  {
    name: "matches",
    rules: 'r := count([m | some a in input.list; m := regex.find_n("(a|b| )*c", input.text, -1)])',
  },
  {
    name: "globs",
    rules:
      'r := [m | some a in input.list; m := glob.match(concat("", ["*a*b*", a, "*"]), [], input.text)]',
  },
  { name: "splits", rules: 'r := [s | some a in input.list; s := split(input.text, " ")]' },
  { name: "JSON texts", rules: "r := [s | some a in input.list; s := json.marshal(input)]" },
  { name: "digests", rules: "r := [s | some a in input.list; s := crypto.sha256(input.text)]" },
  { name: "networks", rules: 'r := net.cidr_expand("::/0")' },
  {
    name: "with",
    rules:
      "f := count(input.list)\nr := [x | some a in input.list; x := f with input.map.key1 as a]",
  },
  {
    name: "reachable",
    rules:
      "r := [p | some a in input.list; p := graph.reachable_paths({x: input.list | some x in input.list}, [a])]",
  },
  {
    name: "compared",
    rules:
      'r := [x | some a in input.list; x := input.map == object.union(input.map, {"key1": [1]})]',
  },
];
