/**
 * CheckRequest bytes → the attributes that are used (`envoy.service.auth.v3`, field numbers in `proto/`).
 * Everything else is skipped. Repeated messages merge, scalars take their last value.
 *
 * @module
 */
import type { WireHeader } from "./header-collector.ts";
import type { HeaderSelection } from "./header-selection.ts";
import { type HttpFields, newHttpFields, readHttpFields } from "./http-fields.ts";
import { bytesTag, Reader } from "./reader.ts";
import { readStruct, type StructFields } from "./struct.ts";

export type { WireHeader } from "./header-collector.ts";
export { type HeaderSelection, selectHeaders } from "./header-selection.ts";

/** Strings are empty and numbers 0 where the message has none. */
export interface CheckAttributes {
  /** False when the request has no HTTP part at all. */
  readonly hasHttp: boolean;
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly path: string;
  readonly host: string;
  readonly scheme: string;
  /**
   * Selected headers in wire order, from `header_map` when it is present, else from the map. Duplicates
   * are kept; names that begin with `:` are left out.
   */
  readonly headers: readonly WireHeader[];
  /** True when they came from the map, where Envoy joins duplicates with a comma. */
  readonly headersAreJoined: boolean;
  /** Figures over all headers of that form, selected or not. */
  readonly headerCount: number;
  readonly headerBytes: number;
  readonly headerNameBytesMax: number;
  readonly headerValueBytesMax: number;
  /** `raw_body`, else `body`: a view into the message; undefined when both are empty. */
  readonly body: Uint8Array | undefined;
  /** Body bytes that Envoy had seen, never more than 2^53 - 1. */
  readonly sizeBytes: number;
  /** IP address of Envoy's peer; empty for a Unix socket. */
  readonly sourceAddress: string;
  readonly sourcePrincipal: string;
  readonly contextExtensions: ReadonlyMap<string, string>;
  /** What Envoy's MCP filter has read of the body; undefined without it, or too deep to be read. */
  readonly mcpMetadata: StructFields | undefined;
}

interface Draft {
  hasHttp: boolean;
  sourceAddress: string;
  sourcePrincipal: string;
  readonly http: HttpFields;
  readonly contextExtensions: Map<string, string>;
  readonly mcpMetadata: (StructFields | undefined)[];
}

const ATTRIBUTES = bytesTag(1);
const SOURCE = bytesTag(1);
const REQUEST = bytesTag(4);
const CONTEXT_EXTENSIONS = bytesTag(10);
const METADATA_CONTEXT = bytesTag(11);
const FILTER_METADATA = bytesTag(1);
const PEER_ADDRESS = bytesTag(1);
const PEER_SERVICE = bytesTag(2);
const PEER_PRINCIPAL = bytesTag(4);
const PEER_CERTIFICATE = bytesTag(5);
const SOCKET_ADDRESS = bytesTag(1);
const PIPE = bytesTag(2);
const INTERNAL_ADDRESS = bytesTag(3);
const SOCKET_ADDRESS_ADDRESS = bytesTag(2);
const SOCKET_ADDRESS_NAMED_PORT = bytesTag(4);
const REQUEST_HTTP = bytesTag(2);
const ENTRY_KEY = bytesTag(1);
const ENTRY_VALUE = bytesTag(2);

/** The filter's own name, and the one it had before Envoy 1.38; the first that is there counts. */
const MCP_NAMESPACES: readonly Uint8Array[] = ["envoy.filters.http.mcp", "mcp_proxy"].map((name) =>
  Buffer.from(name),
);

const NO_HEADERS: readonly WireHeader[] = [];

/** @throws {WireError} for bytes that are not a well-formed CheckRequest; nothing else is thrown. */
export function decodeCheckRequest(bytes: Uint8Array, selection: HeaderSelection): CheckAttributes {
  const reader = new Reader(bytes);
  const draft: Draft = {
    hasHttp: false,
    sourceAddress: "",
    sourcePrincipal: "",
    http: newHttpFields(),
    contextExtensions: new Map(),
    mcpMetadata: [],
  };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ATTRIBUTES) readAttributes(reader, draft, selection);
    else reader.skip(tag);
  }
  return attributesOf(reader, draft);
}

function attributesOf(reader: Reader, draft: Draft): CheckAttributes {
  const { http } = draft;
  const headers = http.list ?? http.map;
  return {
    hasHttp: draft.hasHttp,
    method: http.method,
    path: http.path,
    host: http.host,
    scheme: http.scheme,
    headers: headers?.headers ?? NO_HEADERS,
    headersAreJoined: headers?.isMap ?? false,
    headerCount: headers?.count ?? 0,
    headerBytes: headers?.bytes ?? 0,
    headerNameBytesMax: headers?.nameBytesMax ?? 0,
    headerValueBytesMax: headers?.valueBytesMax ?? 0,
    body: bodyOf(reader, http),
    sizeBytes: http.sizeBytes,
    sourceAddress: draft.sourceAddress,
    sourcePrincipal: draft.sourcePrincipal,
    contextExtensions: draft.contextExtensions,
    mcpMetadata: draft.mcpMetadata.find((fields) => fields !== undefined),
  };
}

function bodyOf(reader: Reader, http: HttpFields): Uint8Array | undefined {
  if (http.rawBodyEnd > http.rawBodyStart) {
    return reader.bytes.subarray(http.rawBodyStart, http.rawBodyEnd);
  }
  if (http.bodyEnd > http.bodyStart) return reader.bytes.subarray(http.bodyStart, http.bodyEnd);
  return undefined;
}

function readAttributes(reader: Reader, draft: Draft, selection: HeaderSelection): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === SOURCE) readSource(reader, draft);
    else if (tag === REQUEST) readRequest(reader, draft, selection);
    else if (tag === CONTEXT_EXTENSIONS) readExtension(reader, draft);
    else if (tag === METADATA_CONTEXT) readMetadata(reader, draft);
    else reader.skip(tag);
  }
  reader.leave(outerEnd);
}

function readSource(reader: Reader, draft: Draft): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === PEER_ADDRESS) readAddress(reader, draft);
    else if (tag === PEER_PRINCIPAL) draft.sourcePrincipal = reader.text();
    else if (tag === PEER_SERVICE || tag === PEER_CERTIFICATE) reader.skipText();
    else reader.skip(tag);
  }
  reader.leave(outerEnd);
}

/** The last kind of address wins. */
function readAddress(reader: Reader, draft: Draft): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === SOCKET_ADDRESS) readSocketAddress(reader, draft);
    else {
      if (tag === PIPE || tag === INTERNAL_ADDRESS) draft.sourceAddress = "";
      reader.skip(tag);
    }
  }
  reader.leave(outerEnd);
}

function readSocketAddress(reader: Reader, draft: Draft): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === SOCKET_ADDRESS_ADDRESS) draft.sourceAddress = reader.text();
    else if (tag === SOCKET_ADDRESS_NAMED_PORT) reader.skipText();
    else reader.skip(tag);
  }
  reader.leave(outerEnd);
}

function readRequest(reader: Reader, draft: Draft, selection: HeaderSelection): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === REQUEST_HTTP) {
      draft.hasHttp = true;
      readHttpFields(reader, draft.http, selection);
    } else reader.skip(tag);
  }
  reader.leave(outerEnd);
}

/** One map entry; without a key or value it stands for an empty one. */
function readExtension(reader: Reader, draft: Draft): void {
  let key = "";
  let value = "";
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ENTRY_KEY) key = reader.text();
    else if (tag === ENTRY_VALUE) value = reader.text();
    else reader.skip(tag);
  }
  reader.leave(outerEnd);
  draft.contextExtensions.set(key, value);
}

function readMetadata(reader: Reader, draft: Draft): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === FILTER_METADATA) readNamespace(reader, draft);
    else reader.skip(tag);
  }
  reader.leave(outerEnd);
}

/** One map entry, of which all but the namespaces of the MCP filter are skipped unread. */
function readNamespace(reader: Reader, draft: Draft): void {
  let namespace = -1;
  let structAt = -1;
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ENTRY_KEY) {
      const start = reader.skipText();
      namespace = MCP_NAMESPACES.findIndex((name) => isAt(reader, start, name));
    } else if (tag === ENTRY_VALUE) {
      structAt = reader.at;
      reader.skipBytes();
    } else reader.skip(tag);
  }
  if (namespace >= 0) {
    reader.at = structAt < 0 ? reader.end : structAt;
    draft.mcpMetadata[namespace] = structAt < 0 ? new Map() : readStruct(reader);
    reader.at = reader.end;
  }
  reader.leave(outerEnd);
}

/** True for exactly `name` between `start` and the cursor. */
function isAt(reader: Reader, start: number, name: Uint8Array): boolean {
  return Buffer.compare(reader.bytes.subarray(start, reader.at), name) === 0;
}
