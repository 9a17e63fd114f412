/**
 * Where the WebAssembly engine is known to answer otherwise than OPA. Comparisons of both engines make
 * allowance for it, `policy build` names what a policy uses of it, and the documentation is made from it.
 *
 * @module
 */
export interface Deviation {
  readonly what: string;
  readonly opa: string;
  readonly wasm: string;
  /** Calls that may show it; a policy with one of them is not compared. Empty = comparisons allow for it. */
  readonly builtins: readonly string[];
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    what: "order of an array made from a set or an object's members",
    opa: "sorted",
    wasm: "arbitrary",
    builtins: [],
  },
  {
    what: "numbers beyond 2^53, with more than 17 digits, or such as `1e400`",
    opa: "exact",
    wasm: "nearest double; `1e400` is `null`",
    builtins: [],
  },
  {
    what: "`json.marshal` of an object",
    opa: "members sorted",
    wasm: "arbitrary order",
    builtins: ["json.marshal", "json.marshal_with_options"],
  },
  {
    what: "`json.unmarshal` of a number with an exponent",
    opa: "exact",
    wasm: "nearest double",
    builtins: ["json.unmarshal"],
  },
  {
    what: '`sprintf("%v", …)` of a composite',
    opa: 'Rego text, `{"a": 1}`',
    wasm: "JavaScript text, `[object Object]`",
    builtins: ["sprintf"],
  },
  {
    what: "`sprintf` with a wrong or unknown verb",
    opa: "`%!d(float64=1.5)`",
    wasm: "converts, or fails",
    builtins: ["sprintf"],
  },
  {
    what: "`yaml.marshal` and `yaml.unmarshal`",
    opa: "Go's YAML 1.1 rules",
    wasm: "YAML 1.2 rules of another library",
    builtins: ["yaml.is_valid", "yaml.marshal", "yaml.unmarshal"],
  },
  {
    what: "a failing `sprintf`, `yaml.unmarshal` or other builtin of the engine's package",
    opa: "undefined",
    wasm: "the evaluation fails and the answer is an error",
    builtins: ["sprintf", "yaml.marshal", "yaml.unmarshal"],
  },
];

/** Those of `names` that may answer otherwise, sorted. */
export function deviatingBuiltins(names: readonly string[]): readonly string[] {
  const deviating = new Set(DEVIATIONS.flatMap(({ builtins }) => builtins));
  return names.filter((name) => deviating.has(name)).sort();
}

/** Values looked at before a comparison is given up: it runs between Checks. */
const COMPARED_VALUES_MAX = 100_000;

interface Work {
  left: number;
}

/**
 * Whether two results are the same but for what the table allows; undefined where it would take too long
 * to tell, which only results in another order can bring about.
 */
export function agree(plan: unknown, wasm: unknown): boolean | undefined {
  const work: Work = { left: COMPARED_VALUES_MAX };
  const isSame = agreeValues(plan, wasm, work);
  return work.left < 0 ? undefined : isSame;
}

function agreeValues(plan: unknown, wasm: unknown, work: Work): boolean {
  work.left -= 1;
  if (work.left < 0) return false;
  if (typeof plan === "number") return agreeNumbers(plan, wasm);
  if (typeof plan !== "object" || plan === null) return plan === wasm;
  if (typeof wasm !== "object" || wasm === null) return false;
  if (Array.isArray(plan)) return Array.isArray(wasm) && agreeArrays(plan, wasm, work);
  return !Array.isArray(wasm) && agreeObjects(plan, wasm, work);
}

function agreeNumbers(plan: number, wasm: unknown): boolean {
  if (!Number.isFinite(plan)) return wasm === null;
  if (plan === wasm) return true;
  if (typeof wasm !== "number" || Number.isSafeInteger(plan)) return false;
  return Math.abs(plan - wasm) <= Math.abs(plan) * 2 * Number.EPSILON;
}

/** In order, or as what a set holds: each element has its own partner on the other side. */
function agreeArrays(plan: readonly unknown[], wasm: readonly unknown[], work: Work): boolean {
  if (plan.length !== wasm.length) return false;
  if (plan.every((item, index) => agreeValues(item, wasm[index], work))) return true;
  if (plan.length > UNORDERED_ELEMENTS_MAX) return false;
  const rest = [...wasm];
  return plan.every((item) => {
    const at = rest.findIndex((other) => agreeValues(item, other, work));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

/** Each is looked for among all: the work grows with the square. */
const UNORDERED_ELEMENTS_MAX = 256;

function agreeObjects(plan: object, wasm: object, work: Work): boolean {
  const names = Object.keys(plan);
  if (names.length !== Object.keys(wasm).length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(wasm, name) &&
      agreeValues(
        (plan as Record<string, unknown>)[name],
        (wasm as Record<string, unknown>)[name],
        work,
      ),
  );
}
