/**
 * Everything the service takes from the platform, as parameters: the decision core and all managers
 * run unchanged in a simulation. The real ones are in `src/host`, which only `app.ts` imports.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

export interface RandomSource {
  /** Cryptographically strong bytes. */
  bytes(count: number): Uint8Array;
  /** 0 <= x < 1, for jitter only. */
  float(): number;
  /** A version 4 UUID (RFC 9562 section 5.4). */
  uuid(): string;
}

export interface HttpGet {
  readonly url: string;
  /** Largest decoded body that is accepted; one byte more fails the call. */
  readonly bodyBytesMax: number;
  readonly connectMs: number;
  readonly totalMs: number;
  /** PEM bundle to trust instead of the platform's. */
  readonly caPem?: string;
  /** Loopback, private and link-local addresses are refused unless this is true. */
  readonly allowPrivate: boolean;
}

export interface HttpReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface HttpClient {
  /** One GET over https without redirects and without a proxy. Rejects with `HttpFailure`. */
  get(call: HttpGet, signal?: AbortSignal): Promise<HttpReply>;
}

export interface Files {
  /** Whole file; rejects when absent or larger than `bytesMax`. */
  read(path: string, bytesMax: number): Promise<Uint8Array>;
  /**
   * Calls `changed` after the content of `path` may have changed. Watches the directory, because a
   * ConfigMap update swaps a link and leaves the file's own watcher silent, and polls beside it.
   */
  watch(path: string, changed: () => void): () => void;
  /**
   * Makes `bytes` the content of `path`: a reader sees the old file or the new one, never a part. Only
   * this account can read it, unless `modeOctal` says otherwise. Rejects when the folder does not exist or
   * can not be written.
   */
  replace(path: string, bytes: Uint8Array, modeOctal?: number): Promise<void>;
}

/** What a change of one key writes, and what it announces together with it. */
export interface StoreChange {
  readonly value: string;
  readonly announcement?: { readonly channel: string; readonly message: string };
}

/**
 * Texts that several processes share (Redis, Valkey). Never awaited by a Check: whoever uses it keeps the
 * last known value and its age.
 */
export interface Store {
  /** False while the server can not be asked; it is looked for again in the background. */
  readonly isConnected: boolean;
  /** Undefined when absent. Rejects at once when not connected, and for more than `bytesMax` bytes. */
  get(key: string, bytesMax: number): Promise<string | undefined>;
  /** Calls `heard` for every message while connected; what is sent meanwhile is lost. */
  subscribe(channel: string, heard: (message: string) => void): () => void;
  /**
   * Writes what `change` makes of the present value, unless somebody else writes between: false then.
   * `change` may give undefined to leave it.
   */
  update(
    key: string,
    bytesMax: number,
    change: (
      before: string | undefined,
    ) => StoreChange | undefined | Promise<StoreChange | undefined>,
  ): Promise<boolean>;
  close(): Promise<void>;
}

/** Where lines of bytes go: stdout or an append-only file. */
export interface ByteSink {
  /** Resolves once the bytes are handed to the system; rejects on a write error. */
  write(batch: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly http: HttpClient;
  readonly files: Files;
}
