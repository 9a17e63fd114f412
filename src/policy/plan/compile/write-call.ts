/**
 * Calls: of a plan's own functions, of builtins, and of a rule whose path is only known at run time.
 *
 * @module
 */
import type { StatementOf } from "../ir.ts";
import type { CodeBlock } from "./code-block.ts";
import { equality } from "./equality.ts";

type Call = StatementOf<"Call">;
type CallDynamic = StatementOf<"CallDynamic">;

export function writeCall(code: CodeBlock, statement: Call): void {
  const { callee, args, result } = statement;
  const target = `l${result}`;
  const [a, b] = args;
  const isEquality = callee === "equal" || callee === "neq";
  if (isEquality && a !== undefined && b !== undefined && !code.module.isExplained) {
    const same = equality(code, a, b);
    code.writer.line(`${target} = ${callee === "equal" ? same : `!(${same})`};`);
    return;
  }
  const texts = args.map((arg) => code.read(arg));
  const name = code.module.functionName(callee);
  if (name !== undefined) {
    code.writer.line(`${target} = ${name}(${texts.join(", ")});`);
  } else {
    const call = `${code.module.builtinName(callee)}(${["X", ...texts].join(", ")})`;
    if (!code.module.hasResult(callee)) {
      code.writer.line(`${call};`);
      return;
    }
    code.writer.line(`${target} = ${call};`);
  }
  code.undefinedIf(`${target} === undefined`, statement);
}

/** Blocks that OPA's planner puts around a dynamic call: an undefined rule leaves them all. */
const UNDEFINED_RULE_DEPTH = 3;

/** A path without a rule leads to the next block, which looks into data; a rule's "undefined" counts. */
export function writeCallDynamic(code: CodeBlock, statement: CallDynamic): void {
  const found = code.fresh("d");
  const path = statement.path.map((part) => code.read(part)).join(", ");
  const args = statement.args.map((local) => code.readLocal(local)).join(", ");
  code.writer.line(`const ${found} = findFunction(T, [${path}]);`);
  code.undefinedIf(`${found} === undefined`, statement);
  code.writer.line(`l${statement.result} = ${found}(${args});`);
  code.undefinedIf(`l${statement.result} === undefined`, statement, UNDEFINED_RULE_DEPTH);
}
