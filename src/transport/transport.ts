/**
 * What every transport offers and needs: it owns the socket and the gRPC framing, hands the raw bytes
 * of a Check to one handler and writes the raw reply. It answers by itself only what is not a Check:
 * unknown methods, health, and messages that are too large or compressed.
 *
 * @module
 */
import type { CheckHandler } from "../domain/call.ts";
import type { Clock } from "../domain/clock.ts";

interface TcpAddress {
  readonly kind: "tcp";
  readonly host: string;
  /** 0 lets the system choose; the bound address has the number. */
  readonly port: number;
}

interface SocketFileAddress {
  readonly kind: "unix";
  /** At most 107 bytes (Linux `sun_path`). */
  readonly path: string;
  /** File mode in octal digits, such as `0660`: who may connect, so who may ask. */
  readonly modeOctal: string;
}

export type ListenAddress = TcpAddress | SocketFileAddress;

export interface TransportLimits {
  /** Largest request message; one byte more is RESOURCE_EXHAUSTED. */
  readonly messageBytesMax: number;
  /** Open streams of one connection; the next one is REFUSED_STREAM. */
  readonly concurrentStreamsMax: number;
  readonly connectionsMax: number;
  /** A connection that was silent this long is asked for a sign of life. */
  readonly keepaliveMs: number;
  /** … and closed when none comes within this time. */
  readonly keepaliveTimeoutMs: number;
  /** Connections are replaced at this age (± 10 %), so that callers spread over new processes. */
  readonly connectionAgeMs: number;
  /** What a connection that is being replaced has for its open streams. */
  readonly connectionAgeGraceMs: number;
}

export const TRANSPORT_LIMITS: TransportLimits = {
  messageBytesMax: 1_048_576,
  concurrentStreamsMax: 100,
  connectionsMax: 10_000,
  keepaliveMs: 60_000,
  keepaliveTimeoutMs: 20_000,
  connectionAgeMs: 600_000,
  connectionAgeGraceMs: 60_000,
};

/** What gRPC health reports. */
export interface HealthSource {
  readonly isReady: boolean;
  /** Calls `listener` after every change of `isReady` until the returned function is called. */
  onChange(listener: () => void): () => void;
}

export interface TransportOptions {
  readonly address: ListenAddress;
  readonly limits: TransportLimits;
  readonly handler: CheckHandler;
  readonly health: HealthSource;
  readonly clock: Clock;
  /** A handler that threw, rejected or gave an unusable reply. It never should. */
  readonly onDefect: (thrown: unknown) => void;
}

/** Live counters; `connections` and `inFlight` go up and down, the others only up. */
export interface TransportStats {
  readonly connections: number;
  /** Checks handed to the handler and not answered by it yet. */
  readonly inFlight: number;
  readonly answered: number;
  /** The caller was gone, or its deadline over, before the handler's reply. */
  readonly cancelled: number;
  readonly refusedOversized: number;
  /** Compressed, doubled or missing message. */
  readonly refusedUnreadable: number;
  readonly defects: number;
  /** Connections the system could not hand over, such as for want of descriptors. */
  readonly acceptErrors: number;
}

export interface Transport {
  /** @throws {ConfigError} when the address is taken or unusable, with what to do about it. */
  listen(): Promise<ListenAddress>;
  /**
   * No new connections, GOAWAY on all open ones, Checks in flight are finished. What still runs after
   * `graceMs` is cut off, and then the drain was not graceful.
   */
  drain(graceMs: number): Promise<{ readonly isGraceful: boolean }>;
  /** Ends everything at once and removes the socket file; harmless after a drain or a second time. */
  close(): Promise<void>;
  readonly stats: TransportStats;
}

export function formatAddress(address: ListenAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
