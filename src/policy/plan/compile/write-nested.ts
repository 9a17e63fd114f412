/**
 * Statements that hold a block: `not`, `with` and the scan of a collection.
 *
 * @module
 */
import type { Block, Position, StatementOf } from "../ir.ts";
import type { CodeBlock } from "./code-block.ts";
import { isExistential, isOrdered, successOf } from "./scans.ts";
import { weightOf } from "./statements.ts";

export function writeNot(code: CodeBlock, statement: StatementOf<"Not">): void {
  const failed = writeAttempt(code, statement.block, statement.at);
  code.undefinedIf(`!${failed}`, statement);
}

/** Calls below see other documents, and what was remembered of rules under the old ones is put aside. */
export function writeWith(code: CodeBlock, statement: StatementOf<"With">): void {
  const { local, path, value, block } = statement;
  const document = code.fresh("w");
  const memo = code.fresh("m");
  code.writer.line(`const ${document} = l${local}, ${memo} = M;`);
  const names = path.map((part) => code.module.stringName(part)).join(", ");
  code.writer.line(`l${local} = upsert(l${local}, [${names}], ${code.read(value)}, B);`);
  code.writer.line("M = N();");
  const failed = writeAttempt(code, block, undefined);
  code.writer.line(`l${local} = ${document}; M = ${memo};`);
  code.undefinedIf(failed, statement);
}

/** Runs a block; the name returned is true afterwards when it did not come to its end. */
function writeAttempt(code: CodeBlock, block: Block, aside: Position | undefined): string {
  const failed = code.fresh("u");
  const label = code.fresh("b");
  code.writer.line(`let ${failed} = true;`);
  code.writer.braces(`${label}:`, () => {
    code.enter({ jump: "break", label, isFence: true, aside }, () =>
      code.writeStatements(code, block),
    );
    code.writer.line(`${failed} = false;`);
  });
  return failed;
}

export function writeScan(code: CodeBlock, statement: StatementOf<"Scan">): void {
  const { source, key, value, block } = statement;
  const from = code.readLocal(source);
  const [items, index, label, isArray] = ["a", "i", "c", "y"].map((prefix) => code.fresh(prefix));
  const scan = isOrdered(statement, code) ? "scannedInOrder" : "scanned";
  rememberSuccess(code, statement, String(label));
  const weight = weightOf([block]) + 1;
  code.writer.line(`const ${items} = ${scan}(${from}, B), ${isArray} = isArray(${from});`);
  code.writer.line(`if (${items} !== undefined)`);
  code.writer.braces(
    `${label}: for (let ${index} = 0; ${index} < ${items}.length; ${index}++)`,
    () => {
      code.writer.line(`if ((B.steps -= ${weight}) < 0) B.stop("steps");`);
      const item = `${items}[${index}]`;
      code.writer.line(`l${key} = ${isArray} ? ${index} : ${item};`);
      code.writer.line(`l${value} = ${isArray} ? ${item} : valueAt(${from}, ${item}, B);`);
      if (code.module.isExplained) code.writer.line(`E.read(${from}, l${key}, l${value});`);
      code.enter({ jump: "break", label: String(label), isFence: false, aside: undefined }, () =>
        code.enter(
          { jump: "continue", label: String(label), isFence: false, aside: undefined },
          () => code.writeStatements(code, block),
        ),
      );
    },
  );
}

/** A scan that ends another one leaves both. */
function rememberSuccess(code: CodeBlock, scan: StatementOf<"Scan">, label: string): void {
  const success = successOf(scan);
  if (success === undefined || code.successes.has(success)) return;
  if (isExistential(scan, code)) code.successes.set(success, label);
}
