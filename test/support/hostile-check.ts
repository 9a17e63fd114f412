/** One Check through the whole spine, from a good request with single parts made hostile. */
import type { AuthzRequest } from "../../src/domain/request.ts";
import { type CheckRequestOptions, checkRequest } from "./check-request.ts";
import { readReply } from "./check-response.ts";
import { route } from "./samples.ts";
import { call, spine } from "./spine.ts";

const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;
const CALL =
  '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_weather","arguments":{"city":"Bern"}}}';

type Entry = readonly [name: string, value: string | Uint8Array];

export const GOOD_HEADERS: readonly Entry[] = [
  ["authorization", `Bearer ${TOKEN}`],
  ["content-type", "application/json"],
  ["user-agent", "test/1"],
];

const http = { surface: "http", serverName: undefined, body: "optional", path: undefined } as const;
/** Everything is allowed by policy here, so that a request that is read is a request that passes. */
const ROUTES = [
  route(),
  route({ ...http, name: "admin", pathPrefix: "/admin" }),
  route({ ...http, name: "public", pathPrefix: "/public" }),
  route({ ...http, name: "relaxed", pathPrefix: "/relaxed", pathAllow: new Set(["semicolon"]) }),
];

/** A good tool call; `headers` are added behind the good ones. */
export function hostile(change: CheckRequestOptions = {}): Buffer {
  const more = (change.headers ?? []) as readonly Entry[];
  return checkRequest({
    scheme: "https",
    body: CALL,
    ...change,
    headers: [...GOOD_HEADERS, ...more],
  });
}

export interface Answer {
  /** `allowed`, or the reason of the refusal. */
  readonly reason: string;
  readonly request: AuthzRequest | undefined;
}

/** @throws when it is not a plain allow, or a plain refusal that policy was not asked about. */
export async function answerTo(bytes: Uint8Array): Promise<Answer> {
  const { handler, calls, records } = spine({ routes: ROUTES });
  const reply = readReply(await handler(bytes, call));
  const [record] = records;
  if (record === undefined || records.length > 1) throw new Error("there is not one record");
  const isAllowed = reply.code === 0 && reply.ok !== undefined;
  const isRefused = reply.denied !== undefined && reply.error === undefined && reply.code !== 0;
  if (isAllowed === isRefused) throw new Error(`neither allow nor refusal: ${record.reason}`);
  if (isRefused && calls.includes("policy")) throw new Error("policy was asked");
  return { reason: record.reason, request: record.request };
}

/** In both of Envoy's header forms; they have to agree. */
export async function reasonTo(change: CheckRequestOptions = {}): Promise<string> {
  const [raw, joined] = await Promise.all(
    (["raw", "map"] as const).map((form) => answerTo(hostile({ ...change, form }))),
  );
  if (raw?.reason !== joined?.reason) {
    throw new Error(`raw headers: ${raw?.reason}, joined headers: ${joined?.reason}`);
  }
  return raw?.reason ?? "";
}
