/**
 * Schema of the registry document: servers with their tools, agents, and who may use HTTP routes.
 *
 * @module
 */
import { z } from "zod";
import {
  AGENT_ID_CHARACTERS_MAX,
  CAPABILITIES_MAX,
  ENVIRONMENT_BYTES_MAX,
  ROLES_MAX,
  SERVER_NAME_BYTES_MAX,
  TEAMS_MAX,
} from "../domain/limits.ts";
import { AGENT_TYPES, TRUST_LEVELS } from "../domain/principal.ts";
import { CAPABILITIES } from "../domain/request.ts";
import { SENSITIVITIES } from "../domain/sensitivity.ts";

const VISIBLE = /^[!-~](?:[ -~]*[!-~])?$/;
const NAME = "must be visible ASCII without spaces at the ends";

const name = (charactersMax: number) => z.string().regex(VISIBLE, NAME).max(charactersMax);
const names = (charactersMax: number, entriesMax: number) =>
  z.array(name(charactersMax)).max(entriesMax).default([]);

const sensitivity = z.enum(SENSITIVITIES);

const toolSchema = z.strictObject({
  level: sensitivity.optional().describe("Sensitivity; absent means that the text is classified."),
  override: sensitivity.optional().describe("Wins over level."),
  description: z.string().max(4_096).default(""),
  parameter_names: z.array(z.string().max(256)).max(1_000).default([]),
  sensitive_params: z.array(z.string().min(1).max(256)).max(256).default([]),
  required_capabilities: names(128, CAPABILITIES_MAX),
  requires_mfa: z.boolean().default(false),
  parameter_headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "must be the part of a name behind Mcp-Param-"),
      z.string().min(1).max(128),
    )
    .default({})
    .describe("Header name without Mcp-Param- → argument it repeats (`x-mcp-header`)."),
});

const serverSchema = z.strictObject({
  owner: name(256).nullable().default(null),
  team: name(256).nullable().default(null),
  teams: names(256, TEAMS_MAX),
  environment: name(ENVIRONMENT_BYTES_MAX).nullable().default(null),
  visibility: z.enum(["public", "internal", "private"]).nullable().default(null),
  sensitivity: sensitivity.default("medium").describe("Of the server itself, not of its tools."),
  tools: z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z0-9_.-]{1,128}$/,
          "must be 1-128 letters, digits, dots, underscores or hyphens",
        ),
      toolSchema,
    )
    .default({}),
});

/** Of an agent, and of a route for whatever agent is behind it. */
export const pushHostsSchema = z
  .array(
    z
      .string()
      .regex(
        /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[1-9][0-9]{0,4})?$/,
        "must be a lower-case DNS name, with *. before it for one label and its port unless 443",
      ),
  )
  .max(64)
  .default([]);

const agentSchema = z.strictObject({
  type: z.enum(AGENT_TYPES).nullable().default(null),
  trust_level: z.enum(TRUST_LEVELS).nullable().default(null),
  environment: name(ENVIRONMENT_BYTES_MAX).nullable().default(null),
  organization_id: name(256).nullable().default(null),
  owner_id: name(256).nullable().default(null),
  accepts: z.array(z.enum(CAPABILITIES)).default([]),
  rate_limit_per_minute: z.int().min(0).nullable().default(null),
  push_hosts: pushHostsSchema,
});

const httpSchema = z.strictObject({
  read: names(128, ROLES_MAX),
  write: names(128, ROLES_MAX),
});

export const registrySchema = z.strictObject({
  servers: z.record(name(SERVER_NAME_BYTES_MAX), serverSchema).default({}),
  agents: z.record(name(AGENT_ID_CHARACTERS_MAX), agentSchema).default({}),
  http: z
    .record(z.string().regex(/^[a-z0-9._-]{1,64}$/, "must be a route name"), httpSchema)
    .default({}),
});

export type RegistryDocument = z.output<typeof registrySchema>;
export type ServerEntry = z.output<typeof serverSchema>;
export type ToolEntry = z.output<typeof toolSchema>;
export type AgentEntry = z.output<typeof agentSchema>;
