/** Rules that replace documents and functions, call rules found at run time, and are evaluated twice. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  "memo with": `
    m := count(input.l)
    r := [m, x, m, y] if { x := m with input.l as [1]; y := m with input as {"l": [1,2,3,4,5]} }`,
  "memo in comprehension and negation": `
    m if input.n
    r := [[x | some v in [1, false, null]; x := [v, s(v)]], not_m, u]
    s(v) := "yes" if m with input.n as v
    s(v) := "no" if not m with input.n as v
    not_m if not m
    default not_m := "default"
    u := {x | some x in [1,2]; not m with input.n as false}`,
  "with data replaced at virtual doc": `
    p.a := 1
    p.b := input.n
    r := [x, y, z] if { x := data.test.p with data.test.p as {"c": 1}; y := data.test.p with data.test.p.q as 5; z := data.test.p.z with data.test.p.z as 9 }`,
  "with data replaced at rule": `
    p := 1 if input.n
    default p := 0
    r := [x, y] if { x := p with data.test.p as 5; y := p }`,
  "with data base path": `r := [x, y, w] if { x := data.base with data.base.a.b as input.n; y := data.base.a with data.base.a as input.o; w := data.base with data.base.q.w.e as 1 }`,
  "with data whole": `r := x if { x := data.base with data.base as input }`,
  "with input whole": `r := [x | some v in input.l; x := input.a with input as v]`,
  "with input deep on scalar": `r := x if { x := input with input.n.a.b as 1 }`,
  "with input deep": `r := x if { x := input with input.o.x.y as input.k }`,
  "with same twice": `r := x if { x := input.o with input.o.a as 1 with input.o.b as 2 }`,
  "with conflicting paths": `r := x if { x := input.o with input.o.a.b as 1 with input.o.a as 2 }`,
  "with function mock by value": `
    f(x) := x + 1
    g(x) := f(x)
    r := [f(1), y, z] if { y := f(1) with f as 7; z := g(1) with f as input.n }`,
  "with function mock by function": `
    f(x) := [x, 1]
    h(x) := ["mock", x]
    g(x) := f(x)
    r := [g(1), y, z] if { y := g(input.n) with f as h; z := count("abc") with count as h }`,
  "with builtin mocked by value": `
    g(x) := count(x)
    r := [z, y] if { z := g(input.l) with count as 100; y := g([1]) }`,
  "with builtin mocked by builtin": `
    g(x) := count(x)
    r := [z, y] if { z := g([1,2]) with count as sum; y := g([1]) }`,
  "with mock and memo": `
    m := count([1])
    r := [m, z, m] if { z := m with count as 100 }`,
  "with mock in constant rule": `
    c := [count([1,2]), "x"]
    r := [c, z, c] if { z := c with count as input.n }`,
  "dynamic dispatch": `
    p.a := "rule a"
    p.b := input.n
    p.c.d := 1
    r := [x | some k in ["a","b","c","z", "q", input.k]; x := data.test.p[k]]`,
  "dynamic dispatch one": `
    p.a := "rule a"
    p.b := input.n
    r := data.test.p[input.k]`,
  "dynamic deep": `
    p.a.x := 1
    p.b.x := input.n
    p.b.y if false
    r := [[k, x] | some k in ["a","b","c", input.k]; some j in ["x", "y", "c"]; x := data.test.p[k][j]]`,
  "dynamic two": `
    q.p.a := 1
    q.q.a := 2
    q.q.b := input.n
    r := [x | some a in ["p", "q", "sub", "nope", input.k]; some b in ["a", "b", "base", "z"]; x := data.test.q[a][b]]`,
  "whole package": `
    p.a := 1
    s contains input.n
    f(x) := x
    r := data.test.p`,
  "partial under with": `
    s contains x if some x in input.l
    r := [s, y, count(s)] if { y := s with input.l as [7,7.0,"7"] }`,
  "data scan": `r := [[k, v] | some k; v := data.base[k]]`,
  "data scan virtual": `
    q.a := 1
    q.b := input.n
    r := [[k, v] | some k; v := data.test.q[k]]`,
  "data scan two levels": `
    q.a.x := 1
    q.b.y := input.n
    r := [[k, j, v] | some k, j; v := data.test.q[k][j]]`,
  "data merged": `
    p.q := input.n
    r := data.test.p`,
  "with local restored": `r := [a, b, c] if { a := input.k; b := a with input.k as "z"; c := input.k }`,
  "with then undefined": `r := [x | some v in input.l; x := input.k with input.n as v; not x == "q"]`,
  "with undefined value": `r := x if { x := input.k with input.n as input.nope }`,
  "with negated, false": `
    r := [x | x := "a"; not p with input.t as false]
    p if input.t`,
  "with over memo null": `
    m := input.n
    r := [m, a, m, b] if { a := m with input.n as null; b := m with input.n as false }`,
  "with nested mock": `
    f(x) := x
    g(x) := f(x)
    h(_) := "h"
    i(_) := "i"
    r := [a, b, c] if { a := g(1) with f as h; b := g(2) with f as i; c := [a, g(3)] with f as h }`,
  "with replaced in rule calls": `
    f(x) := x
    g := f(input.n)
    h(x) := [x]
    r := [g, a, g] if a := g with f as h`,
  "mock with input": `
    f(x) := x
    r := [y | some v in input.l; y := f(1) with f as v]`,
  "data with dynamic": `
    p.a := 1
    r := [x, y, z] if { x := data.test.p[input.k] with data.test.p as {"a": "A", "b": "B"}; y := data.test.p with data.test.p.a as 2; z := data.test.p[_] with data.test.p as {"q": "only"} }`,
  "data with dynamic, in a loop": `
    p.a := 1
    r := [x | some k in ["a", "b", "z"]; x := data.test.p[k] with data.test.p.b as k]`,
  "data with dynamic in function": `
    p.a := 1
    f(k) := data.test.p[k]
    r := [x | some k in ["a", "b", "z"]; x := f(k) with data.test.p.b as k]`,
  "data with dynamic in rule": `
    p.a := 1
    f := data.test.p[input.k]
    r := [f, x] if x := f with data.test.p.b as 5 with input.k as "b"`,
  "data rules under with of package": `
    p.a := 1
    q := data.test.p.a
    r := x if x := q with data.test.p as {"a": 9}`,
  "data rule undefined under with": `
    q := data.test.p
    p.a := 1 if input.t
    r := [x, y] if { x := q with data.test.p.a as 9; y := q with input.t as true }`,
  "base doc vs rules undefined": `
    p.x := 1 if input.t
    r := data.test.p`,
  "base doc vs rules undefined dynamic": `
    p.x := 1 if input.t
    r := data.test.p[input.k]`,
  "base key overriding": `
    p.z := "virtual" if input.t
    r := [data.test.p.z, data.test.p]`,
  "base key overriding, found at run time": `
    p.z := "virtual" if input.t
    r := [x | some k in ["z", "b"]; x := data.test.p[k]]`,
  "dynamic rule undefined then base": `
    p.z := "virtual" if input.t
    r := data.test.p[input.k]`,
  "dynamic partial sets": `
    p.s contains input.n
    p.t contains "x"
    r := [[k, x] | some k in ["s", "t", "z"]; x := data.test.p[k]]`,
  "dynamic partial set member": `
    p.s contains input.n
    p.t contains "x"
    r := [[k, x] | some k in ["s", "t", "z"]; data.test.p[k][x]]`,
  "dynamic functions same path": `
    p.f(x) := x
    p.a := 1
    r := [x | some k in ["f", "a"]; x := data.test.p[k]]`,
  "dynamic iteration all": `
    p.a := 1
    p.b := input.n
    r := {k: v | v := data.test.p[k]}`,
  "dynamic iteration set": `
    p.a := 1
    p.b := 2
    r := {k | data.test.p[k]}`,
  "dynamic nested iter": `
    p.a.b := 1
    p.c[x] := y if some x, y in input.o
    r := {[i, j, v] | v := data.test.p[i][j]}`,
  "partial ref with": `
    p[x] := y if some x, y in input.o
    r := [p, a, p] if a := p with input.o as {"w": 1}`,
};
