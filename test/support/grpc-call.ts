/** One unary gRPC call through the gateway, and what a client library makes of the answer. */
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";

export interface GrpcAnswer {
  readonly code: number;
  /** `grpc-message`. */
  readonly details: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export function grpcCall(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<GrpcAnswer> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.enable_http_proxy": 0,
  });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const raw = (bytes: Buffer) => bytes;
  return new Promise<GrpcAnswer>((resolve) => {
    const deadline = Date.now() + 10_000;
    const done = (error: ServiceError | null) => {
      const { code = 0, details = "", metadata: sent } = error ?? {};
      resolve({ code, details, metadata: sent?.getMap() ?? {} });
    };
    client.makeUnaryRequest(path, raw, raw, Buffer.from("x"), metadata, { deadline }, done);
  }).finally(() => client.close());
}
