/**
 * Counts each Check. On the path of every answer, so it only adds to slots; names are given to the
 * slots when somebody reads.
 *
 * @module
 */
import { EVENT_TYPES, type EventType, eventTypeOf } from "../domain/event-type.ts";
import { type CheckRecord, SOURCES, type Source } from "../domain/record.ts";
import type { Registry } from "../domain/registry.ts";
import { Counters, Histograms } from "./counters.ts";
import {
  ACTIONS,
  AGENT_TYPE_LABELS,
  DECISIONS,
  LabelSlots,
  REASONS,
  SERVER_SLOTS,
  ServerSlots,
} from "./labels.ts";

/** Upper bounds in seconds. A hit takes some ten microseconds, SARK's alerts look at up to 1 s. */
export const DURATION_BOUNDS_S = [
  0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01,
  0.025, 0.05, 0.1, 0.25, 0.5, 1,
] as const;
/** SARK's bounds for an evaluation with finer ones below. */
export const EVALUATION_BOUNDS_S = [
  0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
  0.25, 0.5, 1, 2.5, 5,
] as const;

const DECISION_SLOT = { allow: 0, deny: 1, deferred: 2, error: 3 } as const satisfies Record<
  (typeof DECISIONS)[number],
  number
>;
const SOURCE_SLOT = { cache: 0, policy: 1, rollout: 2, none: 3 } as const satisfies Record<
  Source,
  number
>;
const EVENT_SLOTS = new Map<EventType, number>(EVENT_TYPES.map((type, slot) => [type, slot]));
const reasonSlots = new LabelSlots(REASONS);
const actionSlots = new LabelSlots(ACTIONS);
const agentTypeSlots = new LabelSlots(AGENT_TYPE_LABELS);

export class CheckCounters {
  readonly #registry: () => Registry;
  readonly servers = new ServerSlots();
  /** Decision × source. */
  readonly checks = new Counters(DECISIONS.length * SOURCES.length);
  /** Reason. */
  readonly reasons = new Counters(REASONS.length);
  /** Source. */
  readonly durations = new Histograms(SOURCES.length, DURATION_BOUNDS_S);
  readonly evaluations = new Histograms(1, EVALUATION_BOUNDS_S);
  /** Event type × decision. */
  readonly events = new Counters(EVENT_TYPES.length * DECISIONS.length);
  /** Decision × action × server. */
  readonly gateway = new Counters(ACTIONS.length * SERVER_SLOTS * DECISIONS.length);
  /** Action. */
  readonly gatewayDurations = new Histograms(ACTIONS.length, DURATION_BOUNDS_S);
  /** Decision × source type × target type. */
  readonly agents = new Counters(AGENT_TYPE_LABELS.length ** 2 * DECISIONS.length);
  /** 0 = decided here, 1 = left to Python. */
  readonly assignments = new Counters(2);
  cancelled = 0;
  defects = 0;

  constructor(registry: () => Registry) {
    this.#registry = registry;
  }

  observe(record: CheckRecord): void {
    const { request } = record;
    const decision = DECISION_SLOT[record.effect];
    const source = SOURCE_SLOT[record.source];
    this.checks.add(decision * SOURCES.length + source);
    this.reasons.add(reasonSlots.slot(record.reason));
    this.durations.observe(source, record.durationMs);
    if (record.source === "policy") this.evaluations.observe(0, record.evaluationMs);
    const event = EVENT_SLOTS.get(eventTypeOf(record)) ?? 0;
    this.events.add(event * DECISIONS.length + decision);
    if (record.principal !== undefined) this.assignments.add(record.effect === "deferred" ? 1 : 0);
    if (record.isCancelled) this.cancelled++;
    if (record.defect !== undefined) this.defects++;
    if (request === undefined) return;
    if (request.agentMessage === undefined) this.#observeGateway(record, request.action, decision);
    else this.#observeAgents(record, request.agentMessage.targetAgentId, decision);
  }

  #observeGateway(record: CheckRecord, actionName: string, decision: number): void {
    const action = actionSlots.slot(actionName);
    const name = record.resource?.server ?? record.request?.resource.server;
    const server = this.servers.slot(name, this.#isRegistered);
    this.gateway.add((decision * ACTIONS.length + action) * SERVER_SLOTS + server);
    this.gatewayDurations.observe(action, record.durationMs);
  }

  #observeAgents(record: CheckRecord, targetAgentId: string, decision: number): void {
    const { principal } = record;
    const sourceType = principal?.kind === "agent" ? principal.agentType : undefined;
    const source = agentTypeSlots.slot(sourceType);
    const target = agentTypeSlots.slot(this.#registry().agent(targetAgentId).type);
    const types = AGENT_TYPE_LABELS.length;
    this.agents.add((decision * types + source) * types + target);
  }

  readonly #isRegistered = (name: string): boolean => this.#registry().serverNames.has(name);
}
