/**
 * The reference transport on @grpc/grpc-js: raw bytes in and out, every limit explicit. The library
 * never binds a port itself; connections come from the own listener, which can count and cut them off.
 *
 * A drain sends one GOAWAY that names the last stream read. Streams that were on their way are thereby
 * declared unprocessed: gRPC clients send them again by themselves, Envoy with `refused-stream`.
 * The library's log is off, because it prints header values of callers.
 *
 * @module
 */
import {
  logVerbosity,
  Server,
  ServerCredentials,
  type sendUnaryData,
  setLogVerbosity,
} from "@grpc/grpc-js";
import { REPLY_BYTES_MAX } from "../domain/limits.ts";
import { GrpcJsCall, rawMethod, type UnaryCall } from "./grpc-js-call.ts";
import { addHealth } from "./grpc-js-health.ts";
import { refusals } from "./grpc-js-refusals.ts";
import { GRPC_STATUS, StatusError } from "./grpc-status.ts";
import { CHECK_SERVICE, HealthService } from "./health-service.ts";
import { Listener } from "./listener.ts";
import type {
  ListenAddress,
  Transport,
  TransportLimits,
  TransportOptions,
  TransportStats,
} from "./transport.ts";

type Respond = sendUnaryData<Uint8Array>;

const CHECK_METHOD = rawMethod(`/${CHECK_SERVICE}/Check`);
/** MiB of frames, headers and unread replies of one connection. */
const SESSION_MEMORY_MIB_MAX = 64;

export class GrpcJsTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #server: Server;
  readonly #listener: Listener;
  readonly #endWatches: () => void;
  readonly #counts = {
    inFlight: 0,
    answered: 0,
    cancelled: 0,
    refusedOversized: 0,
    refusedUnreadable: 0,
    defects: 0,
  };
  #ended: Promise<void> | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    setLogVerbosity(logVerbosity.NONE);
    this.#server = new Server({
      ...serverOptions(options.limits),
      interceptors: [refusals(CHECK_METHOD.path, this.#counts)],
    });
    this.#server.addService(
      { Check: CHECK_METHOD },
      { Check: (call: UnaryCall, respond: Respond) => this.#check(call, respond) },
    );
    this.#endWatches = addHealth(this.#server, new HealthService(options.health));
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#listener = new Listener(options.address, options.limits.connectionsMax, (socket) =>
      injector.injectConnection(socket),
    );
  }

  listen(): Promise<ListenAddress> {
    return this.#listener.listen();
  }

  get stats(): TransportStats {
    const { connections, acceptErrors } = this.#listener;
    return { ...this.#counts, connections, acceptErrors };
  }

  async drain(graceMs: number): Promise<{ readonly isGraceful: boolean }> {
    const alarm = new AbortController();
    const isGraceful = await Promise.race([
      this.#end().then(() => true),
      this.#options.clock.sleep(graceMs, alarm.signal).then(() => false),
    ]);
    alarm.abort();
    if (!isGraceful) await this.close();
    return { isGraceful };
  }

  async close(): Promise<void> {
    const ended = this.#end();
    this.#listener.destroyConnections();
    await ended;
  }

  /** GOAWAY to everybody; resolves when the last connection is closed. */
  #end(): Promise<void> {
    this.#ended ??= this.#endAll();
    return this.#ended;
  }

  async #endAll(): Promise<void> {
    const closed = this.#listener.stopAccepting();
    const idle = new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    this.#endWatches(); // after the GOAWAY: nobody watches again on the same connection
    await idle;
    await closed;
  }

  /** No promise, timer or closure of its own when the handler answers synchronously. */
  #check(serverCall: UnaryCall, respond: Respond): void {
    const call = new GrpcJsCall(serverCall, this.#options.clock);
    this.#counts.inFlight += 1;
    let reply: Uint8Array | Promise<Uint8Array>;
    try {
      reply = this.#options.handler(serverCall.request, call);
    } catch (thrown) {
      this.#fail(call, thrown, respond);
      return;
    }
    if (reply instanceof Promise) this.#answerLater(call, reply, respond);
    else this.#answer(call, reply, respond);
  }

  #answerLater(call: GrpcJsCall, reply: Promise<Uint8Array>, respond: Respond): void {
    reply.then(
      (bytes) => this.#answer(call, bytes, respond),
      (thrown: unknown) => this.#fail(call, thrown, respond),
    );
  }

  #answer(call: GrpcJsCall, reply: Uint8Array, respond: Respond): void {
    // Envoy reads an empty CheckResponse as "allowed".
    if (reply.length === 0 || reply.length > REPLY_BYTES_MAX) {
      this.#fail(call, new RangeError(`reply of ${reply.length} bytes`), respond);
      return;
    }
    this.#counts.inFlight -= 1;
    if (call.isCancelled) this.#counts.cancelled += 1;
    else this.#counts.answered += 1;
    call.isAnswered = true;
    respond(null, reply);
  }

  #fail(call: GrpcJsCall, thrown: unknown, respond: Respond): void {
    this.#counts.inFlight -= 1;
    this.#counts.defects += 1;
    call.isAnswered = true;
    respond(new StatusError(GRPC_STATUS.internal, "internal error"));
    this.#options.onDefect(thrown);
  }
}

function serverOptions(limits: TransportLimits): Record<string, number> {
  return {
    "grpc.max_receive_message_length": limits.messageBytesMax,
    "grpc.max_send_message_length": REPLY_BYTES_MAX,
    "grpc.max_concurrent_streams": limits.concurrentStreamsMax,
    "grpc.keepalive_time_ms": limits.keepaliveMs,
    "grpc.keepalive_timeout_ms": limits.keepaliveTimeoutMs,
    "grpc.max_connection_age_ms": limits.connectionAgeMs,
    "grpc.max_connection_age_grace_ms": limits.connectionAgeGraceMs,
    "grpc-node.max_session_memory": SESSION_MEMORY_MIB_MAX,
    "grpc.enable_channelz": 0,
  };
}
