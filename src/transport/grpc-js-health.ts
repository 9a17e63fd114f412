/**
 * gRPC health on @grpc/grpc-js: the calls and streams around `HealthService`.
 *
 * @module
 */
import type { Server, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import { rawMethod, type UnaryCall } from "./grpc-js-call.ts";
import { GRPC_STATUS, StatusError } from "./grpc-status.ts";
import type { HealthService, Watch } from "./health-service.ts";

type WatchCall = ServerWritableStream<Uint8Array, Uint8Array>;

const METHODS = {
  Check: rawMethod("/grpc.health.v1.Health/Check"),
  Watch: rawMethod("/grpc.health.v1.Health/Watch", true),
};

/** Adds both methods; the returned function ends the open Watch streams. */
export function addHealth(server: Server, health: HealthService): () => void {
  const open = new Set<WatchCall>();
  server.addService(METHODS, {
    Check: (call: UnaryCall, respond: sendUnaryData<Uint8Array>) => {
      try {
        respond(null, health.check(call.request));
      } catch (error) {
        respond(asStatus(error));
      }
    },
    Watch: (call: WatchCall) => {
      try {
        startWatch(call, health);
      } catch (error) {
        call.emit("error", asStatus(error));
        return;
      }
      open.add(call);
      call.once("cancelled", () => open.delete(call));
    },
  });
  return () => {
    for (const call of open) {
      call.emit("error", new StatusError(GRPC_STATUS.unavailable, "draining"));
    }
  };
}

function startWatch(call: WatchCall, health: HealthService): void {
  // A slow reader gets the latest state once it has read the ones before.
  const send = (): void => {
    if (call.writableNeedDrain) return;
    const message = watch.next();
    if (message !== undefined) call.write(message);
  };
  const watch: Watch = health.watch(call.request, send);
  call.on("drain", send);
  call.once("cancelled", () => watch.stop());
  send();
}

function asStatus(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  return new StatusError(GRPC_STATUS.internal, "internal error");
}
