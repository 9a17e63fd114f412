/**
 * Plain HTTP routes: what is asked for is the route itself, to read or to write.
 *
 * @module
 */

import { NO_JSON } from "../json/json-node.ts";
import { requireBody } from "./body-rules.ts";
import { httpEcho, httpResource, type Meaning, type PlacedRequest } from "./surface.ts";

const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);
/** Methods with a name of their own; any other is recorded as one, because callers can make them up. */
const KNOWN: ReadonlySet<string> = new Set([
  ...READING,
  "DELETE",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
]);
const OTHER = "OTHER";

export function readHttp(placed: PlacedRequest): Meaning {
  const { attributes, headers, route } = placed;
  const { method } = attributes;
  if (route.body === "required") requireBody(attributes, headers, placed.bodyBytesMax);
  return {
    operation: KNOWN.has(method) ? method : OTHER,
    action: READING.has(method) ? "http:read" : "http:write",
    resource: httpResource(route),
    parameters: NO_JSON,
    untrusted: NO_JSON,
    treatment: "policy",
    echo: httpEcho(headers),
  };
}
