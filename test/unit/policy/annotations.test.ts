/** Annotations: only what explanations need, in one order, bounded; anything else is no annotation. */
import { expect, it } from "vitest";
import { collectAnnotations, parseAnnotations } from "../../../src/policy/annotations.ts";

const PATH = ["data", "a", "allow"].map((value) => ({ type: "string", value }));

function inspected(annotations: object, file = "src/a.rego", row = 3) {
  return { annotations, location: { file, row, col: 1 }, path: PATH };
}

function collected(...list: readonly object[]) {
  return collectAnnotations(JSON.stringify({ annotations: list }));
}

it("keeps title, description, custom id and labels, and nothing else", () => {
  const annotations = {
    ...{ scope: "rule", title: "T", description: "D", labels: { team: "x", n: 1 } },
    ...{ custom: { id: "A-1", severity: "high" }, authors: [{ name: "n" }], entrypoint: true },
  };
  expect(collected(inspected(annotations))).toEqual([
    {
      ...{ path: "data.a.allow", file: "src/a.rego", row: 3, scope: "rule" },
      ...{ title: "T", description: "D", id: "A-1", labels: { n: "1", team: "x" } },
    },
  ]);
});

it("lists them by file and row, without those of tests", () => {
  const rule = { scope: "rule" };
  const list = collected(
    inspected(rule, "src/b.rego", 2),
    inspected(rule, "src/a.rego", 10),
    inspected(rule, "src/a_test.rego", 1),
    inspected(rule, "src/a.rego", 9),
  );
  expect(list?.map(({ file, row }) => `${file}:${row}`)).toEqual([
    ...["src/a.rego:9", "src/a.rego:10", "src/b.rego:2"],
  ]);
});

it("is empty where OPA tells of none", () => {
  expect(collectAnnotations("{}")).toEqual([]);
  expect(collectAnnotations("[]")).toBeUndefined();
  expect(collectAnnotations("{")).toBeUndefined();
  expect(collectAnnotations('{"annotations": {}}')).toBeUndefined();
});

it("cuts texts and counts of labels", () => {
  const labels = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`l${index}`, "x"]));
  const [one] = collected(inspected({ scope: "rule", title: "t".repeat(5_000), labels })) ?? [];
  expect(one?.title).toHaveLength(500);
  expect(Object.keys(one?.labels ?? {})).toHaveLength(20);
});

it("reads back what it wrote", () => {
  const list = collected(inspected({ scope: "document", title: "T", custom: { id: 7 } }));
  expect(parseAnnotations(Buffer.from(JSON.stringify(list)))).toEqual(list);
});

it.each([
  ["no JSON", "["],
  ["no list", "{}"],
  ["a list of other things", "[1]"],
  ["an unknown scope", '[{"path": "a", "file": "b", "row": 1, "scope": "all"}]'],
  ["a row that is none", '[{"path": "a", "file": "b", "row": 1.5, "scope": "rule"}]'],
  ["no path", '[{"file": "b", "row": 1, "scope": "rule"}]'],
])("is none with %s", (_name, text) => {
  expect(parseAnnotations(Buffer.from(text))).toBeUndefined();
});
