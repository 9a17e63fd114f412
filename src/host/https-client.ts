/**
 * One bounded GET over https. No redirects, no proxy, no decompression, no connection kept.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { isIP } from "node:net";
import { HttpFailure, type HttpFault } from "../domain/http-failure.ts";
import type { HttpClient, HttpGet, HttpReply } from "../domain/surroundings.ts";
import { isPublicAddress, publicLookup } from "./public-address.ts";

export const httpsClient: HttpClient = Object.freeze({ get });

/** Messages name the fault and never the URL, which may hold more than a reader should see. */
async function get(call: HttpGet, signal?: AbortSignal): Promise<HttpReply> {
  const url = checkedUrl(call);
  const limits = new AbortController();
  const fail = (message: string) => limits.abort(new HttpFailure("timeout", message));
  const total = setTimeout(() => fail(`no answer within ${call.totalMs} ms`), call.totalMs);
  const connect = setTimeout(
    () => fail(`no connection within ${call.connectMs} ms`),
    call.connectMs,
  );
  const agent = new Agent({ keepAlive: false });
  const stop = signal === undefined ? limits.signal : AbortSignal.any([signal, limits.signal]);
  try {
    stop.throwIfAborted();
    const reply = await send(url, { ...optionsOf(call), agent, signal: stop }, () =>
      clearTimeout(connect),
    );
    return await readReply(reply, call.bodyBytesMax);
  } catch (thrown) {
    // An abort surfaces as a bare AbortError; its reason says what happened.
    throw stop.aborted ? stop.reason : failureOf(thrown);
  } finally {
    clearTimeout(total);
    clearTimeout(connect);
    agent.destroy();
  }
}

function checkedUrl(call: HttpGet): URL {
  const url = URL.parse(call.url);
  if (url === null) throw new HttpFailure("address", "not a URL");
  if (url.protocol !== "https:") throw new HttpFailure("address", "only https is fetched");
  if (url.username !== "" || url.password !== "") {
    throw new HttpFailure("address", "a URL may hold no credentials");
  }
  // A literal address is never looked up, so it is checked here.
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (!call.allowPrivate && isIP(literal) !== 0 && !isPublicAddress(literal)) {
    throw new HttpFailure("address", "the host has no public address");
  }
  return url;
}

/** OpenSSL and Node name what is wrong with the other side's certificate or protocol by these codes. */
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_|INVALID_|PATH_LENGTH)/;

function failureOf(thrown: unknown): HttpFailure {
  if (thrown instanceof HttpFailure) return thrown;
  const code = String((thrown as { readonly code?: unknown }).code ?? "unknown");
  const fault: HttpFault = TLS_CODE.test(code) ? "tls" : "connect";
  return new HttpFailure(fault, `${fault} failed (${code})`, { cause: thrown });
}

function optionsOf(call: HttpGet): RequestOptions {
  return {
    method: "GET",
    headers: { accept: "application/json", "accept-encoding": "identity" },
    // Said here, so that no environment variable can switch it off.
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ...(call.caPem === undefined ? {} : { ca: call.caPem }),
    ...(call.allowPrivate ? {} : { lookup: publicLookup() }),
  };
}

function send(url: URL, options: RequestOptions, connected: () => void): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, resolve);
    outgoing.once("socket", (socket) => socket.once("secureConnect", connected));
    outgoing.once("error", reject);
    outgoing.end();
  });
}

async function readReply(reply: IncomingMessage, bodyBytesMax: number): Promise<HttpReply> {
  const status = reply.statusCode ?? 0;
  try {
    if (status >= 300 && status < 400)
      throw new HttpFailure("redirect", "redirects are not followed");
    if ((reply.headers["content-encoding"] ?? "identity") !== "identity") {
      throw new HttpFailure("encoding", "the body is encoded although that was not offered");
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of reply) {
      length += chunk.length;
      if (length > bodyBytesMax) {
        throw new HttpFailure("too_large", `the body is larger than ${bodyBytesMax} bytes`);
      }
      chunks.push(chunk);
    }
    const headers = Object.entries(reply.headers).map(
      ([name, value]) => [name, [value ?? ""].flat().join(", ")] as const,
    );
    return { status, headers: new Map(headers), body: Buffer.concat(chunks) };
  } finally {
    reply.destroy();
  }
}
