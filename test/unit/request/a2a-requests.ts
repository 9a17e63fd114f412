/** Requests of A2A callers, in each binding and version. */
import type { Changes } from "./attributes.ts";

export type Version = "1.0" | "0.3";

export interface A2aChanges {
  readonly version?: Version | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly query?: string;
  readonly body?: string;
}

const at = (path: string, query: string | undefined) =>
  query === undefined ? path : `${path}?${query}`;

const headersOf = ({ version = "1.0", headers = {} }: A2aChanges) => ({
  "a2a-version": version,
  ...headers,
});

export function a2aRpc(method: string, params?: unknown, changes: A2aChanges = {}): Changes {
  return {
    path: at("/a2a/worker", changes.query),
    headers: headersOf(changes),
    body: changes.body ?? JSON.stringify({ jsonrpc: "2.0", id: "r-1", method, params }),
  };
}

export function a2aRest(method: string, below: string, changes: A2aChanges = {}): Changes {
  return {
    method,
    path: at(`/a2a/worker${below}`, changes.query),
    headers: headersOf(changes),
    body: changes.body,
  };
}

export function a2aGrpc(name: string, changes: A2aChanges = {}): Changes {
  return {
    path: `/lf.a2a.v1.A2AService/${name}`,
    headers: { "content-type": "application/grpc", ...headersOf(changes) },
    body: undefined,
  };
}
