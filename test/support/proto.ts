/** The files of `proto/`, loaded: an encoder and decoder that owes nothing to `src/wire`. */
import { fileURLToPath } from "node:url";
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from "@grpc/proto-loader";

const FILES = ["envoy/service/auth/v3/external_auth.proto", "grpc/health/v1/health.proto"];

let loaded: PackageDefinition | undefined;

/** Names as in the files, numbers for enums and 64-bit integers, absent fields left out. */
export function loadProto(): PackageDefinition {
  loaded ??= loadSync(FILES, {
    includeDirs: [fileURLToPath(new URL("../../proto", import.meta.url))],
    keepCase: true,
    longs: Number,
    enums: Number,
    defaults: false,
    oneofs: false,
  });
  return loaded;
}

function messageType(name: string): MessageTypeDefinition<object, object> {
  const definition = loadProto()[name];
  if (definition === undefined || !("serialize" in definition)) {
    throw new Error(`${name} is no message of proto/`);
  }
  return definition as MessageTypeDefinition<object, object>;
}

export const CHECK_REQUEST = "envoy.service.auth.v3.CheckRequest";
export const CHECK_RESPONSE = "envoy.service.auth.v3.CheckResponse";

export function encodeMessage(name: string, message: object): Buffer {
  return Buffer.from(messageType(name).serialize(message));
}

/** Only for well-formed bytes without repeated messages, which this decoder replaces. */
export function decodeMessage(name: string, bytes: Uint8Array): object {
  return messageType(name).deserialize(Buffer.from(bytes));
}
