/** Every fuzz target, in the order in which they run. */
import type { FuzzTarget } from "../target.ts";
import { a2a } from "./a2a.ts";
import { bundle, configuration, registry } from "./files.ts";
import { json } from "./json.ts";
import { apiKeyFile, revocationList } from "./lists.ts";
import { mcpMetadata } from "./mcp-metadata.ts";
import { path } from "./path.ts";
import { plan } from "./plan.ts";
import { headers, jsonRpc, sarkDocument, wholeRequest } from "./requests.ts";
import { compactToken, jwks } from "./tokens.ts";

export const TARGETS: readonly FuzzTarget[] = [
  wholeRequest,
  path,
  headers,
  json,
  jsonRpc,
  mcpMetadata,
  sarkDocument,
  a2a,
  compactToken,
  jwks,
  revocationList,
  apiKeyFile,
  bundle,
  plan,
  configuration,
  registry,
];
