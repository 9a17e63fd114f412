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
  long: [0, 1, 2, 3].map((index) => `${"y".repeat(15_000)}${index % 2}`),
  same: { a: "z".repeat(60_000), b: "z".repeat(60_000) },
  pairs: Array.from({ length: 1_000 }, (_, index) => [index, { name: `n${index % 10}` }]),
  hosts: Array.from({ length: 2_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`),
};

function nested(depth: number): unknown {
  let value: unknown = "leaf";
  for (let level = 0; level < depth; level++) value = { [`level${level}`]: [value, level] };
  return value;
}

const doubled = (start: string, one: (name: string) => string, times: number): string =>
  [
    `x0 := ${start}`,
    ...Array.from({ length: times }, (_, index) => `x${index + 1} := ${one(`x${index}`)}`),
    `r := x${times}`,
  ].join("\n");

/** As often as the budget lets it, and to no avail. */
const loop = (body: string): string =>
  `r := count([x | some w in input.numbers; some x in input.list; ${body}; w == -1])`;

const many = (count: number, rule: (index: number) => string, rest: string): string =>
  [...Array.from({ length: count }, (_, index) => rule(index)), rest].join("\n");

/** HS256 in its header; no key here is one of its signature's. */
const TOKEN = [`{"alg":"HS256"}`, `{"sub":"a"}`, "signature"]
  .map((part) => Buffer.from(part).toString("base64url"))
  .join(".");
const RSA_KEYS = `{"keys": [{"kty": "RSA", "e": "AQAB", "n": "${"vwAB".repeat(85)}v_"}]}`;
const CURVE_KEYS = `{"keys": [{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`;

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
  { name: "long texts compared", rules: loop("input.same.a == input.same.b") },
  { name: "long texts unequal", rules: loop("input.long[0] != input.long[1]") },
  { name: "long texts in a set", rules: `s := {input.same.a}\n${loop("input.same.b in s")}` },
  { name: "long texts as keys", rules: `o := {input.same.a: 1}\n${loop("o[input.same.b] == 1")}` },
  { name: "long texts ordered", rules: loop("input.same.a <= input.same.b") },
  { name: "long texts sorted", rules: loop("sort(input.long) != x") },
  {
    name: "long literals compared",
    rules: loop(`input.same.a == "${"z".repeat(60_000)}"`),
  },
  { name: "large objects compared", rules: loop("input.map == input.map") },
  { name: "large objects unlike", rules: loop("input.map != input.same") },
  { name: "large objects counted", rules: loop("count(input.map) == 4000") },
  { name: "large objects as keys", rules: loop("o := {input.map: 1}; o[input.map]") },
  { name: "large objects in a set", rules: loop("input.map in {input.map}") },
  { name: "large arrays as keys", rules: loop("o := {input.list: 1}; o[input.list]") },
  {
    name: "objects scanned in order",
    rules: "r := [k | some x in input.list; some k, _ in input.map; k == x]",
  },
  { name: "objects scanned", rules: loop('some k, _ in input.map; k == "nothing"') },
  {
    name: "sets scanned",
    rules: `s := {x | some x in input.list}\n${loop('some k in s; k == "nothing"')}`,
  },
  { name: "sorted rules", rules: loop("sort(input.list) == x") },
  { name: "sorted pairs", rules: loop("sort(input.pairs) == x") },
  { name: "sets made often", rules: loop("count({y | some y in input.list}) == 0") },
  { name: "deep compared", rules: loop("input.deep == input.deep") },
  { name: "deep keyed", rules: loop("count({input.deep}) == 1") },
  { name: "deep written", rules: loop('json.marshal(input.deep) == ""') },
  {
    name: "deep made",
    rules: 'r := count([1 | some x in input.list; y := {"a": {"a": {"a": {"a": x}}}}; y == x])',
  },
  {
    name: "with in loops",
    rules: many(200, (n) => `m${n} := input.x`, loop("m0 with input.x as x")),
  },
  { name: "with of large objects", rules: loop("input.map.key1 with input.map.key1 as x") },
  { name: "with of data", rules: loop("data.a.b with data.a.b as x") },
  { name: "functions replaced", rules: `f(_) := 1\n${loop("f(x) with f as 2")}` },
  {
    name: "rules many",
    rules: many(1_000, (n) => `m.n${n} if input.nothing == ${n}`, "r := data.test.m"),
  },
  { name: "YAML read", rules: loop('yaml.unmarshal(input.text) == ""') },
  { name: "YAML flow", rules: loop(`yaml.unmarshal("${"[".repeat(200)}${"]".repeat(200)}") == x`) },
  {
    name: "YAML aliases",
    rules: `r := yaml.unmarshal("a: &a [x, x]\\nb: &b [*a, *a]\\nc: &c [*b, *b]\\nd: [*c, *c]")`,
  },
  { name: "YAML valid", rules: loop("yaml.is_valid(concat(x, [input.text, input.text]))") },
  { name: "tokens decoded", rules: loop(`io.jwt.decode("${TOKEN}")[0].alg == x`) },
  { name: "tokens verified", rules: loop(`io.jwt.verify_hs256("${TOKEN}", x)`) },
  {
    name: "tokens verified by RSA",
    rules: loop(`io.jwt.verify_rs256("${TOKEN}", json.marshal(${RSA_KEYS}))`),
  },
  {
    name: "tokens verified by curves",
    rules: loop(`io.jwt.verify_es256("${TOKEN}", json.marshal(${CURVE_KEYS}))`),
  },
  {
    name: "tokens decoded and verified",
    rules: loop(`io.jwt.decode_verify("${TOKEN}", {"secret": x})[0]`),
  },
  { name: "networks merged", rules: loop("net.cidr_merge(input.hosts) == x") },
  { name: "networks expanded", rules: loop('count(net.cidr_expand("10.0.0.0/16")) == x') },
  { name: "networks small", rules: loop('count(net.cidr_expand("10.0.0.0/24")) == x') },
  {
    name: "networks matched",
    rules: loop("net.cidr_contains_matches(input.hosts, input.hosts) == x"),
  },
  {
    name: "networks contained",
    rules:
      'r := [h | some h in input.hosts; some g in input.hosts; net.cidr_contains(g, h); h == ""]',
  },
  {
    name: "graphs",
    rules:
      "g := {k: input.list | some k in input.list}\nr := [p | some k in input.list; p := graph.reachable(g, [k])]",
  },
  {
    name: "chains",
    rules: `g := {sprintf("%d", [i]): [sprintf("%d", [i + 1])] | some i in numbers.range(0, 900)}\n${loop('graph.reachable(g, ["0"]) == x')}`,
  },
  {
    name: "paths",
    rules: `g := {sprintf("%d", [i]): [sprintf("%d", [i + 1]), sprintf("%d", [i + 2])] | some i in numbers.range(0, 60)}\nr := graph.reachable_paths(g, ["0"])`,
  },
  {
    name: "format of numbers",
    rules: loop('sprintf("%d %x %f %e", [to_number(input.big), 12345, 1.5, 1e300]) == x'),
  },
  { name: "format of big fractions", rules: loop('sprintf("%.500f", [1e-300]) == x') },
  { name: "format of composites", rules: loop('sprintf("%v", [input.pairs]) == x') },
  { name: "interpolation", rules: loop('$"{input.pairs}" == x') },
  {
    name: "patterns compiled",
    rules: loop('regex.match(concat(x, ["(a|b)*c", "x{1,50}(y|z){1,50}"]), "ab")'),
  },
  {
    name: "patterns long",
    rules: loop('regex.match(concat("", ["(", replace(input.text, " ", x), ")*"]), "ab")'),
  },
  {
    name: "patterns of classes",
    rules: loop(
      'regex.match(concat(x, ["[\\\\p{L}\\\\p{N}]{1,80}", "(?i)[\\\\p{Greek}]{1,80}"]), "ab")',
    ),
  },
  { name: "patterns split", rules: loop('regex.split("[ab]+", input.text) == x') },
  { name: "patterns replaced", rules: loop('regex.replace(input.text, "a|b", "xyz") == x') },
  {
    name: "patterns of globs",
    rules: loop('regex.globs_match(concat(x, ["a*[b-d]+", ".*"]), "a.[x]*y+")'),
  },
  {
    name: "patterns of templates",
    rules: loop('regex.template_match(concat(x, ["u:{.*}:", ""]), "u:x:", "{", "}")'),
  },
  {
    name: "globs compiled",
    rules: loop('glob.match(concat(x, ["{a,b,c}*", "[a-z]?**"]), ["."], "abc.def")'),
  },
  {
    name: "globs nested",
    rules: loop(`glob.match(concat(x, ["${"{a,".repeat(50)}", "${"}".repeat(50)}"]), [], "abc")`),
  },
  { name: "time zones", rules: loop('time.clock([1700000000000000000, "Europe/Berlin"]) == x') },
  {
    name: "time zones of every name",
    rules: `zones := ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Cairo", "Australia/Sydney", "America/Lima", "Asia/Kolkata", "Europe/Paris", "Europe/Rome", "Asia/Dubai"]\n${loop("some z in zones; some n in input.numbers; time.date([n * 1000000000000, z]) == x")}`,
  },
  {
    name: "times formatted",
    rules: loop(
      'time.format([1700000000000000000, "America/New_York", "Mon Jan _2 15:04:05 MST 2006"]) == x',
    ),
  },
  {
    name: "times parsed",
    rules: loop('time.parse_ns("Mon Jan _2 15:04:05 2006", "Thu Nov 23 10:00:00 2023") == x'),
  },
  {
    name: "times of RFC 3339",
    rules: loop('time.parse_rfc3339_ns("2023-11-23T10:00:00.123456789+01:00") == x'),
  },
  {
    name: "times apart",
    rules: loop('time.diff([1700000000000000000, "Europe/Berlin"], [1, "Asia/Tokyo"]) == x'),
  },
  { name: "times added", rules: loop("time.add_date(1700000000000000000, 1, 1, 1) == x") },
  { name: "durations", rules: loop('time.parse_duration_ns("1h15m30.918273645s") == x') },
  {
    name: "patches",
    rules: loop('json.patch(input.pairs, [{"op": "add", "path": "/0/1", "value": x}]) == x'),
  },
  {
    name: "patches of many",
    rules: 'r := json.patch([], [{"op": "add", "path": "/0", "value": x} | some x in input.list])',
  },
  {
    name: "patches copied",
    rules:
      'r := json.patch({"a": input.map}, [{"op": "copy", "from": "/a", "path": concat("", ["/", x])} | some x in input.list])',
  },
  { name: "filters", rules: loop('json.filter(input, {"map/key1", "list", "deep"}) == x') },
  { name: "removals", rules: loop('json.remove(input, {"map/key1", "deep"}) == x') },
  { name: "subsets", rules: loop("object.subset(input.map, input.map)") },
  {
    name: "subsets of arrays",
    rules: loop("object.subset(input.list, array.slice(input.list, 2000, 4000))"),
  },
  {
    name: "subsets of runs",
    rules: loop("object.subset([y | some y in numbers.range(1, 900)], [1, 2])"),
  },
  { name: "object keys", rules: loop("object.keys(input.map) == x") },
  { name: "object filters", rules: loop('object.filter(input.map, ["key1"]) == x') },
  { name: "object removals", rules: loop('object.remove(input.map, ["key1"]) == x') },
  { name: "object unions", rules: loop('object.union(input.map, {"a": 1}) == x') },
  { name: "object members", rules: loop('object.get(input, ["map", "key1", 0], 0) == x') },
  { name: "units", rules: loop('units.parse("1234567890.123456789Ki") == x') },
  { name: "units of bytes", rules: loop('units.parse_bytes("12.5GiB") == x') },
  { name: "big divisions", rules: `b := to_number(input.big)\n${loop("b / 3 == x")}` },
  { name: "big remainders", rules: `b := to_number(input.big)\n${loop("b % 7 == x")}` },
  { name: "big products", rules: `b := to_number(input.big)\n${loop("b * b == x")}` },
  { name: "big sums", rules: `b := to_number(input.big)\n${loop("b + 1 == x")}` },
  { name: "big fractions", rules: loop("(1e300 / 3.7) * 1e-300 == x") },
  { name: "big numbers read", rules: loop("to_number(input.big) == x") },
  {
    name: "big numbers rounded",
    rules: `b := to_number(input.big)\n${loop("round(b) + ceil(b / 2) == x")}`,
  },
  { name: "big numbers compared", rules: loop(`1${"0".repeat(3_000)} == to_number(input.big)`) },
  { name: "big numbers shifted", rules: loop("bits.lsh(1, 60000) == x") },
  {
    name: "big numbers formatted",
    rules: `b := to_number(input.big)\n${loop("format_int(b, 2) == x")}`,
  },
  { name: "sums", rules: loop("sum(input.numbers) == x") },
  { name: "products", rules: loop("product(input.numbers) == x") },
  { name: "extremes", rules: loop("max(input.list) == min(input.list)") },
  { name: "texts joined", rules: loop('concat("", input.list) == x') },
  { name: "texts counted", rules: loop("count(input.text) == x") },
  { name: "texts searched", rules: loop('indexof(input.text, "nothing") == x') },
  { name: "texts searched all", rules: loop('indexof_n(input.text, "a") == x') },
  { name: "texts reversed", rules: loop("strings.reverse(input.text) == x") },
  { name: "texts in capitals", rules: loop("upper(input.text) == x") },
  { name: "texts trimmed", rules: loop('trim(input.text, "ab ") == x') },
  { name: "texts cut", rules: loop("substring(input.text, 10, 50000) == x") },
  {
    name: "texts replaced in turn",
    rules: loop('strings.replace_n({"a": "b", "b": "a", " ": "  "}, input.text) == x'),
  },
  { name: "prefixes", rules: loop("strings.any_prefix_match(input.list, input.list)") },
  { name: "texts counted in texts", rules: loop('strings.count(input.text, "a") == x') },
  { name: "similar texts", rules: loop("startswith(input.same.a, input.same.b)") },
  { name: "texts containing", rules: loop('contains(input.text, "ab  ab")') },
  { name: "encodings", rules: loop("base64.encode(input.text) == x") },
  { name: "decodings", rules: `b := base64.encode(input.text)\n${loop("base64.decode(b) == x")}` },
  { name: "hexadecimal", rules: loop("hex.encode(input.text) == x") },
  { name: "addresses encoded", rules: loop("urlquery.encode(input.text) == x") },
  { name: "addresses of objects", rules: loop('urlquery.encode_object({"a": input.list}) == x') },
  { name: "JSON read", rules: `j := json.marshal(input.map)\n${loop("json.unmarshal(j) == x")}` },
  { name: "JSON valid", rules: `j := json.marshal(input.map)\n${loop("json.is_valid(j) == x")}` },
  {
    name: "JSON indented",
    rules: loop('json.marshal_with_options(input.map, {"pretty": true}) == x'),
  },
  { name: "digests of secrets", rules: loop("crypto.hmac.sha512(input.text, x) == x") },
  { name: "identifiers", rules: loop('uuid.parse("00000000-0000-0000-0000-000000000000") == x') },
  { name: "versions", rules: loop('semver.compare("1.2.3-alpha.1", "1.2.3-alpha.2") == x') },
  { name: "walks", rules: loop("walk(input.pairs, [[_], y]); y == x") },
  { name: "unions of sets", rules: loop("s := {1, 2} | {y | some y in input.numbers}; s == x") },
  {
    name: "differences of sets",
    rules: `s := {y | some y in input.numbers}\n${loop("count(s - {1}) == x")}`,
  },
  {
    name: "sets of sets joined",
    rules: `s := {{y, z} | some y in numbers.range(1, 90); some z in numbers.range(1, 90)}\n${loop("union(s) == x")}`,
  },
  { name: "every", rules: loop("every y in input.numbers { y != x }; false") },
];
