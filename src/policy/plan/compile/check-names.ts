/**
 * The last look at generated code before it is compiled: it may use the names made for it, the members of
 * what it is handed, and nothing else. So it sees no global, whatever a plan says.
 *
 * @module
 */
import { PlanError } from "../ir.ts";
import { RUN_TIME } from "../run-time.ts";

const MADE = /^(?:[abcdfghiklmpsuwy][0-9]+|[RBXTUSKHEMNv]|results|plans|functions)$/;
const LANGUAGE =
  /^(?:use|strict|break|const|continue|else|false|for|function|if|let|null|return|true|undefined)$/;
const MEMBERS: ReadonlySet<string> = new Set([
  ...Object.keys(RUN_TIME),
  ...["steps", "stop", "create", "push", "set", "add", "length"],
  ...["entered", "left", "failed", "reached", "put", "read"],
]);
/** The only text in the code. */
const LITERALS = new Set(['"use strict"', '"steps"']);
const OTHER = /^[\s0-9(){}[\],;:.?=!<>+&|-]*$/;
const TOKEN = /"[^"\n]*"|[A-Za-z_$][A-Za-z0-9_$]*/g;

/** @throws {PlanError} naming the first thing that does not belong there. */
export function checkNames(source: string): void {
  let end = 0;
  for (const { 0: token, index } of source.matchAll(TOKEN)) {
    const between = source.slice(end, index);
    end = index + token.length;
    if (!OTHER.test(between)) throw unexpected(between);
    const isKnown =
      LITERALS.has(token) || MADE.test(token) || LANGUAGE.test(token) || MEMBERS.has(token);
    if (!isKnown) throw unexpected(token);
  }
  if (!OTHER.test(source.slice(end))) throw unexpected(source.slice(end));
}

const SHOWN_CHARACTERS_MAX = 40;

function unexpected(text: string): PlanError {
  const shown = JSON.stringify(text.slice(0, SHOWN_CHARACTERS_MAX));
  return new PlanError(`generated code has an unexpected part ${shown}`);
}
