/** Rules that give values, choose between them, conflict, and take values apart. */
export const RULES: Readonly<Record<string, string>> = {
  "nested with": `
    a := input.n
    b := [a, input.k]
    r := [b, x, y] if { x := b with input.n as 5; y := z with input.k as "K" }
    z := w if { w := b with input.n as "N" }`,
  "constant mutation": `
    c := {"a": [1, 2], "b": {1, 2}}
    d := {"a": {"z": 1}}
    r := [object.union(c, {"q": input.n}), c, x, json.patch(c, [{"op": "add", "path": "a/0", "value": 9}]), c, d, object.union(d, {"a": {"y": 2}}), d] if { x := c with input.n as 1 }`,
  "partial ref heads": `
    p[a].b[c] := v if { some a in ["x", "y", input.k]; some c, v in input.o }
    r := p`,
  "partial ref heads set": `
    p[a].s contains x if { some a in ["x", "y", input.k]; some x in input.l }
    p.q.t contains input.n
    r := [p, p.x, p.q.t, p[input.k]]`,
  "partial ref conflict": `
    p[a].b := v if { some a in ["x", "y"]; some v in input.l }
    r := p`,
  "overlapping references": `
    p.a.b := 1
    p.a[x] := y if { some x, y in input.o; x != "b" }
    r := p`,
  "defaults of functions": `
    default f(_) := "none"
    f(x) := "one" if x == 1
    f(x) := "str" if is_string(x)
    r := [f(input.n), [f(x) | some x in input.l], f(input.k)]`,
  "default undefined arg": `
    default f(_) := "none"
    r := f(input.nope)`,
  "function else": `
    f(x) := "one" if x == 1 else := "two" if x == 2 else := type_name(x)
    r := [f(x) | some x in input.l]`,
  "function patterns": `
    f([a, b]) := [b, a]
    f({"a": x}) := x
    f("text") := "T"
    f(null) := "null"
    r := [y | some x in [input.l, input.o, input.n, input.k, [1, 2], {"a": 5}, {"a": 1, "b": 2}]; y := f(x)]`,
  unify: `r := [a, b, c] if { [a, {"b": b}, c] = [input.n, {"b": input.k}, input.l] }`,
  "unify arrays": `r := [a, b] if { [a, b] = input.l }`,
  "unify objects": `r := [a, b] if { {"a": a, "b": b} = input.o }`,
  "dot any key": `r := [x | some k in [input.n, input.k, 0, 1, 0.0, "0", 1.5, -1, true, null, [0], {"a": 1}]; x := [k, input.l[k]]]`,
  "dot any key object": `
    o := {0: "a", 1.5: "b", "0": "c", [0]: "d", {"a": 1}: "e", null: "f", true: "g", {1}: "h"}
    r := [x | some k in [input.n, input.k, 0, 1, 0.0, "0", 1.50, -0, true, null, [0.0], {"a": 1.0}, {1.0}]; x := [k, o[k]]]`,
  "dot any set": `
    o := {0, 1.5, "0", [0], {"a": 1}, null, true, {1}, input.n}
    r := [x | some k in [input.n, input.k, 0, 1, 0.0, "0", 1.50, -0, true, null, [0.0], {"a": 1.0}, {1.0}]; x := [k, o[k]]]`,
  "string property": `r := [x | some v in [input.n, input.k, "abc"]; x := v.length]`,
  proto: `r := [x | some k in ["__proto__", "constructor", "hasOwnProperty", "text", "parts", "get", "size"]; x := [k, input.o[k]]]`,
  "prototype dot": `r := [input.o.__proto__, input.o.constructor]`,
  "prototype dot single": `r := input.o.__proto__.x`,
  "prototype made": `r := {"__proto__": input.n, "constructor": 2}`,
  "prototype made key": `r := {k: 1 | some k in input.l}`,
  "prototype lookup made": `
    o := {k: 1 | some k in input.l}
    r := [o.__proto__, o["toString"]]`,
  "false rule": `
    p := false
    r if not p`,
  "object keys twice": `r := {input.n: 1, input.k: 2}`,
  "array literal": `r := [input.n, [input.k], {"a": [input.n]}]`,
  "refs into rules": `
    a := {"b": [{"c": input.n}]}
    r := a.b[0].c`,
  "refs into partial": `
    p contains {"a": x} if some x in input.l
    r := [y | some i; y := p[i].a]`,
  "refs into set by composite": `
    p contains [x, y] if { some x, y in input.o }
    r := [y | p[["a", y]]]`,
  "refs partial object var": `
    p[x] := y if some x, y in input.o
    r := [[k, p[k]] | some k; p[k]]`,
  "assignment shadow": `r := x if { y := input.n; x := [y | y := 5] }`,
  print: `r := 1 if { print("x", input.n) }`,
  "partial ref rule lookup": `
    p[x].q := y if some x, y in input.o
    r := [p[input.k], p[input.k].q, p]`,
  "partial ref rule multi": `
    p[x][y] := 1 if { some x in input.l; some y in input.l }
    r := {[x, y] | p[x][y]}`,
  "partial ref rule multi sets": `
    p[x][y] contains z if { some x in input.l; y := input.k; some z in input.l }
    r := p`,
  "references into a rule": `
    p := {"a": {"b": [1, {"c": input.n}]}}
    r := [p.a.b[1].c, p.a.b[0]]`,
  "references by a variable into a rule": `
    p := {"a": {"b": [1, {"c": input.n}]}}
    r := [x | some i; x := p.a.b[i]]`,
  "call results": `
    f(x) := {"a": x}
    r := [f(input.n).a, f(f(input.l)).a.a]`,
  "function with two args mismatched": `
    f(x, x) := "same"
    f(x, y) := "diff" if x != y
    r := [f(a, b) | some a in input.l; some b in input.l]`,
  "function arrays arg nested": `
    f([x, [y]]) := [y, x]
    r := f(input.n)`,
  "constant function": `
    c := [x | some x in [3, 1, 2]; x > 1]
    d := {x: c | some x in c}
    s := {y | some y in c}
    r := [c, d, s, input.n]`,
  "constant undefined": `
    c if false
    d := 1 if c
    r := [d, input.n]`,
  "constant undefined, negated": `
    c := 1 if 1 == 2
    r := "undef" if not c`,
  "constant conflict": `
    c := 1
    c := 2 if 1 == 1
    r := c if input.t`,
  "constant collection passed to function": `
    f(x) := array.concat(x, [input.n])
    r := [f([1]), f([1]), [1]]`,
  "constant objects": `
    f(x) := object.union(x, {"n": input.n})
    r := [f({"a": {"b": 1}}), {"a": {"b": 1}}]`,
  "constant set": `
    f(x) := x | {input.n}
    r := [f({1}), {1}, f(set())]`,
  "null constant": `
    n := null
    r := [n, {"n": n}, {n}, [n | n == null]]`,
  "else chain": `r := "a" if input.n == 1 else := "b" if input.k == "b" else := "c" if { some x in input.l; x == 3 } else := null`,
  "else chain false": `r := true if input.n == 1 else := false if input.k == "b" else := null`,
  "else with conflict": `
    r := 1 if input.t else := 2
    r := 2 if input.k == "a"`,
  "multiple else": `
    r := "x" if input.t == true else := "y" if input.t == false
    r := "x" if input.n == 1 else := "y" if input.k == 0`,
  "default object": `
    default r := {"a": [1, {2}]}
    r := input.nope`,
  "default comprehension": `
    default r := [1, 2]
    r := x if x := input.l[5]`,
  "chained comparisons": `r := [a, b] if { a := input.l[0]; b := input.l[1]; a < b }`,
  "union types": `r := [is_null(input.n), is_set({input.n}), type_name(input.o)]`,
  template: `r := $"n={input.n} k={input.k}"`,
  numbers: `r := [input.n + 1, input.n == 0, input.n == -0, input.n < 1]`,
  "obj in set in key": `r := {{"a": {input.n}}: {input.k}}`,
  "object get": `r := object.get(input, ["o", input.k], "none")`,
  "json roundtrip": `r := json.unmarshal(json.marshal(input))`,
  intersection: `r := {1, input.n, "a"} & {input.n, 1.0}`,
};
