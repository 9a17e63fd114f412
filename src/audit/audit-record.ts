/**
 * One record as one JSON line of schema `sark.audit/1`. Every field: `docs/reference/audit.md`.
 *
 * Assembled by hand, because it is done for each Check: fixed parts are written as they are, every
 * text that a caller can choose goes through `quoteClaimed`.
 *
 * @module
 */
import { RECORD_BYTES_MAX, RECORD_STRING_CHARACTERS_MAX } from "../domain/limits.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { type LineLimits, quote, quoteClaimed, quoteList, quoteOrNull } from "./json-text.ts";
import { principalPart } from "./principal-part.ts";

/** Tried in this order until the line fits; texts full of escapes grow sixfold. */
const LIMITS = [
  { textCharactersMax: RECORD_STRING_CHARACTERS_MAX, listCharactersMax: 1_024 },
  { textCharactersMax: 64, listCharactersMax: 384 },
  { textCharactersMax: 16, listCharactersMax: 32 },
] as const satisfies readonly LineLimits[];
const NAMES_LISTS = 4;

const RETENTION_S = 90 * 86_400;

/** Why a Check needs a look, for alert rules of whoever reads the records. */
const SEVERITY = { allow: "low", deferred: "low", deny: "medium", error: "high" } as const;

/** Ends with a line feed; never longer than `RECORD_BYTES_MAX` bytes. */
export function encodeRecord(entry: AuditEntry, instance: string): string {
  let line = "";
  for (const limits of LIMITS) {
    line = lineOf(entry, instance, limits);
    if (line.length <= RECORD_BYTES_MAX && Buffer.byteLength(line) <= RECORD_BYTES_MAX) break;
  }
  return line;
}

function lineOf(entry: AuditEntry, instance: string, limits: LineLimits): string {
  return `{"event_type":"${entry.eventType}",${principalPart(entry, limits)},${decisionPart(entry, limits)},"audit_id":"${entry.auditId}","sequence":${entry.sequence},"instance":${quote(instance, limits.textCharactersMax)},"schema":"sark.audit/1",${timePart(entry)},${objectPart(entry, limits)},${policyPart(entry, limits)},${callerPart(entry, limits)},${outcomePart(entry)}}\n`;
}

function decisionPart(entry: AuditEntry, { textCharactersMax }: LineLimits): string {
  const { asked, resource } = entry;
  const server = resource?.server ?? asked?.named.server;
  const tool = resource?.tool ?? asked?.named.tool;
  return `"server_name":${quoteClaimed(server, textCharactersMax)},"tool_name":${quoteClaimed(tool, textCharactersMax)},"decision":"${entry.effect}","reason":${quoteClaimed(entry.text || entry.reason, textCharactersMax)},"timestamp":${seconds(entry)},"gateway_request_id":${quoteClaimed(asked?.requestId, textCharactersMax)},"metadata":{"sensitivity":${quoteOrNull(resource?.sensitivity, textCharactersMax)},"cache_ttl":${entry.cacheTtlS},"operation":${quoteOrNull(asked?.operation, textCharactersMax)}}`;
}

function timePart(entry: AuditEntry): string {
  return `"time_ns":"${entry.unixMs}000000","latency_ms":${toMicroseconds(entry.durationMs)},"evaluation_ms":${toMicroseconds(entry.evaluationMs)}`;
}

function objectPart(entry: AuditEntry, limits: LineLimits): string {
  const { asked, resource } = entry;
  const { textCharactersMax } = limits;
  const message = asked?.agentMessage;
  const type = resource?.type ?? asked?.named.type;
  return `"action_operation":${quoteOrNull(asked?.action, textCharactersMax)},"resource_type":${quoteOrNull(type, textCharactersMax)},"resource_id":${quoteClaimed(resourceId(entry, type), textCharactersMax)},"capability":${quoteOrNull(message?.capability, textCharactersMax)},"target_agent_id":${quoteClaimed(message?.targetAgentId, textCharactersMax)},"action_parameters":${parameters(entry, limits)}`;
}

function resourceId(entry: AuditEntry, type: string | undefined): string | null | undefined {
  const { asked, resource } = entry;
  if (type === "http") return asked?.path;
  const agentId = asked?.agentMessage?.targetAgentId;
  if (type === "agent" || type === "card") return agentId;
  const server = resource?.server ?? asked?.named.server ?? null;
  if (server === null && agentId !== undefined && asked?.named.name != null) {
    return `${agentId}/${asked.named.name}`;
  }
  const tool = resource?.tool ?? asked?.named.tool ?? null;
  return server === null || tool === null ? server : `${server}/${tool}`;
}

/** Digest and names of the parameters. Their values are never recorded. */
function parameters(entry: AuditEntry, limits: LineLimits): string {
  const { parameterNames, parametersDigest } = entry;
  if (parameterNames === undefined) return "null";
  const names = quoteList(
    parameterNames.names,
    limits.textCharactersMax,
    limits.listCharactersMax * NAMES_LISTS,
  );
  const digest = parametersDigest === undefined ? "null" : `"${parametersDigest}"`;
  return `{"digest":${digest},"names":${names},"names_cut":${parameterNames.isCut}}`;
}

function policyPart(entry: AuditEntry, { textCharactersMax }: LineLimits): string {
  const { route, source } = entry;
  return `"policy_id":${quoteOrNull(route?.policy, textCharactersMax)},"policy_version":${quoteOrNull(entry.policyRevision, textCharactersMax)},"data_version":${quoteOrNull(entry.dataRevision, textCharactersMax)},"engine":"${engineOf(entry)}","fallback_reason":null,"cache_hit":${source === "cache"}`;
}

function engineOf({ source, policyEngine }: AuditEntry): string {
  if (source === "cache" || source === "policy") return policyEngine ?? "none";
  return source === "rollout" ? "python" : "none";
}

function callerPart(entry: AuditEntry, { textCharactersMax }: LineLimits): string {
  const { asked, resource, route } = entry;
  const environment = resource?.environment ?? route?.environment;
  return `"ip_address":${quoteClaimed(asked?.clientIp, textCharactersMax)},"user_agent":${quoteClaimed(asked?.userAgent, textCharactersMax)},"environment":${quoteOrNull(environment, textCharactersMax)},"route":${quoteOrNull(route?.name, textCharactersMax)},"mode":${quoteOrNull(route?.mode, textCharactersMax)},"phase":"${route?.mode === "observe" ? "shadow" : "enforce"}","assignment":"${entry.effect === "deferred" ? "deferred" : "enforced"}","bucket":${entry.bucket < 0 ? "null" : entry.bucket},"trace_id":null`;
}

function outcomePart(entry: AuditEntry): string {
  const isError = entry.effect === "error";
  const severity = entry.reason === "guardrail.injection" ? "critical" : SEVERITY[entry.effect];
  return `"reason_code":"${entry.reason}","http_status":${entry.httpStatus},"success":${!isError},"error_message":${isError ? `"${entry.reason}"` : "null"},"cost":null,"severity":"${severity}","siem_forwarded":false,"retention_until":${seconds(entry) + RETENTION_S}`;
}

function seconds(entry: AuditEntry): number {
  return Math.floor(entry.unixMs / 1_000);
}

/** Three decimals: the clock knows no more, and shorter numbers are written faster. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
