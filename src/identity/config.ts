/**
 * The section `identity` of the configuration.
 *
 * @module
 */
import { z } from "zod";
import type { Frozen } from "../domain/frozen.ts";
import { entryProblems, listProblems } from "./issuer-rules.ts";
import { isWorkloadName } from "./workload.ts";

const ASYMMETRIC_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "EdDSA",
  "Ed25519",
] as const;
const TOKEN_ALGORITHMS = [...ASYMMETRIC_ALGORITHMS, "HS256"] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

const HOUR_S = 3_600;
const audience = z.string().min(1).max(2_048);

const issuerSchema = z
  .strictObject({
    issuer: z.string().min(1).max(512).describe("Exact `iss` of the tokens."),
    kind: z.enum(["user", "agent"]).describe("What its tokens prove."),
    audience: z
      .union([audience, z.array(audience).min(1).max(16)])
      .describe("Accepted `aud`, exact; one or a list."),
    algorithms: z
      .array(
        z.enum(TOKEN_ALGORITHMS, {
          error: `must be asymmetric: ${ASYMMETRIC_ALGORITHMS.join(", ")}; or HS256 alone with shared_secret_file`,
        }),
      )
      .min(1)
      .default(["RS256", "ES256", "EdDSA"])
      .describe("Accepted `alg`."),
    jwks_file: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe("Key set as a file; read again on change."),
    jwks_url: z
      .string()
      .max(2_048)
      .regex(/^https:\/\/[^\s#@]+$/, "must be an https URL without user info and fragment")
      .refine((url) => URL.canParse(url), "must be an https URL without user info and fragment")
      .optional()
      .describe("Key set at an https URL; fetched in the background only."),
    shared_secret_file: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe(
        "Secret of at least 32 bytes for HS256, as a file; read again on change. Only for SARK's own services.",
      ),
    accept_missing_iss: z
      .boolean()
      .default(false)
      .describe(
        "Tokens without `iss` belong to this entry; one shared-secret entry at most. Warned about at start.",
      ),
    ca_file: z.string().min(1).max(4_096).optional().describe("PEM bundle to trust for jwks_url."),
    allow_private: z
      .boolean()
      .default(false)
      .describe("jwks_url may resolve to loopback, private or link-local addresses."),
    required: z.boolean().default(true).describe("Not ready before its keys are loaded."),
    require_typ: z.literal("at+jwt").optional().describe("Refuse tokens of another `typ`."),
    subject_prefix: z
      .string()
      .regex(
        /^(?!apikey:|a(?:p(?:i(?:k(?:ey?)?)?)?)?$)[A-Za-z0-9_.:@/-]{1,64}$/,
        "must be 1-64 letters, digits or characters of _.:@/-, and not apikey: or a beginning of it",
      )
      .optional()
      .describe("Put before `sub`, so that ids of two issuers never meet."),
    shared_subjects: z
      .boolean()
      .default(false)
      .describe(
        "Equal ids of this issuer and of others that say so are the same person. Warned about at start.",
      ),
    uuid_v5_provider: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be 1-64 letters, digits or characters of _.-")
      .optional()
      .describe("Users are known by SARK's UUID version 5 over `<provider>:<sub>`."),
    trust_map: z.literal("ladder").optional().describe("Map SARK's other trust ladders (agents)."),
    trust_attributes: z
      .boolean()
      .default(false)
      .describe("The claim `attributes` reaches the policy."),
    claims_to_policy: z
      .array(
        z
          .string()
          .regex(
            /^[A-Za-z0-9_.:/-]{1,128}$/,
            "must be 1-128 letters, digits or characters of _.:/-",
          ),
      )
      .max(16)
      .default([])
      .describe("Further claims that reach the policy, as members of `user.attributes`."),
    token_age_seconds_max: z
      .int()
      .min(60)
      .max(30 * 24 * HOUR_S)
      .default(24 * HOUR_S)
      .describe("Largest `exp - iat`."),
  })
  .superRefine((entry, context) => {
    for (const [path, message] of entryProblems(entry)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });

export type IssuerConfig = Frozen<z.infer<typeof issuerSchema>>;

export const identitySchema = z
  .strictObject({
    clock_skew_seconds: z
      .int()
      .min(0)
      .max(60)
      .default(30)
      .describe("Tolerance for exp, nbf and iat."),
    issuers: z
      .array(issuerSchema)
      .min(1)
      .max(64)
      .superRefine((issuers, context) => {
        for (const [path, message] of listProblems(issuers)) {
          context.addIssue({ code: "custom", path: [...path], message });
        }
      })
      .describe("Who may sign tokens."),
    jwks_stale_seconds_max: z
      .int()
      .min(300)
      .max(24 * HOUR_S)
      .default(24 * HOUR_S)
      .describe("How long the last good set of a jwks_url is used while its provider is down."),
    jwks_cache_dir: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe(
        "Folder that keeps the last good set of each jwks_url for the next start; only this account may write it.",
      ),
    token_cache: z
      .strictObject({
        entries_max: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(10_000)
          .describe("Verified tokens kept."),
        bytes_max: z
          .int()
          .min(65_536)
          .max(1_073_741_824)
          .default(33_554_432)
          .describe("Their estimated size."),
        ttl_max_seconds: z
          .int()
          .min(1)
          .max(3_600)
          .default(300)
          .describe("Longest use without a new verification."),
      })
      .prefault({})
      .describe("Verified tokens."),
    api_keys: z
      .strictObject({
        file: z
          .string()
          .min(1)
          .max(4_096)
          .describe("Records written by `api-key create`, one a line; read again on change."),
        pepper_file: z
          .string()
          .min(1)
          .max(4_096)
          .describe("Secret under which the MACs of the records were made; at least 32 bytes."),
      })
      .optional()
      .describe("API keys; without this section every key is unknown."),
    workloads: z
      .array(
        z
          .string()
          .refine(
            isWorkloadName,
            "must be a SPIFFE id (spiffe://trust-domain/path) or a DNS name; there are no patterns",
          ),
      )
      .max(10_000)
      .default([])
      .describe("Exact names that the peer's certificate may carry on routes with mtls."),
  })
  .describe("Who is believed.");
