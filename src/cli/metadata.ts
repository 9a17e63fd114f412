/**
 * `metadata`: the protected-resource documents of the MCP routes, alone or as routes to paste into
 * Envoy's configuration.
 *
 * @module
 */
import { type ResourceDocument, resourceDocuments } from "../config/resource-metadata.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { loadConfig } from "./load-config.ts";
import type { Terminal } from "./terminal.ts";

export async function metadata(
  file: string,
  isEnvoy: boolean,
  terminal: Terminal,
): Promise<number> {
  const { routes } = await loadConfig(file, terminal.env);
  const documents = resourceDocuments(routes);
  if (documents.length === 0) {
    terminal.tell("no route lists mcp.authorization_servers, so there is no document");
    return EXIT_CODE.negative;
  }
  if (isEnvoy) for (const document of documents) terminal.print(envoyRoutes(document));
  else {
    const byUrl = documents.map(({ url, document }) => [url, document]);
    terminal.print(JSON.stringify(Object.fromEntries(byUrl), undefined, 2));
  }
  return EXIT_CODE.success;
}

/**
 * The check is switched off for exactly this path: whoever wants a token has none yet. GET gives the
 * document, and the second route answers every other method, so that none reaches an upstream.
 */
function envoyRoutes({ path, document }: ResourceDocument): string {
  const quotedPath = JSON.stringify(path);
  const unchecked = `typed_per_filter_config:
    sark.authz.strict:
      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute
      disabled: true`;
  // In YAML's single quotes only a quote itself has to be written twice.
  const body = JSON.stringify(document).replaceAll("'", "''");
  return `- match:
    path: ${quotedPath}
    headers: [{ name: ":method", string_match: { exact: GET } }]
  direct_response:
    status: 200
    body:
      inline_string: '${body}'
  response_headers_to_add:
    - header: { key: content-type, value: application/json }
      append_action: OVERWRITE_IF_EXISTS_OR_ADD
  ${unchecked}
- match: { path: ${quotedPath} }
  direct_response: { status: 405 }
  response_headers_to_add:
    - header: { key: allow, value: GET }
  ${unchecked}`;
}
