/**
 * Malformed calls over real HTTP/2 end with a status, never reach the handler as a Check unless they
 * are one, and harm nobody else on the same server. What grpc-js lets through is stated at the end.
 */
import { describe, expect, it } from "vitest";
import { GrpcJsTransport } from "../../src/transport/grpc-js.ts";
import { startTransport } from "../contract/transport-rig.ts";
import { framed, type RawCall } from "../support/raw-http2-client.ts";

const MESSAGE = Buffer.from("message");
const ORDINARY: RawCall = { data: [framed(MESSAGE)] };
const PROTOCOL_ERROR = 1;

async function rig() {
  let asked = 0;
  const started = await startTransport(
    (options) => new GrpcJsTransport(options),
    (request) => {
      asked += 1;
      return Uint8Array.from(request);
    },
  );
  return { ...started, asked: () => asked };
}

/** The answer to `call`, after which the server must still answer an ordinary Check. */
async function answerTo(call: RawCall) {
  const { raw, asked } = await rig();
  const answer = await raw().call(call);
  const askedBefore = asked();
  expect(await raw().call(ORDINARY)).toMatchObject({ grpcStatus: 0, body: framed(MESSAGE) });
  return { ...answer, asked: askedBefore };
}

describe("messages", () => {
  it.each<[string, readonly Uint8Array[], number]>([
    ["no message", [], 12],
    ["an empty DATA frame only", [Buffer.alloc(0)], 12],
    ["a truncated prefix", [framed(MESSAGE).subarray(0, 3)], 12],
    ["a truncated message", [framed(MESSAGE, { claimedBytes: 100 })], 12],
    ["a doubled message", [framed(MESSAGE), framed(MESSAGE)], 12],
    ["two messages in one frame", [Buffer.concat([framed(MESSAGE), framed(MESSAGE)])], 12],
    ["a second, truncated message", [framed(MESSAGE), Buffer.of(0)], 0],
    ["a claimed length of 4 GiB", [framed(MESSAGE, { claimedBytes: 0xffff_ffff })], 8],
    ["a claimed length just over the limit", [framed(MESSAGE, { claimedBytes: 1_048_577 })], 8],
    ["a compressed empty message", [framed(Buffer.alloc(0), { flag: 1 })], 12],
  ])("%s", async (_name, data, grpcStatus) => {
    const answer = await answerTo({ data });
    expect(answer).toMatchObject({ httpStatus: 200, grpcStatus, asked: grpcStatus === 0 ? 1 : 0 });
  });

  it("puts a message together that comes byte by byte", async () => {
    const data = Array.from(framed(MESSAGE), (byte) => Buffer.of(byte));
    expect(await answerTo({ data })).toMatchObject({ grpcStatus: 0, body: framed(MESSAGE) });
  });
});

describe("headers", () => {
  it.each(["application/json", "text/plain", undefined])(
    "answers content type %s with 415",
    async (type) => {
      const answer = await answerTo({ ...ORDINARY, headers: { "content-type": type } });
      expect(answer).toMatchObject({ httpStatus: 415, grpcStatus: undefined, asked: 0 });
    },
  );

  it.each([
    "/envoy.service.auth.v3.Authorization/Other",
    "/envoy.service.auth.v2.Authorization/Check",
    "/envoy.service.auth.v3.Authorization/Check/",
    "/envoy.service.auth.v3.authorization/check",
    "/envoy.service.auth.v3.Authorization%2FCheck",
    "//envoy.service.auth.v3.Authorization/Check",
    "/envoy.service.auth.v3.Authorization/Check?a=b",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.health.v1.Health/List",
    "/__proto__/constructor",
    "/",
  ])("answers the unknown method %s with 12", async (path) => {
    const answer = await answerTo({ ...ORDINARY, headers: { ":path": path } });
    expect(answer).toMatchObject({ httpStatus: 200, grpcStatus: 12, asked: 0 });
  });

  it.each(["envoy.service.auth.v3.Authorization/Check", "*", ""])(
    "resets a stream whose path '%s' does not start with a slash",
    async (path) => {
      const answer = await answerTo({ ...ORDINARY, headers: { ":path": path } });
      expect(answer).toMatchObject({ httpStatus: undefined, resetCode: PROTOCOL_ERROR, asked: 0 });
    },
  );

  it.each(["abc", "5", ""])("answers the unreadable grpc-timeout '%s' with 13", async (timeout) => {
    const answer = await answerTo({ ...ORDINARY, headers: { "grpc-timeout": timeout } });
    expect(answer).toMatchObject({ grpcStatus: 13 });
  });
});

describe("what grpc-js lets through", () => {
  it.each<[string, Record<string, string | undefined>]>([
    ["no te header", { te: undefined }],
    ["a content type that only begins like gRPC", { "content-type": "application/grpcfoo" }],
    ["the method PUT", { ":method": "PUT" }],
    ["a header value that is not ASCII", { "x-name": "\u0080\u0081" }],
    ["a -bin header that is no base64", { "x-name-bin": "!!!" }],
    ["a grpc-timeout with too many digits", { "grpc-timeout": "10000000000S" }],
  ])("%s is a Check like any other", async (_name, headers) => {
    expect(await answerTo({ ...ORDINARY, headers })).toMatchObject({ grpcStatus: 0, asked: 1 });
  });

  it("a reserved bit in the prefix is not looked at", async () => {
    const answer = await answerTo({ data: [framed(MESSAGE, { flag: 2 })] });
    expect(answer).toMatchObject({ grpcStatus: 0, body: framed(MESSAGE), asked: 1 });
  });
});
