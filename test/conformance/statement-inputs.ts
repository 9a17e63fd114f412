/** Inputs and data that rules of test/conformance/statement-*.ts are asked about: every type in every place. */
export const STATEMENT_INPUTS: readonly string[] = [
  "{}",
  '{"o": {"b": 1.0, "a": 1}, "l": [1, 2], "n": 1, "k": "a"}',
  '{"o": {"a": null, "b": false}, "l": [null, false], "n": null, "k": "b"}',
  '{"o": {"__proto__": {"x":1}, "constructor": "c"}, "l": ["__proto__", "constructor", "length", "toString", "text", "keys", "size"], "n": false, "k": "__proto__"}',
  '{"o": [], "l": [[], {}, [[]]], "n": -0, "k": 0}',
  '{"o": {"x": {"y": {"z": [1, {"w": 2}]}}}, "l": [9007199254740993, 9007199254740992, 1e400, 1e0, 1.50], "n": 9007199254740993, "k": "x"}',
  '{"o": "text", "l": "text", "n": "n", "k": [1]}',
  '{"o": {"\\ud83d\\ude00": 1, "\\uffff": 2, "a": 3}, "l": ["\\ud83d\\ude00", "\\uffff", "a"], "n": "\\ud83d\\ude00", "k": "a"}',
  "[1,2]",
  "null",
  '{"o": {"a": {"b": 1}, "b": {"b": 2}}, "l": [{"a": 1}, {"a": 2}, 3], "n": {"a": 1}, "k": null}',
  '{"o": {"0": "zero", "1": "one"}, "l": ["0", "1", 0, 1, 0.0, 1.0], "n": 0, "k": "0"}',
  '{"o": [], "l": [[], {}, [[]]], "n": -0, "k": 0, "t": false}',
  '{"l": [3, 2, 1], "o": {"z": [1], "y": [2]}, "n": [1, [2]], "k": "z"}',
  '{"o": {"s": {"n": [1e400, -1e400, 1e-400]}}, "l": [1e400, -0, 0, 1.50, 1.5], "n": 1e400, "k": 1.5, "t": true}',
  '{"o": {"a": {"b": {"c": {"d": {"e": [[[[[]]]]]}}}}}, "l": [[[[1]]], {"a": {"b": {}}}], "n": [[[1]]], "k": ["a"], "t": [true]}',
  '{"o": {"": "empty", " ": "blank", "\\u0000": "nul", "a": "\\ud83d\\ude00"}, "l": ["", " ", "\\u0000", "\\ud83d\\ude00x"], "n": "", "k": ""}',
  '{"o": {"a": [1, 2], "b": [1, 2]}, "l": [[1, 2], [1, 2], {"a": [1]}], "n": [1, 2], "k": "b", "t": "yes"}',
  '{"o": false, "l": false, "n": false, "k": false, "t": null}',
  "[]",
  '"text"',
  "7",
  '{"l": {"l": {"l": 1}}, "o": {"o": {"o": 2}}, "n": {}, "k": {}}',
];

export const STATEMENT_DATA = `{"base": {"x": 1.50, "list": [3, 1], "a": {"b": 7}}, "test": {"sub": {"base": 1}, "p": {"z": 26, "b": {"c": 3}}}, "flags": [true, false, null]}`;
