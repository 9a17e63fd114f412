/**
 * `value[key]`. A constant name is first read as a property, which engines make fast at each place of
 * the code; what that does not find, or what every object inherits, is looked up by `member`.
 *
 * @module
 */
import type { StatementOf } from "../ir.ts";
import { Decimal } from "../values/decimal.ts";
import { RegoObject } from "../values/rego-object.ts";
import { RegoSet } from "../values/rego-set.ts";
import type { CodeBlock } from "./code-block.ts";

type Dot = StatementOf<"Dot">;

/** Anything a value can inherit a property from: reading such a name finds what no document holds. */
const INHERITING: readonly object[] = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  RegoObject.prototype,
  RegoSet.prototype,
  new Decimal("0"),
];

function isOwnOnly(name: string): boolean {
  return name !== "length" && !INHERITING.some((one) => name in one) && !isIndex(name);
}

/** Arrays and strings have properties by these names, which Rego only finds by number. */
function isIndex(name: string): boolean {
  return /^[0-9]/.test(name);
}

export function writeDot(code: CodeBlock, statement: Dot): void {
  const { source, key, target } = statement;
  const from = code.read(source);
  const name = code.constant(key);
  const by = code.read(key);
  if (typeof name === "string" && isOwnOnly(name) && !code.module.isExplained) {
    code.writer.line(`l${target} = ${from}?.[${by}];`);
    code.writer.line(`if (l${target} === undefined) {`);
    code.writer.line(` l${target} = member(${from}, ${by}, B);`);
    code.undefinedIf(`l${target} === undefined`, statement);
    code.writer.line("}");
    return;
  }
  code.writer.line(`l${target} = member(${from}, ${by}, B);`);
  if (code.module.isExplained) code.writer.line(`E.read(${from}, ${by}, l${target});`);
  code.undefinedIf(`l${target} === undefined`, statement);
}
