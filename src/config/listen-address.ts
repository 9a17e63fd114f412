/**
 * Where a listener binds: `unix:/path`, `host:port` or `[ipv6]:port`.
 *
 * @module
 */
export type ListenAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

const TCP = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})$/;
const PORT_MAX = 65_535;
/** `sun_path` holds 108 bytes with its closing zero. */
const SOCKET_PATH_BYTES_MAX = 107;

/** Undefined when the text is no address. Port 0 lets the system choose. */
export function readListenAddress(text: string): ListenAddress | undefined {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    const isUsable = path !== "" && Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX;
    return isUsable ? { kind: "unix", path } : undefined;
  }
  const parts = TCP.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host === undefined || port > PORT_MAX ? undefined : { kind: "tcp", host, port };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}
