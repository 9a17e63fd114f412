/** The files in `proto/` use upstream's names and numbers; this table was written from Envoy 1.40.0. */
import { describe, expect, it } from "vitest";
import { loadProto } from "../support/proto.ts";

type Numbers = Readonly<Record<string, number>>;

const AUTH = "envoy.service.auth.v3";
const CORE = "envoy.config.core.v3";

const MESSAGES: Readonly<Record<string, Numbers>> = {
  [`${AUTH}.CheckRequest`]: { attributes: 1 },
  [`${AUTH}.AttributeContext`]: {
    source: 1,
    destination: 2,
    request: 4,
    context_extensions: 10,
    metadata_context: 11,
    tls_session: 12,
    route_metadata_context: 13,
  },
  [`${AUTH}.AttributeContext.Peer`]: {
    address: 1,
    service: 2,
    labels: 3,
    principal: 4,
    certificate: 5,
  },
  [`${AUTH}.AttributeContext.Request`]: { time: 1, http: 2 },
  [`${AUTH}.AttributeContext.HttpRequest`]: {
    id: 1,
    method: 2,
    headers: 3,
    path: 4,
    host: 5,
    scheme: 6,
    query: 7,
    fragment: 8,
    size: 9,
    protocol: 10,
    body: 11,
    raw_body: 12,
    header_map: 13,
  },
  [`${AUTH}.AttributeContext.TLSSession`]: { sni: 1 },
  [`${AUTH}.CheckResponse`]: {
    status: 1,
    denied_response: 2,
    ok_response: 3,
    dynamic_metadata: 4,
    error_response: 5,
  },
  [`${AUTH}.DeniedHttpResponse`]: { status: 1, headers: 2, body: 3 },
  [`${AUTH}.OkHttpResponse`]: {
    headers: 2,
    headers_to_remove: 5,
    response_headers_to_add: 6,
    query_parameters_to_set: 7,
    query_parameters_to_remove: 8,
  },
  [`${CORE}.HeaderMap`]: { headers: 1 },
  [`${CORE}.HeaderValue`]: { key: 1, value: 2, raw_value: 3 },
  [`${CORE}.HeaderValueOption`]: { header: 1, append: 2, append_action: 3, keep_empty_value: 4 },
  [`${CORE}.QueryParameter`]: { key: 1, value: 2 },
  [`${CORE}.Address`]: { socket_address: 1, pipe: 2, envoy_internal_address: 3 },
  [`${CORE}.SocketAddress`]: { protocol: 1, address: 2, port_value: 3, named_port: 4 },
  [`${CORE}.Pipe`]: { path: 1 },
  [`${CORE}.EnvoyInternalAddress`]: { server_listener_name: 1 },
  [`${CORE}.Metadata`]: { filter_metadata: 1, typed_filter_metadata: 2 },
  "envoy.type.v3.HttpStatus": { code: 1 },
  "google.rpc.Status": { code: 1, message: 2 },
  "google.protobuf.Timestamp": { seconds: 1, nanos: 2 },
  "google.protobuf.Struct": { fields: 1 },
  "google.protobuf.ListValue": { values: 1 },
  "google.protobuf.Value": {
    nullValue: 1,
    numberValue: 2,
    stringValue: 3,
    boolValue: 4,
    structValue: 5,
    listValue: 6,
  },
  "google.protobuf.Any": { type_url: 1, value: 2 },
  "google.protobuf.BoolValue": { value: 1 },
  "grpc.health.v1.HealthCheckRequest": { service: 1 },
  "grpc.health.v1.HealthCheckResponse": { status: 1 },
};

const NESTED_ENUMS: Readonly<Record<string, Numbers>> = {
  [`${CORE}.HeaderValueOption`]: {
    APPEND_IF_EXISTS_OR_ADD: 0,
    ADD_IF_ABSENT: 1,
    OVERWRITE_IF_EXISTS_OR_ADD: 2,
    OVERWRITE_IF_EXISTS: 3,
  },
  "grpc.health.v1.HealthCheckResponse": {
    UNKNOWN: 0,
    SERVING: 1,
    NOT_SERVING: 2,
    SERVICE_UNKNOWN: 3,
  },
};

interface Numbered {
  readonly name: string;
  readonly number: number;
}

interface Descriptor {
  readonly name?: string;
  readonly field?: readonly Numbered[];
  readonly value?: readonly Numbered[];
  readonly enumType?: readonly { readonly value: readonly Numbered[] }[];
  readonly nestedType?: readonly Descriptor[];
  readonly options?: { readonly mapEntry?: boolean } | null;
}

/** Every message and enum by its full name; messages inside messages too, map entries not. */
function descriptors(): Map<string, Descriptor> {
  const all = new Map<string, Descriptor>();
  const add = (name: string, type: Descriptor) => {
    all.set(name, type);
    for (const inner of type.nestedType ?? []) {
      if (inner.options?.mapEntry !== true) add(`${name}.${inner.name}`, inner);
    }
  };
  for (const [name, definition] of Object.entries(loadProto())) {
    if ("format" in definition) add(name, definition.type as Descriptor);
  }
  return all;
}

const loaded = descriptors();

function descriptor(name: string): Descriptor {
  const found = loaded.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function numbers(entries: readonly Numbered[] | undefined): Numbers {
  return Object.fromEntries((entries ?? []).map(({ name, number }) => [name, number]));
}

describe("messages", () => {
  it.each(Object.entries(MESSAGES))("has the numbers of %s", (name, expected) => {
    expect(numbers(descriptor(name).field)).toEqual(expected);
  });

  it("has no message that is not in the table", () => {
    const own = [...loaded.entries()]
      .filter(([name, { field }]) => field !== undefined && !name.startsWith("google.protobuf."))
      .map(([name]) => name);
    expect(own.length).toBeGreaterThan(20);
    expect(own.filter((name) => !(name in MESSAGES))).toEqual([]);
  });
});

describe("enums", () => {
  it.each(Object.entries(NESTED_ENUMS))("has the numbers inside %s", (name, expected) => {
    expect(numbers(descriptor(name).enumType?.[0]?.value)).toEqual(expected);
  });

  it("knows the HTTP statuses that Envoy accepts", () => {
    const range = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const known = Object.values(numbers(descriptor("envoy.type.v3.StatusCode").value));
    expect(known).toEqual([
      ...[0, 100, ...range(200, 208), 226, ...range(300, 305), 307, 308],
      ...[...range(400, 417), ...range(421, 424), 426, 428, 429, 431],
      ...[...range(500, 508), 510, 511],
    ]);
  });
});

describe("services", () => {
  it.each([
    [`${AUTH}.Authorization`, { Check: `/${AUTH}.Authorization/Check` }],
    [
      "grpc.health.v1.Health",
      { Check: "/grpc.health.v1.Health/Check", Watch: "/grpc.health.v1.Health/Watch" },
    ],
  ])("has the methods of %s", (name, expected) => {
    const service = loadProto()[name] as unknown as Record<string, { readonly path: string }>;
    const paths = Object.entries(service).map(([method, { path }]) => [method, path]);
    expect(Object.fromEntries(paths)).toEqual(expected);
  });
});
