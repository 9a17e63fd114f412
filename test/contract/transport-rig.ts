/** Starts a transport for one test and ends it, with its clients, when the test is over. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CheckHandler } from "../../src/domain/call.ts";
import { Readiness } from "../../src/lifecycle/readiness.ts";
import {
  type ListenAddress,
  TRANSPORT_LIMITS,
  type Transport,
  type TransportOptions,
} from "../../src/transport/transport.ts";
import { type GrpcClient, grpcClient } from "../support/grpc-client.ts";
import { handClock } from "../support/hand-clock.ts";
import { type RawClient, rawClient } from "../support/raw-http2-client.ts";

export type CreateTransport = (options: TransportOptions) => Transport;

export const TCP: ListenAddress = { kind: "tcp", host: "127.0.0.1", port: 0 };

export function socketFile(modeOctal = "0660"): Extract<ListenAddress, { kind: "unix" }> {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { kind: "unix", path: join(folder, "authz.sock"), modeOctal };
}

export const echo: CheckHandler = (request) => Uint8Array.from(request);

export interface Rig {
  readonly transport: Transport;
  readonly address: ListenAddress;
  readonly defects: readonly unknown[];
  /** A new client with a connection of its own. */
  client(): GrpcClient;
  raw(): RawClient;
}

export async function startTransport(
  create: CreateTransport,
  handler: CheckHandler,
  replace: Partial<TransportOptions> = {},
): Promise<Rig> {
  const defects: unknown[] = [];
  const transport = create({
    address: TCP,
    limits: TRANSPORT_LIMITS,
    handler,
    health: new Readiness(),
    clock: handClock(),
    onDefect: (thrown) => defects.push(thrown),
    ...replace,
  });
  onTestFinished(() => transport.close());
  const address = await transport.listen();
  const closing = <Closable extends { close(): void }>(closable: Closable) => {
    onTestFinished(() => closable.close());
    return closable;
  };
  return {
    transport,
    address,
    defects,
    client: () => closing(grpcClient(address)),
    raw: () => closing(rawClient(address)),
  };
}

/** A handler whose replies are given by hand, in order of arrival. */
export function heldHandler() {
  const held: ((reply: Uint8Array) => void)[] = [];
  let arrival = Promise.withResolvers<void>();
  const handler: CheckHandler = () => {
    const reply = Promise.withResolvers<Uint8Array>();
    held.push(reply.resolve);
    arrival.resolve();
    return reply.promise;
  };
  return {
    handler,
    /** Resolves once `count` Checks are held. */
    arrived: async (count = 1) => {
      while (held.length < count) {
        await arrival.promise;
        arrival = Promise.withResolvers();
      }
    },
    release: (reply: Uint8Array) => {
      for (const give of held.splice(0)) give(reply);
    },
  };
}
