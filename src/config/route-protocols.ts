/**
 * The protocol sections of a route entry: MCP, A2A, browser pages, and the texts they share.
 *
 * @module
 */
import { z } from "zod";
import { CAPABILITIES } from "../domain/request.ts";
import { A2A_OPERATION_NAMES, A2A_VERSIONS, MCP_VERSIONS } from "../domain/route.ts";
import { pushHostsSchema } from "../registry/config.ts";

/** RFC 6749 section 3.3. */
const SCOPE = /^[!#-[\]-~]{1,128}$/;
const ACTION = /^[a-z0-9_]+(?::[a-z0-9_]+)+$/;

const OPERATION = new RegExp(`^(?:${A2A_OPERATION_NAMES.join("|")})$`);

export const printable = (charactersMax: number) =>
  z
    .string()
    .regex(/^[!-~](?:[ -~]*[!-~])?$/, "must be visible ASCII without spaces at the ends")
    .max(charactersMax);

export const scopeSchema = z.string().regex(SCOPE, "must be an OAuth scope");
export const actionSchema = z
  .string()
  .regex(ACTION, "must be an action such as gateway:tool:invoke");

export const mcpSchema = z
  .strictObject({
    accept_versions: z
      .array(z.enum(MCP_VERSIONS))
      .min(1)
      .default(["2026-07-28", "2025-11-25", "2025-06-18"])
      .describe("Protocol versions that are spoken here."),
    sessions: z
      .enum(["required", "optional"])
      .default("optional")
      .describe("Whether a legacy request behind initialize must name its session."),
    header_verifier: z
      .enum(["envoy", "upstream"])
      .optional()
      .describe("Who compares Mcp-Method and Mcp-Name with the body; mcp_source headers needs it."),
    big_integers: z
      .enum(["refuse", "string"])
      .default("refuse")
      .describe("Integers beyond 2^53 inside arguments: refused, or handed to policy as texts."),
    bound_streams: z
      .boolean()
      .default(false)
      .describe("Answers end with their token, after an hour at most; Envoy must let it be set."),
    scopes: z
      .array(
        z.strictObject({
          action: actionSchema.describe("Action the rule is for."),
          tool: z
            .string()
            .regex(
              /^[A-Za-z0-9_.-]{1,127}(?:[A-Za-z0-9_.-]|\*)?$/,
              "must be a tool name, or the start of one and *",
            )
            .optional()
            .describe("Tool, or the start of its name and `*`; absent means every tool."),
          scopes: z.array(scopeSchema).min(1).describe("Scopes that are needed, all of them."),
        }),
      )
      .max(256)
      .default([])
      .describe("Scopes by action and tool; those of every rule that fits are needed together."),
    scope_implies: z
      .record(scopeSchema, z.array(scopeSchema).min(1))
      .default({})
      .describe("Scope → scopes that holding it includes."),
    resource_metadata_url: z
      .string()
      .regex(/^https:\/\/[!#-[\]-~]{1,1024}$/, "must be an https URL")
      .optional()
      .describe(
        "Named in challenges (RFC 9728); absent: follows from audience with authorization_servers.",
      ),
    authorization_servers: z
      .array(
        z.string().regex(/^https:\/\/[!#-[\]-~]{1,1024}$/, "must be the https URL of an issuer"),
      )
      .min(1)
      .max(16)
      .optional()
      .describe("Issuers that give tokens for this route; makes its metadata document (RFC 9728)."),
  })
  .describe("Only with surface mcp.");

export const a2aSchema = z
  .strictObject({
    versions: z
      .array(z.enum(A2A_VERSIONS))
      .min(1)
      .default(["1.0", "0.3"])
      .describe("Protocol versions that are spoken here."),
    public_card: z
      .boolean()
      .default(false)
      .describe("The public agent card is given without a credential."),
    push_hosts: pushHostsSchema.describe(
      "Hosts for push notifications, beside those of the agent's registry entry; port 443 unless named.",
    ),
    extensions: z
      .array(printable(2_048))
      .max(64)
      .optional()
      .describe("Accepted extension URIs; absent means any."),
    capability_map: z
      .record(
        z.string().regex(OPERATION, "must be an A2A operation such as SendMessage"),
        z.enum(CAPABILITIES),
      )
      .default({})
      .describe("By operation, a capability other than the protocol's table has."),
  })
  .describe("Only with surface a2a.");

export const corsSchema = z
  .strictObject({
    origins: z
      .array(
        z
          .string()
          .regex(
            /^https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[1-9][0-9]{0,4})?$/,
            "must be an origin such as https://app.example",
          ),
      )
      .max(64)
      .describe("Exact origins whose pages may call."),
  })
  .describe(
    "Browser pages; absent: any Origin is refused on mcp and a2a. match.methods needs OPTIONS then.",
  );
