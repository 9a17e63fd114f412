/** Values that are made once, and names that every JavaScript object has. */
export const CONSTANTS: Readonly<Record<string, string>> = {
  "collections filled under conditions": `r := x if { x := [y | y := input.l[_]]; not x == [] }`,
  "empty set literal compare": `r if {1 | input.n} == set()`,
  "constant array with interleaved": `r := [[1, [2, {3, {"a": [4]}}], input.n], [1, [2, {3, {"a": [4]}}]]]`,
  "constant containing undefined": `r := [x | x := [1, input.nope]]`,
  "constant shared by two rules": `
    a := [1, {"x": 2}]
    b := [1, {"x": 2}]
    r := [a == b, a, b, [1, {"x": 2}] == a, input.n]`,
  "constant in else": `r := [1, 2] if input.n == 1 else := [1] if input.k else := []`,
  "default constants of functions": `
    default f(_) := {"a": {1}}
    f(x) := x if x == 1
    r := [f(1), f(2), f(input.n), f(2)]`,
  "constant rule chain": `
    a := b
    b := c
    c := {"x": [1, 2, {3}]}
    r := [a.x[2], a, input.n]`,
  "constant partial": `
    p contains x if some x in [1, 2, 1.0]
    q[k] := v if some k, v in {"a": 1, "b": [2]}
    r := [p, q, q.b, input.n]`,
  "constant partial conflict": `
    q[k] := v if { some k in ["a"]; some v in [1, 2] }
    r := q if input.n`,
  "constant rule calling impure": `
    t := time.now_ns()
    r := [t == time.now_ns(), input.n]`,
  "constant with mock": `
    c := count([1, 2])
    d := c + 1
    r := [d, x, d] if x := d with count as 10`,
  "constant rule and with input": `
    c := [1, 2]
    r := [c, x] if x := c with input as 7`,
  "constant rule replaced by data": `
    c := [1, 2]
    d := data.test.c
    r := [c, d, x, y] if { x := d with data.test.c as 7; y := data.test.c with data.test.c as 8 }`,
  "function constants with data replaced": `
    f(x) := x + data.test.base if input.k
    base := 1
    r := [f(1), y] if y := f(1) with data.test.base as 5`,
  "every over a constant": `r if every x in [1, 2, 3] { x > 0; input.n }`,
  "every over a constant, in vain": `r if every x in [1, 2, 3] { x > 1 }`,
  "scan of a constant object": `r := [k | some k, v in {"b": 1, "a": 2}; v == input.l[_]]`,
  "membership in a constant": `r := input.k in {"a", "b"}`,
  "constants as values of with": `
    p := input.c
    r := [x, y] if { x := p with input.c as [1, {"a": 2}]; y := p with input.c as {} }`,
  "with in a function": `
    f(x) := y if y := g with input.n as x
    g := [input.n, input.k]
    r := [f(1), f(2), f(input.k), g]`,
  "with null / false results": `
    p := false if input.n == null
    r := [x, y] if { x := p with input.n as null; not p with input.n as null; y := 1 }`,
  "not p with false": `
    p := false if input.n == null
    r if not p with input.n as null`,
  "with inside every": `
    g := input.n
    r := [x | every y in input.l { z := g with input.n as y; z == y }; x := 1]`,
  "with in comprehension in with": `
    g := input.n
    h := [x | some v in [1, 2]; x := [g, input.k] with input.n as v]
    r := [x, h] if x := h with input.k as "K"`,
  "memo of function arg rule": `
    f(x) := g[x]
    g := {k: v | some k, v in input.l}
    r := [y | some i in [0, 1, "x"]; y := f(i)]`,
  "properties of texts, numbers and null": `r := {"n": input.n, "length": [x | x := input.n["length"]], "text": [x | x := input.n["text"]], "parts": [x | x := input.n["parts"]], "key": [x | x := input.n["key"]], "size": [x | x := input.n["size"]], "keys": [x | x := input.n["keys"]], "get": [x | x := input.n["get"]], "set": [x | x := input.n["set"]], "has": [x | x := input.n["has"]], "constructor": [x | x := input.n["constructor"]], "toString": [x | x := input.n["toString"]], "at": [x | x := input.n["at"]], "push": [x | x := input.n["push"]], "0": [x | x := input.n["0"]], "-1": [x | x := input.n["-1"]], "NaN": [x | x := input.n["NaN"]], "__proto__": [x | x := input.n["__proto__"]], "valueOf": [x | x := input.n["valueOf"]], "keyText": [x | x := input.n["keyText"]]}`,
  "properties of lists and objects": `r := {"n": input.n, "length": [x | x := input.l["length"]], "text": [x | x := input.l["text"]], "parts": [x | x := input.l["parts"]], "key": [x | x := input.l["key"]], "size": [x | x := input.l["size"]], "keys": [x | x := input.l["keys"]], "get": [x | x := input.l["get"]], "set": [x | x := input.l["set"]], "has": [x | x := input.l["has"]], "constructor": [x | x := input.l["constructor"]], "toString": [x | x := input.l["toString"]], "at": [x | x := input.l["at"]], "push": [x | x := input.l["push"]], "0": [x | x := input.l["0"]], "-1": [x | x := input.l["-1"]], "NaN": [x | x := input.l["NaN"]], "__proto__": [x | x := input.l["__proto__"]], "valueOf": [x | x := input.l["valueOf"]], "keyText": [x | x := input.l["keyText"]]}`,
  "properties of the input": `r := {"n": input.n, "length": [x | x := input["length"]], "text": [x | x := input["text"]], "parts": [x | x := input["parts"]], "key": [x | x := input["key"]], "size": [x | x := input["size"]], "keys": [x | x := input["keys"]], "get": [x | x := input["get"]], "set": [x | x := input["set"]], "has": [x | x := input["has"]], "constructor": [x | x := input["constructor"]], "toString": [x | x := input["toString"]], "at": [x | x := input["at"]], "push": [x | x := input["push"]], "0": [x | x := input["0"]], "-1": [x | x := input["-1"]], "NaN": [x | x := input["NaN"]], "__proto__": [x | x := input["__proto__"]], "valueOf": [x | x := input["valueOf"]], "keyText": [x | x := input["keyText"]]}`,
  "properties of keys": `r := {"n": input.n, "length": [x | x := input.k["length"]], "text": [x | x := input.k["text"]], "parts": [x | x := input.k["parts"]], "key": [x | x := input.k["key"]], "size": [x | x := input.k["size"]], "keys": [x | x := input.k["keys"]], "get": [x | x := input.k["get"]], "set": [x | x := input.k["set"]], "has": [x | x := input.k["has"]], "constructor": [x | x := input.k["constructor"]], "toString": [x | x := input.k["toString"]], "at": [x | x := input.k["at"]], "push": [x | x := input.k["push"]], "0": [x | x := input.k["0"]], "-1": [x | x := input.k["-1"]], "NaN": [x | x := input.k["NaN"]], "__proto__": [x | x := input.k["__proto__"]], "valueOf": [x | x := input.k["valueOf"]], "keyText": [x | x := input.k["keyText"]]}`,
  "properties of sets": `
    s := {input.n, "length"}
    r := {"n": input.n, "length": [x | x := s["length"]], "text": [x | x := s["text"]], "parts": [x | x := s["parts"]], "key": [x | x := s["key"]], "size": [x | x := s["size"]], "keys": [x | x := s["keys"]], "get": [x | x := s["get"]], "set": [x | x := s["set"]], "has": [x | x := s["has"]], "constructor": [x | x := s["constructor"]], "toString": [x | x := s["toString"]], "at": [x | x := s["at"]], "push": [x | x := s["push"]], "0": [x | x := s["0"]], "-1": [x | x := s["-1"]], "NaN": [x | x := s["NaN"]], "__proto__": [x | x := s["__proto__"]], "valueOf": [x | x := s["valueOf"]], "keyText": [x | x := s["keyText"]]}`,
  "properties of objects made": `
    o := {k: 1 | some k in ["length", "get", "__proto__", input.k]}
    r := {"n": input.n, "length": [x | x := o["length"]], "text": [x | x := o["text"]], "parts": [x | x := o["parts"]], "key": [x | x := o["key"]], "size": [x | x := o["size"]], "keys": [x | x := o["keys"]], "get": [x | x := o["get"]], "set": [x | x := o["set"]], "has": [x | x := o["has"]], "constructor": [x | x := o["constructor"]], "toString": [x | x := o["toString"]], "at": [x | x := o["at"]], "push": [x | x := o["push"]], "0": [x | x := o["0"]], "-1": [x | x := o["-1"]], "NaN": [x | x := o["NaN"]], "__proto__": [x | x := o["__proto__"]], "valueOf": [x | x := o["valueOf"]], "keyText": [x | x := o["keyText"]]}`,
};
