/**
 * Schemas of the small sections, with their defaults and the rules inside each of them.
 *
 * @module
 */
import { z } from "zod";
import { DEFAULT_LIMITS } from "../policy/plan/values/budget.ts";
import { ENGINES } from "../policy/policy-engine.ts";
import { isLoopback, readListenAddress } from "./listen-address.ts";
import { entrypointSchema } from "./route-schema.ts";

const ADDRESS = "must be unix:/path (at most 107 bytes), host:port or [ipv6]:port";
const SOCKET_MODE = 'must be four octal digits in quotes, such as "0660"';
const BEYOND_LOOPBACK =
  "beyond loopback needs TLS, which is not supported yet; use unix:/path or 127.0.0.1:port";
const KIB = 1_024;
const MIB = 1_024 * KIB;
/** What a message holds beside the body: the header block twice, attributes and framing. */
const MESSAGE_OVERHEAD_BYTES = 256 * KIB;

const wholeNumber = (least: number, most: number) => z.int().min(least).max(most);
const filePath = () => z.string().min(1).max(4_096);

export const listenSchema = z
  .strictObject({
    check: z
      .string()
      .superRefine((text, context) => {
        const address = readListenAddress(text);
        if (address === undefined) context.addIssue({ code: "custom", message: ADDRESS });
        else if (address.kind === "tcp" && !isLoopback(address.host)) {
          context.addIssue({ code: "custom", message: BEYOND_LOOPBACK });
        }
      })
      .default("unix:/run/sark/authz.sock")
      .describe(
        "Where Envoy asks: unix:/path, or a loopback host:port. Whoever reaches it is trusted.",
      ),
    check_socket_mode: z
      .string({ error: SOCKET_MODE })
      .regex(/^0[0-7]{3}$/, SOCKET_MODE)
      .default("0660")
      .describe("File mode of the socket."),
    doors: z
      .null({ error: "HTTP doors are not supported yet; leave it out" })
      .default(null)
      .describe("Not supported yet."),
    metrics: z
      .string()
      .refine((text) => readListenAddress(text)?.kind === "tcp", "must be host:port or [ipv6]:port")
      .default("127.0.0.1:9090")
      .describe("host:port of /livez, /readyz and /metrics, GET only; may be bound wider."),
    admin: z
      .null({ error: "the admin listener is not supported yet; leave it out" })
      .default(null)
      .describe("Not supported yet."),
  })
  .prefault({})
  .describe("Listeners.");

export const limitsSchema = z
  .strictObject({
    check_ms: wholeNumber(1, 60_000)
      .default(150)
      .describe("Time of one whole Check; Envoy's own time-out may shorten it."),
    message_bytes: wholeNumber(KIB, 16 * MIB)
      .default(MIB)
      .describe("Largest Check message."),
    body_bytes: wholeNumber(0, 8 * MIB)
      .default(64 * KIB)
      .describe("Largest request body; equals max_request_bytes of Envoy."),
    checks_in_flight: wholeNumber(1, 100_000)
      .default(256)
      .describe("Checks that wait for a token verification at the same time."),
  })
  .superRefine((limits, context) => {
    if (limits.message_bytes > limits.body_bytes + MESSAGE_OVERHEAD_BYTES) return;
    const message = `must be above body_bytes + ${MESSAGE_OVERHEAD_BYTES}: headers travel in the same message`;
    context.addIssue({ code: "custom", path: ["message_bytes"], message });
  })
  .prefault({})
  .describe("Bounds of one Check.");

export const policySchema = z
  .strictObject({
    bundle: filePath().describe("Bundle file made by policy build."),
    insecure_unsigned_bundle: z
      .boolean()
      .default(false)
      .describe(
        "Accepts a bundle without signature; false is not supported yet. Warned about at start.",
      ),
    engine: z
      .enum(ENGINES)
      .default("plan")
      .describe(
        "How policy is evaluated; both answers as plan and repeats a share in WebAssembly.",
      ),
    both_sample_ratio: z
      .number({ error: "must be a number from 0 to 1" })
      .min(0, "must be a number from 0 to 1")
      .max(1, "must be a number from 0 to 1")
      .default(0.01)
      .describe("Share of evaluations that engine both repeats."),
    budget: z
      .strictObject({
        steps: wholeNumber(1_000, 100_000_000)
          .default(DEFAULT_LIMITS.stepsMax)
          .describe("Statements run and elements visited, about 20 to 50 ns each."),
        values: wholeNumber(1_000, 10_000_000)
          .default(DEFAULT_LIMITS.valuesMax)
          .describe("Arrays, objects and sets made, and their elements."),
        bytes: wholeNumber(64 * KIB, 256 * MIB)
          .default(DEFAULT_LIMITS.bytesMax)
          .describe("Text and numbers made."),
      })
      .prefault({})
      .describe(
        "What one evaluation of the plan may cost; a breach is an error, never a decision.",
      ),
    entrypoints: z
      .strictObject({
        sark: entrypointSchema
          .default("mcp/gateway/result")
          .describe("Rule of the authorize endpoint."),
        a2a: entrypointSchema
          .default("mcp/gateway/a2a/result")
          .describe("Rule between agents: surface a2a and the authorize-a2a endpoint."),
        mcp: entrypointSchema.default("mcp/gateway/result").describe("Rule of MCP routes."),
        http: entrypointSchema.default("mcp/gateway/result").describe("Rule of HTTP routes."),
      })
      .prefault({})
      .describe("Which rule decides what; a route may name another."),
    work_hours: z
      .strictObject({
        start: wholeNumber(0, 23).default(9).describe("First hour, UTC."),
        end: wholeNumber(1, 24).default(18).describe("Hour before which they end, UTC."),
        days: z
          .array(wholeNumber(1, 7))
          .min(1)
          .default([1, 2, 3, 4, 5, 6, 7])
          .describe("Days, 1 = Monday."),
        time_slot_seconds: wholeNumber(60, 3_600)
          .refine((seconds) => 3_600 % seconds === 0, "must divide an hour: 3600, 1800, 900 …")
          .default(3_600)
          .describe("No stored decision outlives its slot."),
      })
      .refine(({ start, end }) => start < end, { path: ["end"], error: "must be after start" })
      .prefault({})
      .describe("What policy is told of the time of day."),
  })
  .refine(({ insecure_unsigned_bundle }) => insecure_unsigned_bundle, {
    path: ["insecure_unsigned_bundle"],
    error:
      "signed bundles are not supported yet; true accepts one on the strength of its file mode",
  })
  .describe("What decides.");

export const registrySectionSchema = z
  .strictObject({
    file: filePath().default("registry.yaml").describe("Registry of servers, tools and agents."),
  })
  .prefault({})
  .describe("What is known of servers, tools and agents.");

export const cacheSchema = z
  .strictObject({
    entries_max: wholeNumber(1, 1_000_000).default(10_000).describe("Decisions in one generation."),
    ttl_max_seconds: wholeNumber(0, 1_800)
      .default(1_800)
      .describe("Longest life of an allow; counts as 60 while there is no revocation list."),
    advertised_ttl_max_seconds: wholeNumber(0, 60)
      .default(60)
      .describe("Longest life told to callers, whose own cache hears of no revocation."),
    deny_ttl_max_seconds: wholeNumber(0, 5).default(5).describe("Longest life of a denial."),
    cleanup_seconds: wholeNumber(1, 3_600)
      .default(60)
      .describe("How often expired ones are removed."),
  })
  .prefault({})
  .describe("Decision cache.");

export const rolloutSchema = z
  .strictObject({
    feature: z
      .string()
      .regex(
        /^[A-Za-z0-9_.-]{1,64}$/,
        "must be 1-64 characters of letters, digits, dot, underscore, hyphen",
      )
      .default("sark_authz")
      .describe("Names the groups of callers."),
    store: z.enum(["static"]).default("static").describe("Where the percentage comes from."),
    percent: wholeNumber(0, 100)
      .default(100)
      .describe("Share of callers decided here on migration routes."),
  })
  .prefault({})
  .describe("Who is decided here and who by Python.");

export const auditSchema = z
  .strictObject({
    sink: z.enum(["stdout", "file"]).default("stdout").describe("Where records go."),
    file: filePath()
      .nullable()
      .default(null)
      .describe("File they are appended to, with sink file."),
    queue_records_max: wholeNumber(1, 1_000_000)
      .default(10_000)
      .describe("Records waiting to be written."),
    queue_bytes_max: wholeNumber(64 * KIB, 1_024 * MIB)
      .default(32 * MIB)
      .describe("Bytes waiting to be written."),
    pepper_file: filePath()
      .nullable()
      .default(null)
      .describe("Secret that keys user_hash; without it the field is left out."),
  })
  .refine(({ sink, file }) => sink !== "file" || file !== null, {
    path: ["file"],
    error: "is needed with sink file",
  })
  .refine(({ sink, file }) => sink === "file" || file === null, {
    path: ["file"],
    error: "is only used with sink file; set sink or remove it",
  })
  .prefault({})
  .describe("The record of every Check.");

export const logSchema = z
  .strictObject({
    level: z
      .enum(["debug", "info", "warn", "error", "silent"])
      .default("info")
      .describe("Lowest level that is written to stderr."),
  })
  .prefault({})
  .describe("Messages for operators, apart from the records.");

export const shutdownSchema = z
  .strictObject({
    notice_ms: wholeNumber(0, 60_000)
      .default(2_000)
      .describe("How long serving goes on after readiness is withdrawn."),
    grace_ms: wholeNumber(0, 300_000).default(10_000).describe("Time for Checks in flight."),
  })
  .prefault({})
  .describe("How the process ends.");
