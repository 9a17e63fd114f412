/** A real gRPC client with raw messages: what Envoy does, as far as a test needs it. */
import {
  Client,
  connectivityState,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { formatAddress, type ListenAddress } from "../../src/transport/transport.ts";

const CHECK = "/envoy.service.auth.v3.Authorization/Check";
const raw = (bytes: Buffer): Buffer => bytes;

interface CheckOptions {
  readonly deadlineMs?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

interface HealthWatch {
  /** The next ServingStatus. */
  next(): Promise<number>;
  /** The gRPC status the stream ended with. */
  readonly ended: Promise<number>;
  cancel(): void;
}

export interface GrpcClient {
  check(message: Uint8Array, options?: CheckOptions): Promise<Buffer>;
  /** ServingStatus: 1 = SERVING, 2 = NOT_SERVING. */
  health(service?: string): Promise<number>;
  watch(service?: string): HealthWatch;
  /** Waits for a connection, so that a later failure is not a failure to connect. */
  ready(): Promise<void>;
  readonly isConnected: boolean;
  close(): void;
}

/** Several addresses are used in turn; each client has connections of its own. */
export function grpcClient(
  ...addresses: readonly [ListenAddress, ...(readonly ListenAddress[])]
): GrpcClient {
  const client = new Client(targetOf(addresses), credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    "grpc.service_config_disable_resolution": 1,
  });

  const unary = (path: string, message: Uint8Array, options: CheckOptions = {}) =>
    new Promise<Buffer>((resolve, reject) => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(options.metadata ?? {})) metadata.add(name, value);
      const deadline =
        options.deadlineMs === undefined
          ? Number.POSITIVE_INFINITY
          : Date.now() + options.deadlineMs;
      const call = client.makeUnaryRequest(
        path,
        raw,
        raw,
        Buffer.from(message),
        metadata,
        { deadline },
        (error, reply) => (error === null ? resolve(reply ?? Buffer.alloc(0)) : reject(error)),
      );
      options.signal?.addEventListener("abort", () => call.cancel(), { once: true });
    });

  return {
    check: (message, options) => unary(CHECK, message, options),
    health: async (service = "") => {
      const reply = await unary("/grpc.health.v1.Health/Check", healthRequest(service));
      return reply[1] ?? -1;
    },
    watch: (service = "") => watch(client, service),
    ready: () =>
      new Promise((resolve, reject) => {
        client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve()));
      }),
    get isConnected() {
      return client.getChannel().getConnectivityState(false) === connectivityState.READY;
    },
    close: () => client.close(),
  };
}

function watch(client: Client, service: string): HealthWatch {
  const call = client.makeServerStreamRequest(
    "/grpc.health.v1.Health/Watch",
    raw,
    raw,
    healthRequest(service),
  );
  const arrived: number[] = [];
  const waiting: ((servingStatus: number) => void)[] = [];
  call.on("data", (message: Buffer) => {
    const servingStatus = message[1] ?? -1;
    const wake = waiting.shift();
    if (wake === undefined) arrived.push(servingStatus);
    else wake(servingStatus);
  });
  const ended = new Promise<number>((resolve) => {
    call.on("end", () => resolve(status.OK));
    call.on("error", (error: ServiceError) => resolve(error.code));
  });
  return {
    next: () => {
      const servingStatus = arrived.shift();
      if (servingStatus !== undefined) return Promise.resolve(servingStatus);
      return new Promise((resolve) => waiting.push(resolve));
    },
    ended,
    cancel: () => call.cancel(),
  };
}

/** `HealthCheckRequest { string service = 1; }`, names up to 127 bytes. */
export function healthRequest(service: string): Buffer {
  if (service === "") return Buffer.alloc(0);
  const name = Buffer.from(service);
  return Buffer.concat([Buffer.of(0x0a, name.length), name]);
}

function targetOf(addresses: readonly ListenAddress[]): string {
  const [first] = addresses;
  if (first?.kind === "unix") return `unix:${first.path}`;
  return `ipv4:${addresses.map(formatAddress).join(",")}`;
}

/** The gRPC status code a call ended with; 0 when it was answered. */
export async function codeOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return status.OK;
  } catch (error) {
    return (error as ServiceError).code;
  }
}
