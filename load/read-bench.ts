/**
 * What reading one request costs: CheckRequest bytes, canonical request, known token, strict JSON. Runs
 * in this process, in turns with the yardstick: the same bytes decoded with proto-loader, the body given
 * to `JSON.parse`, the token looked up by the same digest.
 *
 * @module
 */
import { hash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DenyError } from "../src/domain/errors.ts";
import type { AuthzRequest } from "../src/domain/request.ts";
import type { KeySource } from "../src/identity/key-source.ts";
import { TokenCache } from "../src/identity/token-cache.ts";
import {
  REQUEST_HEADER_PREFIXES,
  REQUEST_HEADER_TWIN_PREFIXES,
  REQUEST_HEADERS_EXACT,
} from "../src/request/header-rules.ts";
import { readRequest } from "../src/request/read-request.ts";
import { RouteTable } from "../src/request/route-table.ts";
import { decodeCheckRequest, selectHeaders } from "../src/wire/check-request.ts";
import { CHECK_REQUEST, decodeMessage } from "../test/support/proto.ts";
import { route, user, verified } from "../test/support/samples.ts";
import { BODY_BYTES_MAX, type ReadBody, readBodies } from "./read-bodies.ts";
import { callMessage } from "./scenarios.ts";

export interface ReadFigures {
  readonly body: string;
  readonly bytes: number;
  readonly outcome: string;
  readonly medianUs: number;
  readonly minUs: number;
  readonly yardstickUs: number | undefined;
  readonly retainedBytes: number;
  readonly goalUs: number;
  readonly isGoalMet: boolean;
}

export const RETAINED_BYTES_GOAL = 1_048_576;
const TOKEN = `${"h".repeat(40)}.${"p".repeat(400)}.${"s".repeat(342)}`;
const KEYS: KeySource = {
  current: { thumbprints: new Set(["k1"]) } as unknown as KeySource["current"] & object,
  missed: () => {},
  onChange: () => {},
  stop: () => {},
};
const SELECTION = selectHeaders(
  REQUEST_HEADERS_EXACT,
  REQUEST_HEADER_PREFIXES,
  REQUEST_HEADER_TWIN_PREFIXES,
);
const RULES = { routes: new RouteTable([route()]), bodyBytesMax: BODY_BYTES_MAX + 1 };
const CLOCK = { unixMs: () => Date.now(), monotonicMs: () => performance.now() };

/** One sample is this much work: long against the clock's steps, short against a slice of the kernel. */
const SAMPLE_US = 1_000;
const WARM_UP_MS = 200;
/** Hostile bodies come when all code is warm; what differs is only where they go. */
const WARM_UP_HOSTILE_MS = 40;

export function benchReading(rounds: number): readonly ReadFigures[] {
  const cache = new TokenCache({ entriesMax: 1_000, ttlMsMax: 3_600_000, clock: CLOCK });
  const expiresAtS = Math.floor(Date.now() / 1_000) + 3_600;
  cache.set(digestOf(TOKEN), verified(user(), { expiresAtS }), KEYS);
  return readBodies().map((body) => measure(body, cache, rounds));
}

function measure(body: ReadBody, cache: TokenCache, rounds: number): ReadFigures {
  const message = callMessage(TOKEN, body.text);
  const own = () => read(message, cache);
  const base = body.isHostile ? undefined : () => readLikeStock(message, cache);
  const warmUpMs = body.isHostile ? WARM_UP_HOSTILE_MS : WARM_UP_MS;
  const ownRepeats = repeatsFor(own, warmUpMs);
  const baseRepeats = base === undefined ? 0 : repeatsFor(base, warmUpMs);
  const samples: number[] = [];
  const baseSamples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    samples.push(microseconds(own, ownRepeats));
    if (base !== undefined) baseSamples.push(microseconds(base, baseRepeats));
  }
  const medianUs = median(samples);
  const retainedBytes = retained(message, cache);
  return {
    body: body.name,
    bytes: Buffer.byteLength(body.text),
    outcome: outcomeOf(own),
    medianUs,
    minUs: Math.min(...samples),
    yardstickUs: base === undefined ? undefined : median(baseSamples),
    retainedBytes,
    goalUs: body.goalUs,
    isGoalMet: medianUs <= body.goalUs && retainedBytes <= RETAINED_BYTES_GOAL,
  };
}

function read(message: Buffer, cache: TokenCache): AuthzRequest | DenyError {
  try {
    const request = readRequest(decodeCheckRequest(message, SELECTION), RULES, {});
    const { credential } = request;
    if (credential?.kind !== "bearer" || cache.get(digestOf(credential.token)) === undefined) {
      throw new Error("the token is not known");
    }
    return request;
  } catch (thrown) {
    if (thrown instanceof DenyError) return thrown;
    throw thrown;
  }
}

function readLikeStock(message: Buffer, cache: TokenCache): unknown {
  const decoded = decodeMessage(CHECK_REQUEST, message) as StockRequest;
  cache.get(digestOf(TOKEN));
  return JSON.parse(decoded.attributes.request.http.raw_body.toString());
}

interface StockRequest {
  readonly attributes: { readonly request: { readonly http: { readonly raw_body: Buffer } } };
}

function digestOf(token: string): string {
  return hash("sha256", token, "base64url");
}

function outcomeOf(own: () => AuthzRequest | DenyError): string {
  const outcome = own();
  return outcome instanceof DenyError ? outcome.reason : "read";
}

/** Also warms up. */
function repeatsFor(work: () => unknown, warmUpMs: number): number {
  const startMs = performance.now();
  let repeats = 0;
  while (performance.now() - startMs < warmUpMs || repeats < 10) {
    work();
    repeats++;
  }
  const usPerRun = ((performance.now() - startMs) * 1_000) / repeats;
  return Math.max(1, Math.ceil(SAMPLE_US / usPerRun));
}

/** Wall time: samples are so short that few are interrupted, and those do not reach the median. */
function microseconds(work: () => unknown, repeats: number): number {
  const startMs = performance.now();
  for (let run = 0; run < repeats; run++) work();
  return ((performance.now() - startMs) * 1_000) / repeats;
}

const RETAINED_COUNT = 64;

/** Heap that one request holds as long as somebody holds it, beside the message it came in. */
function retained(message: Buffer, cache: TokenCache): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const kept: unknown[] = new Array(RETAINED_COUNT).fill(undefined);
  collect();
  collect();
  const before = process.memoryUsage();
  for (let at = 0; at < RETAINED_COUNT; at++) kept[at] = read(message, cache);
  collect();
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
  return Math.max(0, bytes) / kept.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
