/** Section identity: what would weaken or confuse the check of tokens is an error at start. */
import { describe, expect, it } from "vitest";
import { identitySchema } from "../../../src/identity/config.ts";

const entry = (change: object = {}) => ({
  issuer: "https://idp.example",
  kind: "user",
  audience: "sark-api",
  jwks_file: "keys/users.jwks.json",
  ...change,
});

function problems(...issuers: readonly object[]): readonly string[] {
  const parsed = identitySchema.safeParse({ issuers });
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

it("has safe defaults", () => {
  expect(identitySchema.parse({ issuers: [entry()] })).toEqual({
    clock_skew_seconds: 30,
    issuers: [
      {
        issuer: "https://idp.example",
        kind: "user",
        audience: "sark-api",
        algorithms: ["RS256", "ES256", "EdDSA"],
        jwks_file: "keys/users.jwks.json",
        allow_private: false,
        required: true,
        accept_missing_iss: false,
        shared_subjects: false,
        trust_attributes: false,
        claims_to_policy: [],
        token_age_seconds_max: 86_400,
      },
    ],
    jwks_stale_seconds_max: 86_400,
    token_cache: { entries_max: 10_000, bytes_max: 33_554_432, ttl_max_seconds: 300 },
    workloads: [],
  });
});

describe("algorithms", () => {
  it.each(["none", "None", "", "HS384", "HS512", "RS1", "es256", "ES256K", "dir"])(
    "refuses %j",
    (name) => {
      const [problem] = problems(entry({ algorithms: ["RS256", name] }));
      expect(problem).toMatch(/^issuers\.0\.algorithms\.1: must be asymmetric: RS256, /);
    },
  );

  it("needs one", () => {
    expect(problems(entry({ algorithms: [] }))).toHaveLength(1);
  });
});

describe("keys", () => {
  it.each([
    ["none", { jwks_file: undefined }],
    ["both", { jwks_url: "https://idp.example/jwks" }],
  ])("refuses %s of file and URL", (_name, change) => {
    expect(problems(entry(change))).toEqual([
      "issuers.0: needs exactly one of jwks_url, jwks_file, shared_secret_file",
    ]);
  });

  it.each([
    "http://idp.example/jwks",
    "https://",
    "https://:::/",
    "https://user:secret@idp.example/jwks",
    "https://idp.example/jwks#k1",
    "https://idp.example/a b",
    "file:///etc/keys",
    "",
  ])("refuses the URL %j", (jwks_url) => {
    expect(problems(entry({ jwks_file: undefined, jwks_url })).join()).toContain("https URL");
  });

  const SECRET = { jwks_file: undefined, shared_secret_file: "secret", algorithms: ["HS256"] };

  it("may be a shared secret with HS256 alone", () => {
    expect(problems(entry(SECRET))).toEqual([]);
    const message = "must be [HS256] with shared_secret_file, and asymmetric otherwise";
    for (const change of [
      { ...SECRET, algorithms: undefined },
      { ...SECRET, algorithms: ["RS256"] },
      { ...SECRET, algorithms: ["HS256", "RS256"] },
      { algorithms: ["HS256"] },
      { algorithms: ["RS256", "HS256"] },
    ]) {
      expect(problems(entry(change))).toEqual([`issuers.0.algorithms: ${message}`]);
    }
  });

  it("of a shared secret never stand beside a key set", () => {
    expect(problems(entry({ ...SECRET, jwks_file: "keys.json" }))).toEqual([
      "issuers.0: needs exactly one of jwks_url, jwks_file, shared_secret_file",
    ]);
  });

  it("without a name belong to one shared-secret issuer at most", () => {
    const nameless = { ...SECRET, accept_missing_iss: true };
    const second = { issuer: "b", kind: "agent", shared_secret_file: "other" };
    expect(problems(entry(nameless))).toEqual([]);
    expect(problems(entry(nameless), entry({ ...nameless, ...second }))).toEqual([
      "issuers.1.accept_missing_iss: is true for one issuer at most",
    ]);
  });

  it.each([
    ["jwks_file", {}],
    ["shared_secret_file", SECRET],
    ["jwks_url", { jwks_file: undefined, jwks_url: "https://idp.example/jwks" }],
  ])("of one %s never verify users and agents", (key, change) => {
    const agents = { issuer: "b", kind: "agent", ...change };
    expect(problems(entry(change), entry(agents))).toEqual([
      `issuers.1.${key}: holds the keys of another kind of tokens already`,
    ]);
  });

  it.each([
    ["ca_file", { ca_file: "ca.pem" }, "jwks_url"],
    ["allow_private", { allow_private: true }, "jwks_url"],
    ["trust_map", { trust_map: "ladder" }, "kind agent"],
    ["trust_attributes", { kind: "agent", trust_attributes: true }, "kind user"],
    ["claims_to_policy", { kind: "agent", claims_to_policy: ["x"] }, "kind user"],
    ["uuid_v5_provider", { kind: "agent", uuid_v5_provider: "oidc" }, "kind user"],
    ["accept_missing_iss", { accept_missing_iss: true }, "shared_secret_file"],
  ])("refuses %s where it would do nothing", (key, change, where) => {
    expect(problems(entry(change))).toEqual([`issuers.0.${key}: is only used with ${where}`]);
  });
});

describe("several issuers", () => {
  const second = (change: object = {}) => entry({ issuer: "https://other.example", ...change });

  it("are fine with one of each kind", () => {
    expect(problems(entry(), second({ kind: "agent", jwks_file: "agents.json" }))).toEqual([]);
  });

  it("have different names", () => {
    expect(problems(entry(), entry({ kind: "agent", jwks_file: "agents.json" }))).toEqual([
      "issuers.1.issuer: is listed twice",
    ]);
  });

  it.each([
    ["no prefix at all", undefined, undefined],
    ["one prefix only", undefined, "b:"],
    ["equal prefixes", "a:", "a:"],
    ["a prefix of the other's prefix", "a:", "a:b:"],
  ])("of one kind can not have %s", (_name, one, other) => {
    const [problem] = problems(entry({ subject_prefix: one }), second({ subject_prefix: other }));
    expect(problem).toMatch(/^issuers\.1: issuers of kind user need subject_prefix/);
  });

  it("of one kind may share their subjects when both say so", () => {
    const shared = { shared_subjects: true };
    expect(problems(entry(shared), second(shared))).toEqual([]);
    expect(problems(entry(shared), second())).toHaveLength(1);
  });

  it("of one kind are kept apart by different providers of UUIDs", () => {
    const oidc = { uuid_v5_provider: "oidc" };
    expect(problems(entry(oidc), second({ uuid_v5_provider: "saml" }))).toEqual([]);
    expect(problems(entry(oidc), second(oidc))).toHaveLength(1);
    expect(problems(entry(oidc), second())).toHaveLength(1);
  });

  it("of one kind are kept apart by prefixes", () => {
    expect(problems(entry({ subject_prefix: "a:" }), second({ subject_prefix: "b:" }))).toEqual([]);
  });
});

it.each([
  ["a leeway above a minute", { clock_skew_seconds: 61, issuers: [entry()] }],
  ["no issuer", { issuers: [] }],
  ["an unknown key", { issuers: [entry({ algorithm: ["RS256"] })] }],
  ["an empty audience", { issuers: [entry({ audience: "" })] }],
  ["no audience", { issuers: [entry({ audience: [] })] }],
  ["another kind", { issuers: [entry({ kind: "api_key" })] }],
  ["another typ", { issuers: [entry({ require_typ: "JWT" })] }],
  ["a prefix that looks like API keys", { issuers: [entry({ subject_prefix: "apikey:" })] }],
  ["the beginning of such a prefix", { issuers: [entry({ subject_prefix: "api" })] }],
])("refuses %s", (_name, section) => {
  expect(identitySchema.safeParse(section).success).toBe(false);
});
