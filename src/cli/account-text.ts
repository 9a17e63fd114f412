/**
 * An account for people: rules in the order in which they were asked, each above those it depends on.
 *
 * @module
 */
import type { Account, AccountBody, AccountPlace, AccountRule, Described } from "./account.ts";

const INDENTS_MAX = 8;
const READS_SHOWN_MAX = 100;

export function accountLines(account: Account): readonly string[] {
  const { packages, rules, rulesLeftOut, reads, readsLeftOut } = account;
  const lines = packages.map((one) => `package ${one.path}${descriptionOf(one)}`);
  if (lines.length > 0) lines.push("");
  lines.push("rules, each above those it depends on:", ...rules.flatMap(ruleLines));
  if (rulesLeftOut > 0) lines.push(`… and ${rulesLeftOut} more evaluations of rules`);
  lines.push("", ...readLines("input", reads), ...readLines("data", reads));
  if (readsLeftOut) lines.push("… and more, which is not listed");
  return lines;
}

function ruleLines(rule: AccountRule): readonly string[] {
  const indent = "  ".repeat(Math.min(rule.depth, INDENTS_MAX));
  const args = rule.args === undefined ? "" : `(${rule.args.join(", ")})`;
  const calls = rule.calls > 1 ? `  (the last of ${rule.calls} calls)` : "";
  const head = `${rule.rule}${args} = ${rule.value}${calls}${descriptionOf(rule)}`;
  return [head, ...rule.bodies.flatMap(bodyLines)].map((line) => indent + line);
}

function bodyLines(body: AccountBody): readonly string[] {
  const lines = [`  ${body.result.padEnd(9)} ${body.position}${descriptionOf(body)}`];
  if (body.failedAt !== undefined) lines.push(failureLine("at", body.failedAt));
  if (body.failedInside !== undefined) lines.push(failureLine("in", body.failedInside));
  if (body.failedBecause !== undefined) lines.push(`            as ${body.failedBecause}`);
  if (body.elements !== undefined) {
    const more = (body.elementCount ?? 0) - body.elements.length;
    const rest = more > 0 ? `, … and ${more} more` : "";
    lines.push(`            puts ${body.elements.join(", ")}${rest}`);
  }
  return lines;
}

function failureLine(word: string, { position, source }: AccountPlace): string {
  return `            ${word} ${position}${source === undefined ? "" : `   ${source}`}`;
}

function descriptionOf({ id, title, labels }: Described): string {
  const parts = [];
  if (id !== undefined) parts.push(`[${id}]`);
  if (title !== undefined) parts.push(title);
  if (labels !== undefined) {
    parts.push(
      `{${Object.entries(labels)
        .map(([name, value]) => `${name}: ${value}`)
        .join(", ")}}`,
    );
  }
  return parts.length === 0 ? "" : `  ${parts.join(" ")}`;
}

function readLines(document: string, reads: readonly string[]): readonly string[] {
  const own = reads.filter((path) => path.startsWith(document));
  if (own.length === 0) return [`read of ${document}: nothing`];
  const shown = own.slice(0, READS_SHOWN_MAX).map((path) => `  ${path}`);
  const more = own.length - shown.length;
  return [`read of ${document}:`, ...shown, ...(more > 0 ? [`  … and ${more} more`] : [])];
}
