/** CheckRequests of a real Envoy and hand-made odd ones are understood as opa-envoy-plugin did. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type CheckAttributes,
  decodeCheckRequest,
  selectHeaders,
} from "../../src/wire/check-request.ts";
import { WireError } from "../../src/wire/wire-error.ts";

interface Expected {
  readonly has_http: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly scheme?: string;
  readonly size?: string;
  readonly header_list?: readonly (readonly [string, string | null])[];
  readonly header_map?: Readonly<Record<string, string>>;
  readonly body?: Content;
  readonly raw_body?: Content;
  readonly source_address?: string;
  readonly source_principal?: string;
  readonly context_extensions?: Readonly<Record<string, string>>;
}

interface Content {
  readonly bytes: number;
  readonly sha256: string;
}

interface Case {
  readonly id: string;
  readonly description: string;
  readonly check_request_base64: string;
  readonly expected?: Expected;
  readonly undecodable?: true;
}

/** Where this codec differs on purpose. */
const SIZE: Readonly<Record<string, number>> = {
  // A count can not be negative, and nothing above 2^53 - 1 is exact in JavaScript.
  "syn-size-minus1": 0,
  "syn-size-int64-max": Number.MAX_SAFE_INTEGER,
};
// No message of Envoy's ever had groups; the plugin skips those that are closed.
const REFUSED_HERE = new Set(["syn-wire-group"]);
// Two different bodies at once: the exact bytes win here, the string there.
const RAW_BODY_WINS = new Set(["syn-body-both", "syn-all-fields-skipbody"]);

const fixture = new URL("../fixtures/check-requests.jsonl", import.meta.url);
const cases = readFileSync(fixture, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

const everything = selectHeaders([], [""]);

function decode(request: Case): CheckAttributes {
  return decodeCheckRequest(Buffer.from(request.check_request_base64, "base64"), everything);
}

function contentOf(bytes: Uint8Array | undefined): Content | undefined {
  if (bytes === undefined) return undefined;
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Pseudo headers gone, names in lower case; `null` for values that are not UTF-8. */
function headersOf(expected: Expected): (readonly [string, string | null])[] {
  const all = expected.header_list ?? Object.entries(expected.header_map ?? {});
  return all
    .filter(([name]) => !name.startsWith(":"))
    .map(([name, value]) => [name.toLowerCase(), value]);
}

/** A map has no order: the wire's and the recording's differ. */
function sorted(headers: (readonly [string, string | null])[]): string[] {
  return headers.map((pair) => JSON.stringify(pair)).sort();
}

const understood = cases.filter(
  ({ id, expected }) => expected !== undefined && !REFUSED_HERE.has(id),
);

describe("recorded and hand-made requests", () => {
  it("are all here", () => {
    expect(cases.length).toBe(393);
    expect(understood.length).toBe(349);
  });

  it.each(understood)("$id: $description", (request) => {
    const expected = request.expected as Expected;
    const attributes = decode(request);
    const headers = attributes.headers.map(({ name, value, isUtf8 }): [string, string | null] => [
      name,
      isUtf8 ? value : null,
    ]);
    expect({
      hasHttp: attributes.hasHttp,
      method: attributes.method,
      path: attributes.path,
      host: attributes.host,
      scheme: attributes.scheme,
      sizeBytes: attributes.sizeBytes,
      body: contentOf(attributes.body),
      sourceAddress: attributes.sourceAddress,
      sourcePrincipal: attributes.sourcePrincipal,
      contextExtensions: attributes.contextExtensions,
      headers: expected.header_list === undefined ? sorted(headers) : headers,
      headersAreJoined: attributes.headersAreJoined,
    }).toEqual({
      hasHttp: expected.has_http,
      method: expected.method ?? "",
      path: expected.path ?? "",
      host: expected.host ?? "",
      scheme: expected.scheme ?? "",
      sizeBytes: SIZE[request.id] ?? Number(expected.size ?? 0),
      body: expected.raw_body ?? expected.body,
      sourceAddress: expected.source_address ?? "",
      sourcePrincipal: expected.source_principal ?? "",
      contextExtensions: new Map(Object.entries(expected.context_extensions ?? {})),
      headers:
        expected.header_list === undefined ? sorted(headersOf(expected)) : headersOf(expected),
      headersAreJoined: expected.header_list === undefined && expected.header_map !== undefined,
    });
  });

  it.each(cases.filter(({ expected, undecodable }) => expected === undefined && !undecodable))(
    "$id is decoded: what is wrong is its content",
    (request) => {
      expect(decode(request).hasHttp).toBe(true);
    },
  );

  it.each(cases.filter(({ undecodable }) => undecodable))("$id is no message", (request) => {
    expect(() => decode(request)).toThrow(WireError);
  });

  it.each(cases.filter(({ id }) => REFUSED_HERE.has(id)))("$id is refused here", (request) => {
    expect(() => decode(request)).toThrow(WireError);
  });

  it("differ from the plugin only where that is on purpose", () => {
    const both = cases.filter(
      ({ expected }) =>
        expected?.body !== undefined &&
        expected.raw_body !== undefined &&
        expected.body.sha256 !== expected.raw_body.sha256,
    );
    expect(new Set(both.map(({ id }) => id))).toEqual(RAW_BODY_WINS);
  });
});
