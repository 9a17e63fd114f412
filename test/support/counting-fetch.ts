/** `fetch` for a client library under test: keeps what was sent, so that retries can be counted. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** The JSON-RPC method of the body, where there is one. */
  readonly rpcMethod: string | undefined;
  readonly status: number;
}

export interface CountingFetch {
  readonly fetch: typeof fetch;
  /** Every request that got an answer, in that order. */
  readonly sent: readonly SentRequest[];
}

export interface FetchOptions {
  /** Answers a request itself; undefined lets it go out. */
  readonly answer?: (url: string, init: RequestInit) => Response | undefined;
  /** Changes the body's text before it goes out. */
  readonly rewrite?: (body: string) => string;
  /** Origins that stand for another: `https://gateway.example` → `http://127.0.0.1:PORT`. */
  readonly origins?: Readonly<Record<string, string>>;
}

export function countingFetch(options: FetchOptions = {}): CountingFetch {
  const sent: SentRequest[] = [];
  const counting = async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const changed = { ...init };
    if (options.rewrite !== undefined && typeof init.body === "string") {
      changed.body = options.rewrite(init.body);
    }
    const { origin } = new URL(url);
    const target = url.replace(origin, options.origins?.[origin] ?? origin);
    const response = options.answer?.(url, changed) ?? (await fetch(target, changed));
    sent.push({
      method: init.method ?? "GET",
      url,
      rpcMethod: rpcMethodOf(init.body),
      status: response.status,
    });
    return response;
  };
  return { fetch: counting, sent };
}

function rpcMethodOf(body: unknown): string | undefined {
  if (typeof body !== "string") return undefined;
  return /"method":"([^"]+)"/.exec(body)?.[1];
}
