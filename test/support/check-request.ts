/** Builds encoded CheckRequests as a running Envoy would send them, every part changeable. */
import { CHECK_REQUEST, encodeMessage } from "./proto.ts";

type HeaderEntry = readonly [name: string, value: string | Uint8Array];

type HeaderInput = Readonly<Record<string, string | Uint8Array>> | readonly HeaderEntry[];

export interface CheckRequestOptions {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly scheme?: string;
  readonly headers?: HeaderInput;
  /** `raw`: header_map with raw values, as with `encode_raw_headers`; `map`: the joined map. */
  readonly form?: "raw" | "map";
  readonly body?: string | Uint8Array;
  /** False puts the body into the string field. */
  readonly rawBody?: boolean;
  /** With a body, Envoy says in a header of its own whether it is only a part. */
  readonly partialBody?: boolean;
  readonly sourceAddress?: string;
  readonly sourcePrincipal?: string;
  readonly destinationPrincipal?: string;
  readonly contextExtensions?: Readonly<Record<string, string>>;
}

const PARTIAL_BODY = "x-envoy-auth-partial-body";

export function checkRequest(options: CheckRequestOptions = {}): Buffer {
  const address = {
    socket_address: { address: options.sourceAddress ?? "10.0.0.7", port_value: 40_000 },
  };
  const principal = options.sourcePrincipal;
  const own = { socket_address: { address: "127.0.0.1", port_value: 10_000 } };
  const destination = options.destinationPrincipal;
  return encodeMessage(CHECK_REQUEST, {
    attributes: {
      source: principal === undefined ? { address } : { address, principal },
      destination:
        destination === undefined ? { address: own } : { address: own, principal: destination },
      request: { time: { seconds: 1_764_000_000, nanos: 5_000_000 }, http: httpOf(options) },
      context_extensions: options.contextExtensions ?? {},
      metadata_context: {},
      route_metadata_context: {},
    },
  });
}

function httpOf(options: CheckRequestOptions): object {
  const { method = "POST", path = "/mcp/demo", host = "gateway.example" } = options;
  const headers = entriesOf(options.headers);
  if (options.body !== undefined)
    headers.push([PARTIAL_BODY, String(options.partialBody === true)]);
  const pseudo: HeaderEntry[] = [
    [":method", method],
    [":path", path],
    [":authority", host],
  ];
  return {
    id: "4822936183014455012",
    method,
    path,
    host,
    scheme: options.scheme ?? "http",
    protocol: "HTTP/1.1",
    ...headersOf([...pseudo, ...headers], options.form ?? "raw"),
    ...bodyOf(options.body, options.rawBody ?? true),
  };
}

function entriesOf(headers: HeaderInput | undefined): HeaderEntry[] {
  if (headers === undefined) return [];
  return Array.isArray(headers)
    ? [...(headers as readonly HeaderEntry[])]
    : Object.entries(headers);
}

function headersOf(entries: readonly HeaderEntry[], form: "raw" | "map"): object {
  if (form === "map") return { headers: joined(entries) };
  const list = entries.map(([key, value]) => ({ key, raw_value: Buffer.from(value) }));
  return { header_map: { headers: list } };
}

/** Duplicates joined by a comma, as Envoy does without `encode_raw_headers`. */
function joined(entries: readonly HeaderEntry[]): Record<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of entries) {
    const text = typeof value === "string" ? value : asEnvoyShows(value);
    const before = map.get(name);
    map.set(name, before === undefined ? text : `${before},${text}`);
  }
  return Object.fromEntries(map);
}

/** Bytes that are not UTF-8 become `!`, one each. */
function asEnvoyShows(value: Uint8Array): string {
  return Buffer.from(value)
    .toString("latin1")
    .replaceAll(/[^\x20-\x7e\t]/g, "!");
}

function bodyOf(body: string | Uint8Array | undefined, isRaw: boolean): object {
  if (body === undefined) return {};
  const bytes = Buffer.from(body);
  return isRaw
    ? { size: bytes.length, raw_body: bytes }
    : { size: bytes.length, body: bytes.toString("utf8") };
}
