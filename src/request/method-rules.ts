/**
 * Which HTTP methods are taken, and that nothing beside the method changes what it means.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { OVERRIDE_HEADERS } from "./header-rules.ts";
import type { RequestHeaders } from "./request-headers.ts";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/;
/** Tunnels and echoes: nothing that could be decided on. */
const REFUSED: ReadonlySet<string> = new Set(["CONNECT", "TRACE"]);
const UPGRADE_IN_CONNECTION = /(?:^|,)[ \t]*upgrade[ \t]*(?:,|$)/i;

/** @throws {DenyError} `method.refused`, `method.override` */
export function checkMethod(method: string, headers: RequestHeaders): void {
  if (!TOKEN.test(method) || REFUSED.has(method.toUpperCase())) {
    throw new DenyError("method.refused", "the method is not served");
  }
  for (const name of OVERRIDE_HEADERS) {
    if (headers.get(name) !== undefined) {
      throw new DenyError("method.override", "a header names another method");
    }
  }
}

/**
 * After an upgrade nothing is checked any more, so there is none.
 *
 * @throws {DenyError} `upgrade.refused`
 */
export function checkUpgrade(headers: RequestHeaders): void {
  const connection = headers.get("connection");
  const isUpgrade =
    headers.get("upgrade") !== undefined ||
    (connection !== undefined && UPGRADE_IN_CONNECTION.test(connection));
  if (isUpgrade) throw new DenyError("upgrade.refused", "no route is upgraded");
}
