/**
 * The two liberties taken with @grpc/grpc-js, both held by the contract suite. It has no option to
 * refuse compressed messages, so every call is given an encoding that no codec has: a message with the
 * compressed flag ends with UNIMPLEMENTED before a byte is inflated. And it tells nobody what it
 * refuses by itself, so the status it sends for a Check is looked at on the way out.
 *
 * @module
 */
import type {
  ServerInterceptingCall,
  ServerInterceptingCallInterface,
  ServerInterceptor,
} from "@grpc/grpc-js";
import { GRPC_STATUS } from "./grpc-status.ts";

const NO_ENCODING = "refused";

export interface RefusalCounts {
  refusedOversized: number;
  refusedUnreadable: number;
}

type SendStatus = ServerInterceptingCallInterface["sendStatus"];
interface OpenedCall extends ServerInterceptingCallInterface {
  incomingEncoding: string;
}

export function refusals(checkPath: string, counts: RefusalCounts): ServerInterceptor {
  let original: SendStatus | undefined;
  // One function for all calls, so that a Check costs no closure.
  function countAndSend(this: OpenedCall, ...args: Parameters<SendStatus>): void {
    const { code } = args[0];
    if (code === GRPC_STATUS.resourceExhausted) counts.refusedOversized += 1;
    if (code === GRPC_STATUS.unimplemented) counts.refusedUnreadable += 1;
    original?.apply(this, args);
  }
  return (method, call) => {
    const opened = call as OpenedCall;
    original ??= opened.sendStatus;
    opened.incomingEncoding = NO_ENCODING;
    if (method.path === checkPath) opened.sendStatus = countAndSend;
    return opened as unknown as ServerInterceptingCall; // returned as it came, not wrapped
  };
}
