/** Rules that scan, negate and collect. */
export const LOOPS: Readonly<Record<string, string>> = {
  "every over all": `
    r := [t | some v in [input.l, input.o, input.n, {1,2}, set(), [], {}, null]; t := e(v)]
    e(v) := "all" if every x in v { x }
    e(v) := "not" if not every_v(v)
    every_v(v) if every x in v { x }`,
  "every keys": `r if every k, v in input.o { k != v }`,
  "every nested": `r if every a in input.l { every b in input.l { a == b } }`,
  "some in all": `r := {"l": [[k, v] | some k, v in input.l], "o": [[k, v] | some k, v in input.o], "n": [v | some v in input.n], "s": [v | some v in {input.n}]}`,
  walk: `r := [x | walk(input, x)]`,
  "walk set": `r := [x | walk({"a": {1, [2]}, "n": input.n}, x)]`,
  "comprehension deep closure": `r := [[ [ [a, b, c, input.n] | some c in input.l; c == b] | some b in input.l; b == a] | some a in input.l]`,
  "comprehension sets deep": `r := {{ {[a, b, c] | some c in input.l; c == b} | some b in input.l} | some a in input.l}`,
  "comprehension object": `r := {k: {j: w | some j, w in input.o; j == k} | some k, _ in input.o}`,
  "not equal": `r := [[a, b] | some a in input.l; some b in input.l; a != b]`,
  "equal references": `r := [[a, b] | some a; some b; input.l[a] == input.l[b]]`,
  "complete conflict of equal values": `
    r := 1 if input.o
    r := 1.0 if input.l`,
  "complete conflict of objects": `
    r := {"a": 1} if input.o
    r := {"a": 1.0} if input.l`,
  "complete conflict of set and array": `
    r := [1] if input.o
    r := {1} if input.l`,
  "not with undefined null false": `
    r := {"u": u, "n": n, "f": f}
    default u := "d"
    u if not input.nope
    default n := "d"
    n if not input.n
    default f := "d"
    f if not input.o.a`,
  "not data": `r if not data.test.nope.x`,
  "count string": `r := [count(x) | some x in [input.l, input.o, input.n, "\\ud83d\\ude00a", {1, 1.0}]]`,
  "set literal": `r := {input.n, input.k, 1, 1.0, "a"}`,
  "early exit with undefined": `r := x if { some i; x := input.l[i]; i == 0 }`,
  "in operator": `r := {"a": input.n in input.l, "b": input.k in input.o, "c": "a" in {1.0, input.k}, "d": {1 | "a", 1 in input.o}}`,
  "not with scan conflict": `
    f(x) := 1 if x > 0
    f(x) := 2 if x == 2
    r if { not g }
    g if f(input.l[_]) == 1`,
  "not inside loops": `r := [x | some x in input.l; not x == 1; not input.o[x]]`,
  "not with locals reused": `
    r := [[x, y] | some x in input.l; not has(x); y := x]
    has(x) if input.o[_] == x`,
  "negated with": `
    r if { not p with input.t as true }
    p if input.t`,
  "every undefined domain": `r if every x in input.nope { x }`,
  "every undefined inside": `r if every x in input.l { x.a }`,
  "every with": `
    r if every x in input.l { p with input.t as x }
    p if input.t`,
  "every in comprehension": `r := [x | some x in input.l; every y in input.l { y != x; y }]`,
  "some in undefined": `r := [x | some x in input.nope]`,
  "some in text": `r := [x | some x in input.k]`,
  "some in patterns": `r := [[x, y] | some [x, y] in [input.l, input.n, [1, 2]]]`,
  "some in object patterns": `r := [x | some {"a": x} in input.l]`,
  "some key patterns": `r := [[a, v] | some [a, _], v in {[1, 2]: input.n, [3]: 2, "x": 3}]`,
  "sets nested": `r := {{input.n}, {input.k}, {{input.n}}}`,
  "array slice scan": `r := [[i, j] | some i, a in input.l; some j, b in input.l; a == b; i != j]`,
  "refs any": `r := [x | x := input[_][_]]`,
  "references to anything, once each": `r := {x | x := input[_][_]}`,
  "walk paths": `r := [p | walk(input, [p, v]); not is_object(v)]`,
  "walk specific": `r := [v | walk(input, [["o", _], v])]`,
  "walk fixed path": `r := v if walk(input, [["o", "a"], v])`,
  sort: `r := sort({input.n, input.k, 1, "a", [1], {"x": 1}, null, true, {1}})`,
  "set minus": `r := {1, input.n, "a"} - {input.n}`,
  "compare composite": `r := [[1, 2] < [1, 3], {"a": 1} < {"a": 2}, input.l < input.o, {1} < {2}, input.n <= input.k]`,
};
