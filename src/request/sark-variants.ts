/**
 * The other words SARK's callers use for the same things, as data.
 *
 * @module
 */
import type { Capability } from "../domain/request.ts";
import type { Sensitivity } from "../domain/sensitivity.ts";

export type SarkAction =
  | "gateway:tool:invoke"
  | "gateway:server:list"
  | "gateway:tool:discover"
  | "gateway:server:info";

export const ACTIONS: ReadonlyMap<string, SarkAction> = new Map([
  ["gateway:tool:invoke", "gateway:tool:invoke"],
  ["mcp:invoke", "gateway:tool:invoke"],
  ["tool:invoke", "gateway:tool:invoke"],
  ["invoke", "gateway:tool:invoke"],
  ["gateway:server:info", "gateway:server:info"],
  ["gateway:server:access", "gateway:server:info"],
  ["gateway:server:list", "gateway:server:list"],
  ["gateway:servers:list", "gateway:server:list"],
  ["gateway:tool:discover", "gateway:tool:discover"],
  ["gateway:tools:list", "gateway:tool:discover"],
  ["gateway:tool:list", "gateway:tool:discover"],
]);

/** Actions that mean something only together with `resource.type`. */
export const ACTIONS_BY_TYPE: ReadonlyMap<string, ReadonlyMap<string, SarkAction>> = new Map([
  ["list", new Map([["server", "gateway:server:list"]])],
]);

export const CAPABILITY_WORDS: ReadonlyMap<string, Capability> = new Map([
  ["execute", "execute"],
  ["query", "query"],
  ["delegate", "delegate"],
]);

/** `action` of an agent document, where the word does not say more the strictest capability. */
export const AGENT_ACTIONS: ReadonlyMap<string, Capability> = new Map([
  ["a2a:invoke", "execute"],
  ["a2a:execute", "execute"],
  ["a2a:communicate", "execute"],
  ["agent:send_message", "execute"],
  ["a2a:query", "query"],
  ["a2a:delegate", "delegate"],
]);

export const SENSITIVITY_WORDS: ReadonlyMap<string, Sensitivity> = new Map([
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["critical", "critical"],
]);

/** Labels of data, in any letter case. */
export const SENSITIVITY_LABELS: ReadonlyMap<string, Sensitivity> = new Map([
  ["public", "low"],
  ["internal", "medium"],
  ["confidential", "high"],
  ["restricted", "critical"],
  ["secret", "critical"],
]);
