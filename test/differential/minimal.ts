/** The smallest question, as far as it is found by leaving things out, on which both still disagree. */
import { Budget, DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";
import { jsonText, parseJson } from "../../src/policy/plan/values/json.ts";
import type { PlainObject } from "../../src/policy/plan/values/value.ts";
import type { OpaOracle } from "../support/opa-oracle.ts";
import { compareWithOpa, type Disagreement, type Question } from "./compare.ts";

/** A file of Rego in pieces that can be left out: its rules, each with its lines. */
type Rules = readonly { readonly file: string; readonly lines: readonly string[] }[];

interface Candidate {
  readonly rules: Rules;
  readonly inputText: string;
}

export async function minimal(oracle: OpaOracle, found: Disagreement): Promise<Disagreement> {
  const { entrypoint, question } = found;
  const ask = async ({ rules, inputText }: Candidate): Promise<Disagreement | undefined> => {
    const modules = written(rules);
    const packages = question.packages.filter((name) => modules[`${name}.rego`] !== undefined);
    const asked = {
      ...question,
      modules,
      packages,
      entrypoints: [entrypoint],
      inputTexts: [inputText],
    };
    const { disagreements } = await compareWithOpa(oracle, asked);
    return disagreements.find((one) => one.entrypoint === entrypoint);
  };
  let now: Candidate = { rules: rulesOf(question.modules), inputText: found.inputText };
  let smallest = await ask(now);
  if (smallest === undefined) return found;
  for (const step of [withoutRules, withoutLines, withoutMembers]) {
    // What is left out is not looked at again, so positions from the end stay true.
    for (const smaller of step(now)) {
      const next = smaller(now);
      const still = await ask(next);
      if (still !== undefined) [now, smallest] = [next, still];
    }
  }
  return smallest;
}

type Smaller = (from: Candidate) => Candidate;

function withoutRules({ rules }: Candidate): readonly Smaller[] {
  return rules
    .map(
      (_, index): Smaller =>
        (from) => ({ ...from, rules: from.rules.toSpliced(index, 1) }),
    )
    .reverse();
}

function withoutLines({ rules }: Candidate): readonly Smaller[] {
  return rules.flatMap(({ lines }, index) =>
    lines
      .map(
        (_, line): Smaller =>
          (from) => {
            const rule = from.rules[index];
            if (rule === undefined || rule.lines.length < 4) return from;
            const left = { ...rule, lines: rule.lines.toSpliced(line, 1) };
            return { ...from, rules: from.rules.with(index, left) };
          },
      )
      .slice(1, -1)
      .reverse(),
  );
}

function withoutMembers({ inputText }: Candidate): readonly Smaller[] {
  return Object.keys(parseJson(inputText) as object).map(
    (name): Smaller =>
      (from) => ({ ...from, inputText: withoutMember(from.inputText, name) }),
  );
}

function withoutMember(text: string, name: string): string {
  const members = Object.entries(parseJson(text) as PlainObject).filter(([key]) => key !== name);
  return jsonText(Object.fromEntries(members), new Budget(DEFAULT_LIMITS));
}

function rulesOf(modules: Question["modules"]): Rules {
  return Object.entries(modules).flatMap(([file, source]) =>
    source
      .trim()
      .split("\n\n")
      .slice(1)
      .map((rule) => ({ file, lines: rule.split("\n") })),
  );
}

function written(rules: Rules): Record<string, string> {
  const modules: Record<string, string> = {};
  for (const { file, lines } of rules) {
    modules[file] ??= `package ${file.replace(".rego", "")}\n`;
    modules[file] += `\n${lines.join("\n")}\n`;
  }
  return modules;
}
