/**
 * The yardstick of every figure: a stock grpc-js server with @grpc/proto-loader that decodes each Check,
 * applies no logic and encodes a constant reply. `node load/yardstick-server.ts` prints its port.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const PROTO = fileURLToPath(new URL("../proto", import.meta.url));

const REPLY = {
  status: { code: 0 },
  ok_response: {
    headers: [
      { header: { key: "x-sark-authz", value: "enforced" }, append: { value: false } },
      { header: { key: "x-sark-user-id", value: "alice" }, append: { value: false } },
    ],
    headers_to_remove: ["authorization"],
  },
  dynamic_metadata: {
    fields: { decision: { stringValue: "allow" }, cache: { stringValue: "hit" } },
  },
};

const definition = protoLoader.loadSync("envoy/service/auth/v3/external_auth.proto", {
  includeDirs: [PROTO],
  // The options of the gRPC documentation's own examples.
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const service = definition["envoy.service.auth.v3.Authorization"];
if (service === undefined) throw new Error("the service is not in proto/");

const server = new grpc.Server();
server.addService(service as grpc.ServiceDefinition, {
  Check: (_call: unknown, callback: (error: null, reply: unknown) => void) => callback(null, REPLY),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(JSON.stringify({ port }));
});
process.on("SIGTERM", () => server.forceShutdown());
