/**
 * The reference configuration with other addresses, and its named variants for tests. `envoy.yaml` is
 * the only source: a variant is read from it and changed in a few places.
 *
 * @module
 */
import { parse } from "yaml";

export interface GatewayAddresses {
  /** Where clients connect on 127.0.0.1; 0 lets the system choose. */
  readonly gatewayPort: number;
  /** Envoy's admin interface on 127.0.0.1; 0 lets the system choose. */
  readonly adminPort: number;
  /** Each sidecar process: `unix:/path` or `127.0.0.1:9191`. */
  readonly sidecars: readonly string[];
  readonly upstreamPort: number;
  readonly pythonPort: number;
  /** Towards clients; absent = plain text, as in the file. */
  readonly clientTls?: ClientTls | undefined;
}

/** PEM files. A client may show a certificate; one that the CA did not sign ends the connection. */
export interface ClientTls {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

interface Address {
  pipe?: { path: string };
  socket_address?: { address: string; port_value: number };
}

interface Cluster {
  name: string;
  load_assignment: {
    endpoints: { lb_endpoints: { endpoint: { address: Address } }[] }[];
  };
}

interface Filter {
  name: string;
  typed_config: Record<string, unknown>;
}

interface GrpcService {
  timeout: string;
  retry_policy: { retry_back_off: { max_interval: string } };
}

interface MutationRules {
  allow_expression: { regex: string };
}

interface Route {
  match: { path?: string; path_separated_prefix?: string; prefix?: string };
  route: Record<string, unknown>;
  typed_per_filter_config?: Record<string, PerRoute>;
}

interface PerRoute {
  "@type": string;
  [option: string]: unknown;
  disabled?: boolean;
  config?: object;
  check_settings?: { context_extensions: Record<string, string> };
}

interface Manager {
  [option: string]: unknown;
  http_filters: Filter[];
  route_config: { virtual_hosts: { routes: Route[] }[] };
}

interface Bootstrap {
  admin: { address: Address };
  static_resources: {
    listeners: {
      address: Address;
      filter_chains: { filters: { typed_config: Manager }[]; transport_socket?: object }[];
    }[];
    clusters: Cluster[];
  };
}

/** As envoy/README.md shows it. */
const CORS: PerRoute = {
  "@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
  allow_origin_string_match: [{ exact: "https://app.example" }],
  allow_methods: "POST, GET, DELETE",
  allow_headers:
    "authorization, content-type, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name",
  expose_headers: "www-authenticate, mcp-session-id",
};

/** What each variant changes in the connection manager. */
export const VARIANTS = {
  /** The file as it is. */
  reference: () => {},

  /** None of Envoy's own protection and a route for every path: the sidecar has to refuse by itself. */
  unhardened: (manager: Manager) => {
    const { routes } = first(manager.route_config.virtual_hosts);
    routes.push({ match: { prefix: "/" }, route: { cluster: "upstream" } });
    delete manager["early_header_mutation_extensions"];
    manager["normalize_path"] = false;
    manager["merge_slashes"] = false;
    manager["path_with_escaped_slashes_action"] = "KEEP_UNCHANGED";
    manager["common_http_protocol_options"] = { headers_with_underscores_action: "ALLOW" };
    manager["upgrade_configs"] = [{ upgrade_type: "websocket" }];
    for (const filter of checkFilters(manager)) {
      filter.typed_config["with_request_body"] = {
        max_request_bytes: 65_536,
        allow_partial_message: true,
        pack_as_bytes: true,
      };
    }
  },

  /** Beside the reference routes `/mcp/observed` and `/observed`: evaluated, never enforced. */
  "observed-routes": (manager: Manager) => {
    const { routes } = first(manager.route_config.virtual_hosts);
    const mcp = first(routes.filter((route) => route.match.path === "/mcp/demo"));
    const app = first(routes.filter((route) => route.match.path_separated_prefix === "/app"));
    routes.unshift(
      observedCopy(mcp, "/mcp/observed", "mcp-observed"),
      observedCopy(app, "/observed", "observed"),
    );
  },

  /** The sidecar may also say how long an answer goes on, as `mcp.bound_streams` needs it. */
  "bounded-streams": (manager: Manager) => {
    for (const filter of checkFilters(manager)) {
      const rules = filter.typed_config["decoder_header_mutation_rules"] as MutationRules;
      const { regex } = rules.allow_expression;
      rules.allow_expression.regex = regex.replace(/\)\$$/, "|x-envoy-upstream-rq-timeout-ms)$");
    }
  },

  /** Pages of one origin may call `/mcp/demo`. */
  "browser-pages": (manager: Manager) => {
    const { routes } = first(manager.route_config.virtual_hosts);
    const mcp = first(routes.filter((route) => route.match.path === "/mcp/demo"));
    mcp.typed_per_filter_config = {
      ...mcp.typed_per_filter_config,
      "envoy.filters.http.cors": CORS,
    };
  },

  /** The agent of `/a2a/worker` over gRPC as well: a stream is decided without its messages. */
  "a2a-grpc": (manager: Manager) => {
    const { routes } = first(manager.route_config.virtual_hosts);
    const agent = first(
      routes.filter((route) => route.match.path_separated_prefix === "/a2a/worker"),
    );
    const grpc = structuredClone(agent);
    grpc.match = { path_separated_prefix: "/lf.a2a.v1.A2AService" };
    const settings = strictSettings(grpc);
    extend(settings, { "sark.route": "a2a-grpc" });
    Object.assign(settings.check_settings ?? {}, { disable_request_body_buffering: true });
    routes.unshift(grpc);
  },

  /** For client libraries: `/mcp/demo` leads to an upstream that serves `/mcp`. */
  "sdk-routes": (manager: Manager) => {
    const { routes } = first(manager.route_config.virtual_hosts);
    const mcp = first(routes.filter((route) => route.match.path === "/mcp/demo"));
    mcp.route["prefix_rewrite"] = "/mcp";
  },

  /** Waits for the sidecar much longer than anybody should, so that a test can act meanwhile. */
  patient: (manager: Manager) => {
    for (const filter of checkFilters(manager)) {
      const service = filter.typed_config["grpc_service"] as GrpcService;
      service.timeout = "10s";
      service.retry_policy.retry_back_off.max_interval = "10s";
    }
  },

  /** Envoy reads MCP bodies too, and the sidecar insists that both have read the same. */
  "mcp-both": (manager: Manager) => readMcpHere(manager, "both"),

  /** Envoy alone reads MCP bodies; the sidecar gets none. */
  "mcp-metadata": (manager: Manager) => {
    readMcpHere(manager, "metadata");
    for (const filter of checkFilters(manager)) delete filter.typed_config["with_request_body"];
  },

  /** Every route carries a key that the sidecar does not know: its answer is an error. */
  "unknown-key": (manager: Manager) => {
    for (const route of first(manager.route_config.virtual_hosts).routes) {
      for (const settings of Object.values(route.typed_per_filter_config ?? {})) {
        extend(settings, { "sark.unknown": "1" });
      }
    }
  },
} satisfies Record<string, (manager: Manager) => void>;
export type Variant = keyof typeof VARIANTS;

/** Envoy's bootstrap as JSON text, which Envoy reads like YAML. */
export function gatewayConfig(
  reference: string,
  addresses: GatewayAddresses,
  variant: Variant = "reference",
): string {
  const bootstrap = parse(reference) as Bootstrap;
  bootstrap.admin.address = addressOf(`127.0.0.1:${addresses.adminPort}`);
  const listener = first(bootstrap.static_resources.listeners);
  listener.address = addressOf(`127.0.0.1:${addresses.gatewayPort}`);

  const { clusters } = bootstrap.static_resources;
  setEndpoints(clusters, "sark_authz", addresses.sidecars);
  setEndpoints(clusters, "upstream", [`127.0.0.1:${addresses.upstreamPort}`]);
  setEndpoints(clusters, "python", [`127.0.0.1:${addresses.pythonPort}`]);

  const chain = first(listener.filter_chains);
  const { clientTls } = addresses;
  if (clientTls !== undefined) chain.transport_socket = tlsSocket(clientTls);
  VARIANTS[variant](first(chain.filters).typed_config);
  return JSON.stringify(bootstrap, undefined, 2);
}

function tlsSocket({ certificateFile, keyFile, caFile }: ClientTls): object {
  const certificate = {
    certificate_chain: { filename: certificateFile },
    private_key: { filename: keyFile },
  };
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
      common_tls_context: {
        tls_certificates: [certificate],
        validation_context: { trusted_ca: { filename: caFile } },
      },
    },
  };
}

function setEndpoints(clusters: Cluster[], name: string, addresses: readonly string[]): void {
  const cluster = first(clusters.filter((candidate) => candidate.name === name));
  cluster.load_assignment.endpoints = [
    {
      lb_endpoints: addresses.map((address) => ({ endpoint: { address: addressOf(address) } })),
    },
  ];
}

function addressOf(text: string): Address {
  if (text.startsWith("unix:")) return { pipe: { path: text.slice("unix:".length) } };
  const colon = text.lastIndexOf(":");
  return {
    socket_address: { address: text.slice(0, colon), port_value: Number(text.slice(colon + 1)) },
  };
}

function checkFilters(manager: Manager): Filter[] {
  return manager.http_filters.filter((filter) => filter.name.startsWith("sark.authz."));
}

/** Switches Envoy's MCP filter on for the MCP route and tells the sidecar what to make of it. */
function readMcpHere(manager: Manager, source: string): void {
  const { routes } = first(manager.route_config.virtual_hosts);
  const mcp = first(routes.filter((route) => route.match.path === "/mcp/demo"));
  extend(strictSettings(mcp), { "sark.mcp_source": source });
  mcp.typed_per_filter_config = {
    ...mcp.typed_per_filter_config,
    "envoy.filters.http.mcp": {
      "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig",
      disabled: false,
      config: {},
    },
  };
}

/** Moved to the filter that fails open, as every route that does not enforce has to be. */
function observedCopy(original: Route, path: string, name: string): Route {
  const copy = structuredClone(original);
  const strict = strictSettings(copy);
  extend(strict, { "sark.route": name, "sark.mode": "observe" });
  copy.match = { path };
  copy.typed_per_filter_config = {
    "sark.authz.strict": { "@type": strict["@type"], disabled: true },
    "sark.authz.migration": strict,
  };
  return copy;
}

function strictSettings(route: Route): PerRoute {
  const settings = route.typed_per_filter_config?.["sark.authz.strict"];
  return first(settings === undefined ? [] : [settings]);
}

function extend(settings: PerRoute, keys: Record<string, string>): void {
  Object.assign(settings.check_settings?.context_extensions ?? {}, keys);
}

function first<Item>(items: readonly Item[]): Item {
  const item = items[0];
  if (item === undefined) throw new TypeError("the reference configuration has changed its shape");
  return item;
}
