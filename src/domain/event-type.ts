/**
 * What kind of event a Check is to SARK: audit field and metric label.
 *
 * @module
 */
import type { CheckRecord } from "./record.ts";

export const EVENT_TYPES = [
  "tool_invoke",
  "a2a_communication",
  "discovery",
  /** A route of surface `http`; SARK has no word for it. */
  "http_request",
  /** Refused before it was known what was asked. */
  "unreadable",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export function eventTypeOf({ route, request }: Pick<CheckRecord, "route" | "request">): EventType {
  if (route?.surface === "http") return "http_request";
  if (route?.surface === "a2a" || route?.endpoint === "authorize-a2a") return "a2a_communication";
  if (request === undefined) return "unreadable";
  return request.action === "gateway:tool:invoke" ? "tool_invoke" : "discovery";
}
