/**
 * OPA's builtins that are not provided, each with the reason. OPA has these and those of the tables in
 * this folder, and no others: a policy that calls one of these is refused when it is loaded.
 *
 * @module
 */

/** Why a builtin is refused, to be said after its name. */
export const REFUSAL_REASONS = {
  network: "reaches out to the network",
  environment: "tells the environment of the process",
  random: "has another result in each evaluation",
  "signing key": "signs with a key that the policy holds",
  "test only": "is called by tests of policies only",
  deprecated: "is deprecated, and no part of Rego v1",
  "compiled away": "is replaced when a policy is compiled",
  language: "is a programming language of its own, Go's text/template",
  "not built": "is not provided",
} as const;

type RefusalReason = keyof typeof REFUSAL_REASONS;

const BY_REASON: Readonly<Record<RefusalReason, readonly string[]>> = {
  network: ["http.send", "net.lookup_ip_addr"],
  environment: ["opa.runtime"],
  random: ["rand.intn", "uuid.rfc4122"],
  "signing key": ["io.jwt.encode_sign", "io.jwt.encode_sign_raw", "providers.aws.sign_req"],
  "test only": ["internal.test_case"],
  deprecated: [
    "all",
    "any",
    "cast_array",
    "cast_boolean",
    "cast_null",
    "cast_object",
    "cast_set",
    "cast_string",
    "net.cidr_overlap",
    "re_match",
    "set_diff",
  ],
  "compiled away": ["assign", "eq", "print", "rego.metadata.chain", "rego.metadata.rule"],
  language: ["strings.render_template"],
  "not built": [
    "crypto.parse_private_keys",
    "crypto.x509.parse_and_verify_certificates",
    "crypto.x509.parse_and_verify_certificates_with_options",
    "crypto.x509.parse_certificate_request",
    "crypto.x509.parse_certificates",
    "crypto.x509.parse_keypair",
    "crypto.x509.parse_rsa_private_key",
    "graphql.is_valid",
    "graphql.parse",
    "graphql.parse_and_verify",
    "graphql.parse_query",
    "graphql.parse_schema",
    "graphql.schema_is_valid",
    "json.match_schema",
    "json.verify_schema",
    "rego.parse_module",
  ],
};

export const REFUSED_BUILTINS: ReadonlyMap<string, RefusalReason> = new Map(
  (Object.keys(BY_REASON) as RefusalReason[]).flatMap((reason) =>
    BY_REASON[reason].map((name) => [name, reason] as const),
  ),
);
