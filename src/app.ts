/**
 * The composition root: builds every part and joins them. Reads no environment and no arguments, and
 * serves nothing before `start`, so that a test builds the same application with other surroundings.
 *
 * @module
 */
import { type MetricsListener, startMetricsListener } from "./admin/metrics-listener.ts";
import {
  checkAddress,
  checkOptions,
  insecureSettings,
  knownWorkloads,
  metricsAddress,
  tokenOptions,
} from "./app-options.ts";
import { type AppParts, type LoadedFiles, loadFiles, realParts } from "./app-parts.ts";
import { AuditTrail } from "./audit/audit-trail.ts";
import { DecisionCache } from "./cache/decision-cache.ts";
import type { CachedDecision } from "./check/check-state.ts";
import { createCheckHandler } from "./check/run-check.ts";
import { domainRoutes } from "./config/routes.ts";
import type { Config } from "./config/schema.ts";
import type { CheckHandler } from "./domain/call.ts";
import type { ByteSink } from "./domain/surroundings.ts";
import { CredentialVerifier } from "./identity/credential-verifier.ts";
import { TokenVerifier } from "./identity/token-verifier.ts";
import { watchClock } from "./lifecycle/clock-drift.ts";
import { Readiness } from "./lifecycle/readiness.ts";
import {
  runShutdown,
  SHUTDOWN_TIMES,
  type ShutdownReport,
  shutdownSteps,
} from "./lifecycle/shutdown.ts";
import { CheckLog } from "./observability/check-log.ts";
import { Metrics } from "./observability/metrics.ts";
import {
  REQUEST_HEADER_PREFIXES,
  REQUEST_HEADER_TWIN_PREFIXES,
  REQUEST_HEADERS_EXACT,
} from "./request/header-rules.ts";
import { RouteTable } from "./request/route-table.ts";
import { StaticRollout } from "./rollout/static-rollout.ts";
import { GrpcJsTransport } from "./transport/grpc-js.ts";
import { formatAddress, TRANSPORT_LIMITS, type Transport } from "./transport/transport.ts";
import { selectHeaders } from "./wire/check-request.ts";

export interface App {
  /** What each listener is bound to; empty before `start`. */
  readonly addresses: readonly string[];
  /** Parts that keep the service from being ready. */
  readonly waitingFor: readonly string[];
  /** @throws {ConfigError} when an address is taken or unusable */
  start(): Promise<void>;
  /** Unready, notice, drain, flush, close. Never rejects. */
  stop(): Promise<ShutdownReport>;
  /** Lets go of everything at once; for an application that never served. */
  close(): Promise<void>;
}

const CLEANUP_SLICE_ENTRIES = 1_000;
/** Below the bound of its step, so that a loss is reported instead of cut off. */
const FLUSH_MS = 1_500;

/** The parts that hold state, before they are joined. */
interface Stateful {
  readonly verifier: TokenVerifier;
  readonly cache: DecisionCache<CachedDecision>;
  readonly rollout: StaticRollout;
  readonly audit: AuditTrail;
  readonly sink: ByteSink;
  readonly checkLog: CheckLog;
  readonly loadedUnixMs: number;
}

/** @throws {ConfigError} for every problem of configuration, registry, keys and bundle */
export async function createApp(config: Config, replace: Partial<AppParts> = {}): Promise<App> {
  const parts = realParts(config, replace);
  const readiness = new Readiness();
  const listening = readiness.hold("listener");
  const routes = new RouteTable(domainRoutes(config.routes));
  const files = await loadFiles(config, parts, readiness);
  const sink = await parts.openSink(config.audit);
  const state = createState(config, parts, files, sink);
  const metrics = createMetrics(config, parts, files, state, () => ({
    isReady: readiness.isReady,
    inFlight: transport.stats.inFlight,
  }));
  const onDefect = (thrown: unknown) => {
    metrics.countDefect();
    state.checkLog.defect(thrown);
  };
  const transport = new GrpcJsTransport({
    address: checkAddress(config),
    limits: { ...TRANSPORT_LIMITS, messageBytesMax: config.limits.message_bytes },
    handler: createHandler(config, parts, files, state, { routes, metrics, onDefect }),
    health: readiness,
    clock: parts.surroundings.clock,
    onDefect,
  });
  const stopTasks = startTasks(config, parts, state);
  const addresses: string[] = [];
  let listener: MetricsListener | undefined;
  const close = async () => {
    stopTasks();
    files.registry.close();
    files.apiKeys?.close();
    await files.revocation.close();
    for (const issuer of files.issuers) issuer.keys.stop();
    await Promise.all([transport.close(), listener?.close()]);
    await state.audit.close(0);
    await sink.close();
    parts.log.flush();
  };
  return {
    addresses,
    get waitingFor() {
      return readiness.waitingFor;
    },
    start: async () => {
      listener = await startMetricsListener({
        ...metricsAddress(config),
        readiness,
        metrics,
        version: parts.version,
        implementation: "typescript",
        onError: (error) => parts.log.component("metrics").error("a scrape failed", { err: error }),
      });
      const bound = await transport.listen();
      const { host, port } = listener;
      addresses.push(`check ${formatAddress(bound)}`);
      addresses.push(`metrics ${formatAddress({ kind: "tcp", host, port })}`);
      listening();
    },
    stop: () => {
      const unready = () => void readiness.hold("draining");
      return shutDown(config, parts, { state, transport, unready, close });
    },
    close,
  };
}

function createState(
  config: Config,
  parts: AppParts,
  files: LoadedFiles,
  sink: ByteSink,
): Stateful {
  const { clock, random } = parts.surroundings;
  const auditLog = parts.log.component("audit");
  return {
    verifier: new TokenVerifier({
      ...tokenOptions(config),
      issuers: files.issuers,
      clock,
      hashId: files.hashId,
    }),
    cache: new DecisionCache({ entriesMax: config.cache.entries_max, clock }),
    rollout: new StaticRollout(config.rollout),
    audit: new AuditTrail({
      sink,
      clock,
      random,
      defer: parts.defer,
      instance: parts.instance,
      queueRecordsMax: config.audit.queue_records_max,
      queueBytesMax: config.audit.queue_bytes_max,
      onSinkFailure: (error) => auditLog.error("audit sink failed, records wait", { err: error }),
    }),
    sink,
    checkLog: new CheckLog({ logger: parts.log.component("check"), clock }),
    loadedUnixMs: clock.unixMs(),
  };
}

function createMetrics(
  config: Config,
  parts: AppParts,
  files: LoadedFiles,
  state: Stateful,
  live: () => { readonly isReady: boolean; readonly inFlight: number },
): Metrics {
  const { policy, registry } = files;
  return new Metrics({
    readings: {
      decisionCache: () => state.cache.figures,
      tokenCache: () => state.verifier.figures,
      tokens: () => state.verifier.figures,
      issuers: () => files.issuers.map(({ name, keys }) => ({ issuer: name, ...keys.figures })),
      checksInFlight: () => live().inFlight,
      audit: () => state.audit.stats,
      policy: () => ({
        revision: policy.revision,
        loadedUnixMs: state.loadedUnixMs,
        entrypoints: policy.entrypoints.length,
        comparisons: policy.comparisons ?? {},
      }),
      registry: () => registry.current,
      revocation: files.revocation.reading,
      isReady: () => live().isReady,
    },
    facts: {
      version: parts.version,
      runtime: "node",
      implementation: "typescript",
      rollout: config.rollout,
      insecureSettings: insecureSettings(config),
    },
    withProcess: true,
  });
}

interface HandlerParts {
  readonly routes: RouteTable;
  readonly metrics: Metrics;
  readonly onDefect: (thrown: unknown) => void;
}

function createHandler(
  config: Config,
  parts: AppParts,
  files: LoadedFiles,
  state: Stateful,
  { routes, metrics, onDefect }: HandlerParts,
): CheckHandler {
  const { clock, random } = parts.surroundings;
  return createCheckHandler({
    clock,
    newAuditId: () => random.uuid(),
    headers: selectHeaders(
      REQUEST_HEADERS_EXACT,
      REQUEST_HEADER_PREFIXES,
      REQUEST_HEADER_TWIN_PREFIXES,
    ),
    rules: { routes, bodyBytesMax: config.limits.body_bytes },
    identity: new CredentialVerifier({ tokens: state.verifier, apiKeys: files.apiKeys, clock }),
    revocation: files.revocation.port,
    workloads: knownWorkloads(config),
    rollout: state.rollout,
    cache: state.cache,
    policy: () => files.policy,
    registry: () => files.registry.current,
    audit: state.audit,
    metrics: {
      observe: (record) => {
        metrics.observe(record);
        state.checkLog.observe(record);
      },
    },
    onDefect,
    options: checkOptions(config),
  });
}

/** Periodic work; the result stops it. */
function startTasks(config: Config, parts: AppParts, state: Stateful): () => void {
  const { clock } = parts.surroundings;
  const stopWatch = watchClock(clock, () => {
    state.cache.clear();
    state.verifier.clear();
    parts.log.component("clock").warn("the wall clock was set; cached answers are dropped");
  });
  const stopCleanup = clock.every(config.cache.cleanup_seconds * 1_000, () => {
    void state.cache.cleanup(CLEANUP_SLICE_ENTRIES, () => clock.sleep(0));
  });
  return () => {
    stopWatch();
    stopCleanup();
  };
}

interface ShutdownNeeds {
  readonly state: Stateful;
  readonly transport: Transport;
  readonly unready: () => void;
  readonly close: () => Promise<void>;
}

function shutDown(config: Config, parts: AppParts, needs: ShutdownNeeds): Promise<ShutdownReport> {
  const { clock } = parts.surroundings;
  const { state, transport, unready, close } = needs;
  const { notice_ms: noticeMs, grace_ms: graceMs } = config.shutdown;
  const steps = shutdownSteps(
    {
      unready,
      drain: (drainMs) => transport.drain(drainMs),
      flush: async () => {
        const isComplete = await state.audit.close(FLUSH_MS);
        if (!isComplete) throw new Error("records were lost");
      },
      close,
    },
    { ...SHUTDOWN_TIMES, noticeMs, graceMs },
    clock,
  );
  return runShutdown(steps, clock);
}
