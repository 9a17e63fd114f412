/** What Envoy's MCP filter says: alone it is read as it stands, beside a body it never tells another story. */
import type { AuthzRequest } from "../../../src/domain/request.ts";
import { Reader } from "../../../src/wire/reader.ts";
import { isStruct, readStruct, type StructFields } from "../../../src/wire/struct.ts";
import { WireError } from "../../../src/wire/wire-error.ts";
import { checkRequest } from "../../support/check-request.ts";
import { encodeMessage } from "../../support/proto.ts";
import { rules } from "../../unit/request/attributes.ts";
import { mcpRoute } from "../../unit/request/mcp-messages.ts";
import { type FuzzTarget, requireHolds } from "../target.ts";
import { CALL, JSON_HEADERS, readBytes, signature } from "./requests.ts";

const NAMESPACE = Buffer.from("envoy.filters.http.mcp");
const ALONE = rules([mcpRoute({ source: "metadata" })]);
const BOTH = rules([mcpRoute({ source: "both" })]);
const BODY = rules([mcpRoute({ source: "body" })]);
const HEADERS = { ...JSON_HEADERS, "mcp-protocol-version": "2025-11-25" };
const WITHOUT_BODY = checkRequest({ headers: HEADERS });
const WITH_BODY = checkRequest({ headers: HEADERS, body: CALL });

type Plain =
  | string
  | number
  | boolean
  | null
  | readonly Plain[]
  | { readonly [name: string]: Plain };

const WHOLE = { jsonrpc: "2.0", is_mcp_request: true, status: "mcp_ok", id: 7 };
const SEEDS: readonly { readonly [name: string]: Plain }[] = [
  { ...WHOLE, method: "tools/call", params: { name: "get_weather" } },
  { ...WHOLE, method: "tools/call", params: { name: "get_weather", _meta: { progressToken: 1 } } },
  { ...WHOLE, method: "resources/read", params: { uri: "file:///a" } },
  { ...WHOLE, method: "tasks/get", params: { taskId: "t-1" } },
  { ...WHOLE, method: "completion/complete", params: { ref: { type: "ref/prompt", name: "p" } } },
  { ...WHOLE, method: "tools/list", id: "a" },
  { ...WHOLE, method: "__jsonrpc_response" },
  { ...WHOLE, method: "tools/call", is_exceeding_limit: false, passthrough_reason: null },
];

export const mcpMetadata: FuzzTarget = {
  name: "mcp-metadata",
  weight: 1,
  seeds: () => SEEDS.map((fields) => encodeMessage("google.protobuf.Struct", structOf(fields))),
  dictionary: [
    ...["method", "params", "name", "uri", "taskId", "status", "mcp_ok", "is_mcp_request", "id"],
    ...["is_exceeding_limit", "passthrough_reason", "tools/call", "tools/list", "get_weather"],
    ...["delete_index", "__jsonrpc_response", "\x0a", "\x12", "\x1a", "\x20\x01", "\x20\x00"],
    ...["\x2a", "\x32", "\x08\x00", "Name", "METHOD", "__proto__"],
  ],
  run: (input) => {
    const metadata = namespaceOf(input);
    const alone = readBytes(Buffer.concat([WITHOUT_BODY, metadata]), ALONE);
    const both = readBytes(Buffer.concat([WITH_BODY, metadata]), BOTH);
    const body = readBytes(Buffer.concat([WITH_BODY, metadata]), BODY);
    const fields = fieldsOf(input);
    if (typeof alone !== "string") readAsItStands(alone, fields);
    for (const read of [both, body]) {
      if (typeof read !== "string" && fields !== undefined) agreesWithCall(fields);
    }
    requireHolds(signature(both) === signature(body) || fields === undefined, "one agreement");
    return `${signature(alone)} ${signature(both)}`;
  },
};

function readAsItStands(read: AuthzRequest, fields: StructFields | undefined): void {
  requireHolds(fields?.get("is_mcp_request") === true, "only a message that is MCP");
  requireHolds(fields?.get("status") === "mcp_ok", "only a message without a fault");
  const method = fields?.get("method");
  const operation = method === "__jsonrpc_response" ? "client/response" : method;
  requireHolds(read.operation === operation, "same method");
  requireHolds(!read.parametersKnown || operation === "client/response", "no arguments");
  if (operation !== "tools/call") return;
  requireHolds(read.resource.tool === paramOf(fields, "name"), "same tool");
}

function agreesWithCall(fields: StructFields): void {
  requireHolds(fields.get("method") === "tools/call", "same method as the body");
  requireHolds(paramOf(fields, "name") === "get_weather", "same tool as the body");
  requireHolds(fields.get("id") === 7, "same id as the body");
}

function paramOf(fields: StructFields | undefined, name: string) {
  const params = fields?.get("params");
  return isStruct(params) ? params.get(name) : undefined;
}

/** Undefined for what is no Struct, or too deep: then nothing is there to agree with. */
function fieldsOf(input: Buffer): StructFields | undefined {
  try {
    return readStruct(new Reader(lengthOf(input)));
  } catch (thrown) {
    if (thrown instanceof WireError) return undefined;
    throw thrown;
  }
}

/** More of a CheckRequest: messages that come again are merged. */
function namespaceOf(struct: Buffer): Buffer {
  const entry = Buffer.concat([tagged(0x0a, NAMESPACE), tagged(0x12, struct)]);
  const metadataContext = tagged(0x0a, entry);
  return tagged(0x0a, tagged(0x5a, metadataContext));
}

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content)]);
}

/** `content` behind its length as a varint. */
function lengthOf(content: Buffer): Buffer {
  const bytes: number[] = [];
  let rest = content.length;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...bytes, rest]), content]);
}

function structOf(fields: { readonly [name: string]: Plain }): object {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, structValueOf(value)]),
    ),
  };
}

function structValueOf(value: Plain): object {
  if (value === null) return { nullValue: 0 };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(structValueOf) } };
  return { structValue: structOf(value as { readonly [name: string]: Plain }) };
}
