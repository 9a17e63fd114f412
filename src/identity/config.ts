/**
 * The section `identity` of the configuration.
 *
 * @module
 */
import { z } from "zod";
import type { Frozen } from "../domain/frozen.ts";
import { isWorkloadName } from "./workload.ts";

export const TOKEN_ALGORITHMS = [
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
          error: `must be asymmetric: ${TOKEN_ALGORITHMS.join(", ")}`,
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
        /^(?!apikey:)[A-Za-z0-9_.:@/-]{1,64}$/,
        "must be 1-64 letters, digits or characters of _.:@/-, and not apikey:",
      )
      .optional()
      .describe("Put before `sub`, so that ids of two issuers never meet."),
    trust_map: z.literal("ladder").optional().describe("Map SARK's other trust ladders (agents)."),
    trust_attributes: z
      .boolean()
      .default(false)
      .describe("The claim `attributes` reaches the policy."),
    token_age_seconds_max: z
      .int()
      .min(60)
      .max(30 * 24 * HOUR_S)
      .default(24 * HOUR_S)
      .describe("Largest `exp - iat`."),
  })
  .superRefine((entry, context) => {
    if ((entry.jwks_file === undefined) === (entry.jwks_url === undefined)) {
      context.addIssue({ code: "custom", message: "needs exactly one of jwks_file and jwks_url" });
    }
    for (const [key, isUsed, where] of meaningless(entry)) {
      if (!isUsed) continue;
      context.addIssue({ code: "custom", path: [key], message: `is only used with ${where}` });
    }
  });

/** Settings that would do nothing here: whoever wrote them expected something. */
function meaningless(entry: {
  readonly kind: "user" | "agent";
  readonly jwks_url?: string | undefined;
  readonly ca_file?: string | undefined;
  readonly allow_private: boolean;
  readonly trust_map?: string | undefined;
  readonly trust_attributes: boolean;
}): readonly (readonly [key: string, isUsed: boolean, where: string])[] {
  const isFile = entry.jwks_url === undefined;
  return [
    ["ca_file", isFile && entry.ca_file !== undefined, "jwks_url"],
    ["allow_private", isFile && entry.allow_private, "jwks_url"],
    ["trust_map", entry.kind === "user" && entry.trust_map !== undefined, "kind agent"],
    ["trust_attributes", entry.kind === "agent" && entry.trust_attributes, "kind user"],
  ];
}

/** True when ids behind these prefixes can be equal. */
function canMeet(one = "", other = ""): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

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
        issuers.forEach((entry, index) => {
          const others = issuers.slice(0, index);
          if (others.some((other) => other.issuer === entry.issuer)) {
            context.addIssue({
              code: "custom",
              path: [index, "issuer"],
              message: "is listed twice",
            });
          }
          const isShared = others.some(
            (other) =>
              other.kind === entry.kind && canMeet(other.subject_prefix, entry.subject_prefix),
          );
          if (isShared) {
            context.addIssue({
              code: "custom",
              path: [index],
              message: `issuers of kind ${entry.kind} need subject_prefix values of which none begins with another`,
            });
          }
        });
      })
      .describe("Who may sign tokens."),
    token_cache: z
      .strictObject({
        entries_max: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(10_000)
          .describe("Verified tokens kept."),
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
