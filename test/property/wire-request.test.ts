/** Any valid CheckRequest is read as another decoder reads it; any bytes at all are read or refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CheckAttributes,
  decodeCheckRequest,
  selectHeaders,
} from "../../src/wire/check-request.ts";
import { WireError } from "../../src/wire/wire-error.ts";
import { checkRequest } from "../support/check-request.ts";
import { CHECK_REQUEST, decodeMessage, encodeMessage } from "../support/proto.ts";

const SEED = { seed: 20_261_124, numRuns: 2_000 };
const everything = selectHeaders([], [""]);
const some = selectHeaders(["authorization", "x-a"], ["mcp-"]);

const text = fc.string({ unit: "binary", maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array));
/** The other decoder can not hold `__proto__` as a key; that one is a hand-made vector. */
const key = fc
  .oneof(fc.constantFrom(":path", "authorization", "X-A", "mcp-x", "constructor"), text)
  .filter((name) => name !== "__proto__");
const entries = fc.dictionary(key, text, { maxKeys: 6, noNullPrototype: true });

function message(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<object>;
}

const address = fc.oneof(
  fc.record({
    socket_address: message({
      protocol: fc.constantFrom(0, 1),
      address: text,
      port_value: fc.integer({ min: 0, max: 65_535 }),
    }),
  }),
  fc.record({ socket_address: message({ address: text, named_port: text }) }),
  fc.record({ pipe: message({ path: text }) }),
  fc.record({ envoy_internal_address: message({ server_listener_name: text }) }),
);
const peer = message({
  address,
  service: text,
  labels: entries,
  principal: text,
  certificate: text,
});
const metadata = message({
  filter_metadata: fc.dictionary(key, fc.record({ fields: fc.constant({}) }), { maxKeys: 2 }),
});
const http = message({
  id: text,
  method: text,
  headers: entries,
  path: text,
  host: text,
  scheme: text,
  query: text,
  fragment: text,
  size: fc.maxSafeInteger(),
  protocol: text,
  body: text,
  raw_body: bytes,
  header_map: message({
    headers: fc.array(message({ key, value: text, raw_value: bytes }), { maxLength: 6 }),
  }),
});
const checkRequests = message({
  attributes: message({
    source: peer,
    destination: peer,
    request: message({
      time: message({ seconds: fc.maxSafeInteger(), nanos: fc.nat(999_999_999) }),
      http,
    }),
    context_extensions: entries,
    metadata_context: metadata,
    tls_session: message({ sni: text }),
    route_metadata_context: metadata,
  }),
});

interface Header {
  readonly key?: string;
  readonly value?: string;
  readonly raw_value?: Buffer;
}

interface Http {
  readonly [name: string]: unknown;
  readonly headers?: Record<string, string>;
  readonly header_map?: { readonly headers?: readonly Header[] };
  readonly body?: string;
  readonly raw_body?: Buffer;
  readonly size?: number;
}

interface Decoded {
  readonly attributes?: {
    readonly source?: {
      readonly principal?: string;
      readonly address?: { readonly socket_address?: { readonly address?: string } };
    };
    readonly request?: { readonly http?: Http };
    readonly context_extensions?: Record<string, string>;
  };
}

function isText(value: Uint8Array): boolean {
  return Buffer.from(value.toString(), "utf8").equals(Buffer.from(value));
}

function rawHeaders(http: Http | undefined): [string, Buffer][] {
  const list = http?.header_map?.headers?.map(({ key = "", value = "", raw_value }) => {
    const isRaw = raw_value !== undefined && raw_value.length > 0;
    return [key, isRaw ? raw_value : Buffer.from(value)] as [string, Buffer];
  });
  const map = Object.entries(http?.headers ?? {});
  const all =
    http?.header_map === undefined
      ? map.map(([name, value]): [string, Buffer] => [name, Buffer.from(value)])
      : (list ?? []);
  return all.filter(([name]) => !name.startsWith(":"));
}

function greatest(lengths: readonly number[]): number {
  return Math.max(0, ...lengths);
}

/** What `decodeCheckRequest` must give, derived from the other decoder's reading. */
function expectedOf(decoded: Decoded): CheckAttributes {
  const { source, request, context_extensions = {} } = decoded.attributes ?? {};
  const fields = request?.http;
  const raw = rawHeaders(fields);
  const nameBytes = raw.map(([name]) => Buffer.byteLength(name));
  const valueBytes = raw.map(([, value]) => value.length);
  const body = fields?.raw_body?.length ? fields.raw_body : Buffer.from(fields?.body ?? "");
  const string = (name: string) => String(fields?.[name] ?? "");
  return {
    hasHttp: fields !== undefined,
    method: string("method"),
    path: string("path"),
    host: string("host"),
    scheme: string("scheme"),
    headers: raw.map(([name, value]) => ({
      name: name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
      value: isText(value) ? value.toString() : "",
      isUtf8: isText(value),
    })),
    headersAreJoined: fields?.header_map === undefined && fields?.headers !== undefined,
    headerCount: raw.length,
    headerBytes: [...nameBytes, ...valueBytes].reduce((sum, length) => sum + length, 0),
    headerNameBytesMax: greatest(nameBytes),
    headerValueBytesMax: greatest(valueBytes),
    body: body.length > 0 ? body : undefined,
    sizeBytes: Math.max(0, fields?.size ?? 0),
    sourceAddress: source?.address?.socket_address?.address ?? "",
    sourcePrincipal: source?.principal ?? "",
    contextExtensions: new Map(Object.entries(context_extensions)),
    mcpMetadata: undefined,
  };
}

/** Maps come in any order. */
function withSortedHeaders(attributes: CheckAttributes): CheckAttributes {
  const headers = [...attributes.headers].sort((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
  );
  return attributes.headersAreJoined ? { ...attributes, headers } : attributes;
}

describe("valid messages", () => {
  it("are read as the loaded descriptors read them", () => {
    fc.assert(
      fc.property(checkRequests, (request) => {
        const encoded = encodeMessage(CHECK_REQUEST, request);
        const expected = expectedOf(decodeMessage(CHECK_REQUEST, encoded) as Decoded);
        const actual = decodeCheckRequest(encoded, everything);
        expect(withSortedHeaders(actual)).toEqual(withSortedHeaders(expected));
      }),
      SEED,
    );
  });

  it("give the same selected headers and figures, however few are selected", () => {
    fc.assert(
      fc.property(checkRequests, (request) => {
        const encoded = encodeMessage(CHECK_REQUEST, request);
        const all = decodeCheckRequest(encoded, everything);
        const wanted = all.headers.filter(
          ({ name }) => ["authorization", "x-a"].includes(name) || name.startsWith("mcp-"),
        );
        expect(decodeCheckRequest(encoded, some)).toEqual({ ...all, headers: wanted });
      }),
      SEED,
    );
  });

  it("in two halves are read as one", () => {
    fc.assert(
      fc.property(checkRequests, checkRequests, (first, second) => {
        const joined = Buffer.concat(
          [first, second].map((part) => encodeMessage(CHECK_REQUEST, part)),
        );
        const one = decodeCheckRequest(encodeMessage(CHECK_REQUEST, first), everything);
        const two = decodeCheckRequest(encodeMessage(CHECK_REQUEST, second), everything);
        const both = decodeCheckRequest(joined, everything);
        expect(both.hasHttp).toBe(one.hasHttp || two.hasHttp);
        if (two.path !== "") expect(both.path).toBe(two.path);
        else expect(["", one.path]).toContain(both.path);
        const extensions = new Map([...one.contextExtensions, ...two.contextExtensions]);
        expect(both.contextExtensions).toEqual(extensions);
      }),
      SEED,
    );
  });
});

function isReadOrRefused(message: Uint8Array): boolean {
  try {
    decodeCheckRequest(message, everything);
    return true;
  } catch (thrown) {
    return thrown instanceof WireError;
  }
}

describe("any bytes", () => {
  it("are read or refused", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), isReadOrRefused), {
      ...SEED,
      numRuns: 20_000,
    });
  });

  it("inside the HTTP part are read or refused", () => {
    const inside = fc.uint8Array({ maxLength: 60 }).map((content) => {
      const length = content.length;
      return Buffer.from([0x0a, length + 4, 0x22, length + 2, 0x12, length, ...content]);
    });
    fc.assert(fc.property(inside, isReadOrRefused), { ...SEED, numRuns: 20_000 });
  });

  it("of a good message with some of them changed are read or refused", () => {
    const good = checkRequest({
      body: "{}",
      headers: { authorization: "Bearer x", "mcp-method": "tools/call" },
      contextExtensions: { "sark.route": "demo" },
    });
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(changes, (list) => {
        const changed = Buffer.from(good);
        for (const [at, byte] of list) changed[at] = byte;
        return isReadOrRefused(changed);
      }),
      { ...SEED, numRuns: 20_000 },
    );
  });
});
