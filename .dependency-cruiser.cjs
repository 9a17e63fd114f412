/** Import rules: the folder layout is the path of one Check, and stages do not know each other. */
const STAGES = "request|identity|rollout|cache|policy|response|audit";
const PURE = [
  "wire/(check-request|check-response|wire-error)",
  "request/(read-request|route-table|mcp-parameter-headers)",
  "identity/(route-checks|workload)",
  "cache/(decision-key|replay-time)",
  "policy/(policy-input|interpret|filter-parameters|host-time|policy-failure)",
  "response/(write-response|reply-tables|body-template)",
].join("|");
/** npm package → the one folder that may import it. */
const OWNERS = [
  ["quick-lru", "cache"],
  ["jose", "identity"],
  ["@open-policy-agent/opa-wasm", "policy"],
  ["@grpc/grpc-js", "transport"],
  ["prom-client", "observability"],
  ["pino", "observability"],
  ["yaml", "(config|policy/builtins)"],
  ["re2js", "policy/builtins"],
  ["commander", "cli"],
  ["@redis/client", "host"],
];

const error = (name, comment, from, to) => ({ name, severity: "error", comment, from, to });

module.exports = {
  forbidden: [
    error(
      "no-cycle",
      "Move what both need into domain/.",
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ["type-only"] },
      },
    ),
    error(
      "no-orphan",
      "Nothing imports this file: delete it.",
      { orphan: true, path: "^src/", pathNot: "^src/main[.]ts$" },
      {},
    ),
    error(
      "domain-is-leaf",
      "domain/ imports nothing but itself.",
      { path: "^src/domain/" },
      { pathNot: "^src/domain/" },
    ),
    error(
      "wire-is-leaf",
      "wire/ imports nothing but itself.",
      { path: "^src/wire/" },
      { pathNot: "^src/wire/" },
    ),
    error(
      "json-is-a-reader",
      "json/ knows words of the domain and nothing else.",
      { path: "^src/json/" },
      { path: "^src/", pathNot: "^src/(json|domain)/" },
    ),
    error(
      "stages-do-not-know-each-other",
      "Only check/ knows the order; pass the value through it.",
      { path: `^src/(${STAGES})/` },
      { path: `^src/(${STAGES})/`, pathNot: "^src/$1/" },
    ),
    error(
      "stages-look-down-only",
      "A stage may import domain/; see the next two rules for wire/ and json/.",
      { path: `^src/(${STAGES}|registry)/` },
      { path: "^src/(check|transport|config|observability|admin|lifecycle|cli|host|app|main)" },
    ),
    error(
      "wire-is-for-both-ends",
      "Only what reads the request and what writes the response sees wire/.",
      { path: `^src/(${STAGES}|registry)/`, pathNot: "^src/(request|response)/" },
      { path: "^src/wire/" },
    ),
    error(
      "json-is-for-readers",
      "Only the request and credentials are read with json/.",
      { path: `^src/(${STAGES}|registry)/`, pathNot: "^src/(request|identity)/" },
      { path: "^src/json/" },
    ),
    error(
      "spine-sees-pure-files-only",
      "What holds state or does I/O comes through check/ports.ts.",
      { path: "^src/check/" },
      { path: "^src/", pathNot: ["^src/(check|domain)/", `^src/(${PURE})[.]ts$`] },
    ),
    error(
      "transport-sees-bytes",
      "A transport knows the handler type, nothing of its stages.",
      { path: "^src/transport/" },
      { path: `^src/(${STAGES}|registry|wire|config|host|cli|app|main)` },
    ),
    error(
      "rego-stands-alone",
      "The plan engine and the builtins can be published on their own.",
      { path: "^src/policy/(plan|builtins)/" },
      { path: "^src/", pathNot: "^src/policy/(plan|builtins)/" },
    ),
    error(
      "plan-is-given-its-builtins",
      "The compiler takes a registry of builtins; it knows none by itself.",
      { path: "^src/policy/plan/" },
      { path: "^src/policy/builtins/", dependencyTypesNot: ["type-only"] },
    ),
    error(
      "host-is-joined-in-app",
      "The platform comes in as a parameter; only app.ts and cli/ pick the real one.",
      { path: "^src/", pathNot: "^src/(host|cli|app|main)" },
      { path: "^src/host/" },
    ),
    error(
      "main-is-the-root",
      "Nothing imports main.ts; only cli/ and main.ts see app.ts.",
      { path: "^src/", pathNot: "^src/(cli/|main[.]ts)" },
      { path: "^src/(app|main)[.]ts$" },
    ),
    error(
      "src-stands-alone",
      "src/ runs without tests, demo and tools.",
      { path: "^src/" },
      { path: "^(test|demo|tools|load)/" },
    ),
    error(
      "no-dev-dependency-in-src",
      "List it under dependencies or leave it out.",
      { path: "^src/" },
      {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only"],
      },
    ),
    error(
      "zod-in-schemas-only",
      "A part's schema is its config.ts; config/ joins them.",
      { path: "^src/", pathNot: "^src/(config/|[a-z]+/config[.]ts$)" },
      { path: "node_modules/zod/" },
    ),
    ...OWNERS.map(([name, folder]) =>
      error(
        `only-${folder.replaceAll(/[^a-z]+/g, "-")}-imports-${name.replaceAll(/[@/]/g, "-")}`,
        `Its surprises stop at the adapter in ${folder}/.`,
        { path: "^src/", pathNot: `^src/${folder}/` },
        { path: `node_modules/${name}/` },
      ),
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
