/** HTTP/2 without a gRPC library: headers and body exactly as written, for what no gRPC client sends. */
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connect as connectSocket } from "node:net";
import type { ListenAddress } from "../../src/transport/transport.ts";

interface RawAnswer {
  readonly httpStatus: number | undefined;
  /** From the trailers, or from the headers of a trailers-only answer. */
  readonly grpcStatus: number | undefined;
  readonly body: Buffer;
  /** HTTP/2 error code of a reset stream; 0 = closed normally. */
  readonly resetCode: number;
}

export interface RawCall {
  /** Over the headers of an ordinary Check; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** DATA frames, in order. */
  readonly data?: readonly Uint8Array[];
}

export interface RawClient {
  call(call: RawCall): Promise<RawAnswer>;
  readonly session: ClientHttp2Session;
  /** The last stream named by each GOAWAY so far. */
  readonly goaways: readonly number[];
  readonly closed: Promise<void>;
  close(): void;
}

export function rawClient(address: ListenAddress): RawClient {
  const session = connectHttp2("http://sark-authz", {
    createConnection: () =>
      address.kind === "unix"
        ? connectSocket({ path: address.path })
        : connectSocket({ host: address.host, port: address.port }),
  });
  session.on("error", () => undefined); // seen through `closed` and the streams
  const goaways: number[] = [];
  session.on("goaway", (_code, lastStreamId) => goaways.push(lastStreamId));
  const closed = new Promise<void>((resolve) => session.once("close", () => resolve()));
  return {
    session,
    goaways,
    closed,
    call: (call) => send(session, call),
    close: () => session.destroy(),
  };
}

function send(session: ClientHttp2Session, { headers = {}, data = [] }: RawCall) {
  const all: Record<string, string | undefined> = {
    ":method": "POST",
    ":path": "/envoy.service.auth.v3.Authorization/Check",
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  };
  const sent = Object.entries(all).filter((entry) => entry[1] !== undefined);
  return new Promise<RawAnswer>((resolve) => {
    const stream = session.request(Object.fromEntries(sent) as OutgoingHttpHeaders);
    let httpStatus: number | undefined;
    let grpcStatus: number | undefined;
    const body: Buffer[] = [];
    const read = (received: Readonly<Record<string, unknown>>) => {
      if (received["grpc-status"] !== undefined) grpcStatus = Number(received["grpc-status"]);
    };
    stream.on("response", (received) => {
      httpStatus = received[":status"];
      read(received);
    });
    stream.on("trailers", read);
    stream.on("data", (bytes: Buffer) => body.push(bytes));
    stream.on("error", () => undefined); // the reset code says it
    stream.on("close", () =>
      resolve({
        httpStatus,
        grpcStatus,
        body: Buffer.concat(body),
        resetCode: stream.rstCode ?? 0,
      }),
    );
    for (const bytes of data) stream.write(bytes);
    stream.end();
  });
}

/** A gRPC message frame; `claimedBytes` may lie. */
export function framed(
  message: Uint8Array,
  { flag = 0, claimedBytes = message.length } = {},
): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(claimedBytes, 1);
  return Buffer.concat([prefix, message]);
}
