/**
 * grpc.health.v1 as Envoy and Kubernetes ask it: Check and Watch, from the readiness of the service.
 * Its two messages are small enough to be read and written here, so that a transport stays free of
 * the Check codec.
 *
 * @module
 */
import { GRPC_STATUS, StatusError } from "./grpc-status.ts";
import type { HealthSource } from "./transport.ts";

export const CHECK_SERVICE = "envoy.service.auth.v3.Authorization";
/** Each Watch holds a stream open; Envoy and kubelet use Check. */
export const WATCHERS_MAX = 64;
const SERVICE_NAME_BYTES_MAX = 256;

/** `HealthCheckResponse.ServingStatus`. */
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

/** One Watch as its transport sees it; `changed` may be called at any time and as often as it likes. */
export interface Watch {
  /** The message to send now, or undefined when the watcher knows the state already. */
  next(): Uint8Array | undefined;
  /** The caller is gone. */
  stop(): void;
}

export class HealthService {
  readonly #source: HealthSource;
  #watchers = 0;

  constructor(source: HealthSource) {
    this.#source = source;
  }

  /** @throws {StatusError} for an unknown service or an unreadable request. */
  check(request: Uint8Array): Uint8Array {
    if (!isKnown(readServiceName(request))) {
      throw new StatusError(GRPC_STATUS.notFound, "unknown service");
    }
    return statusMessage(this.#servingStatus());
  }

  /**
   * An unknown service is no error here: the protocol wants the stream open with SERVICE_UNKNOWN.
   * @throws {StatusError} for an unreadable request or one watcher too many.
   */
  watch(request: Uint8Array, changed: () => void): Watch {
    const known = isKnown(readServiceName(request));
    if (this.#watchers >= WATCHERS_MAX) {
      throw new StatusError(GRPC_STATUS.resourceExhausted, "too many health watchers");
    }
    this.#watchers += 1;
    const unsubscribe = known ? this.#source.onChange(changed) : undefined;
    let sent: number | undefined;
    let isOpen = true;
    return {
      next: () => {
        const status = known ? this.#servingStatus() : SERVICE_UNKNOWN;
        if (!isOpen || status === sent) return undefined;
        sent = status;
        return statusMessage(status);
      },
      stop: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#watchers -= 1;
        unsubscribe?.();
      },
    };
  }

  #servingStatus(): number {
    return this.#source.isReady ? SERVING : NOT_SERVING;
  }
}

function isKnown(service: string): boolean {
  return service === "" || service === CHECK_SERVICE;
}

/** `HealthCheckResponse { ServingStatus status = 1; }` */
function statusMessage(status: number): Uint8Array {
  return Uint8Array.of(0x08, status);
}

/**
 * `HealthCheckRequest { string service = 1; }`. Anything else in the message is refused: no client
 * sends it, and one rule less is one fault less.
 */
function readServiceName(request: Uint8Array): string {
  if (request.length === 0) return "";
  const [tag, first = 0, second = 0] = request;
  const isLong = first >= 0x80;
  const start = isLong ? 3 : 2;
  const length = isLong ? (first & 0x7f) | (second << 7) : first;
  if (tag !== 0x0a || length > SERVICE_NAME_BYTES_MAX || request.length !== start + length) {
    throw new StatusError(GRPC_STATUS.invalidArgument, "unreadable health request");
  }
  return new TextDecoder().decode(request.subarray(start));
}
