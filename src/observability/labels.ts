/**
 * The closed lists behind the labels of counted Checks, and the bounded one of server names.
 *
 * @module
 */
import { AGENT_TYPES } from "../domain/principal.ts";
import { DENY_REASONS, ERROR_REASONS, PASS_REASONS } from "../domain/reasons.ts";

export const DECISIONS = ["allow", "deny", "deferred", "error"] as const;
export const REASONS = [...DENY_REASONS, ...ERROR_REASONS, ...PASS_REASONS] as const;

export const OTHER = "other";
export const ACTIONS = [
  "gateway:tool:invoke",
  "gateway:tool:discover",
  "gateway:server:list",
  "gateway:server:info",
  "gateway:resource:read",
  "gateway:resource:list",
  "gateway:prompt:get",
  "gateway:prompt:list",
  "gateway:completion",
  "gateway:subscription",
  "gateway:task",
  "http:read",
  "http:write",
  OTHER,
] as const;

export const UNKNOWN = "unknown";
export const AGENT_TYPE_LABELS = [...AGENT_TYPES, UNKNOWN] as const;

/** Slot of each label value; what is not listed has the last slot. */
export class LabelSlots {
  readonly #slots: ReadonlyMap<string, number>;
  readonly #last: number;

  constructor(values: readonly string[]) {
    this.#slots = new Map(values.map((value, slot) => [value, slot]));
    this.#last = values.length - 1;
  }

  slot(value: string | null | undefined): number {
    if (value === null || value === undefined) return this.#last;
    return this.#slots.get(value) ?? this.#last;
  }
}

/** Servers with a series of their own; the rest share one. */
const SERVERS_MAX = 50;
export const SERVER_SLOTS = SERVERS_MAX + 1;

/**
 * Gives a slot to each server that the registry knows, when it is first asked for. Names of the
 * registry only: a caller can put any name into a request.
 */
export class ServerSlots {
  readonly #slots = new Map<string, number>();

  slot(server: string | null | undefined, isRegistered: (name: string) => boolean): number {
    if (server === null || server === undefined) return SERVERS_MAX;
    const known = this.#slots.get(server);
    if (known !== undefined) return known;
    if (this.#slots.size >= SERVERS_MAX || !isRegistered(server)) return SERVERS_MAX;
    const slot = this.#slots.size;
    this.#slots.set(server, slot);
    return slot;
  }

  /** By slot; the last is shared. */
  names(): string[] {
    const names = [...this.#slots.keys()];
    while (names.length < SERVERS_MAX) names.push("");
    return [...names, OTHER];
  }
}
