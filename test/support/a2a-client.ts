/** A client of one interface of an agent's card: a binding in a version. */
import { AgentCard, SendMessageRequest } from "@a2a-js/sdk";
import {
  type Client,
  ClientFactory,
  createAuthenticatingFetchWithRetry,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from "@a2a-js/sdk/client";
import { type CountingFetch, countingFetch } from "./counting-fetch.ts";
import { AGENT_ORIGIN, AGENT_PATH } from "./upstream-agent.ts";

export interface AgentClient {
  readonly client: Client;
  readonly card: AgentCard;
  readonly http: CountingFetch;
}

export interface AgentClientOptions {
  /** Of the agent, or of the gateway before it. */
  readonly port: number;
  readonly binding: "JSONRPC" | "HTTP+JSON";
  readonly version: "1.0" | "0.3";
  readonly token?: string | undefined;
  /** Asked for after a 401. */
  readonly renew?: () => Promise<string>;
}

/** The card is read without a credential. */
export async function agentClient(options: AgentClientOptions): Promise<AgentClient> {
  const { token, renew, binding, version } = options;
  const http = countingFetch({ origins: { [AGENT_ORIGIN]: `http://127.0.0.1:${options.port}` } });
  const headers = (value?: string): Record<string, string> =>
    value === undefined ? {} : { Authorization: `Bearer ${value}` };
  const fetchImpl = createAuthenticatingFetchWithRetry(http.fetch, {
    headers: async () => headers(token),
    shouldRetryWithHeaders: async (_request, response) =>
      response.status === 401 && renew !== undefined ? headers(await renew()) : undefined,
  });
  const resolver = new DefaultAgentCardResolver({ fetchImpl: http.fetch });
  const url = `${AGENT_ORIGIN}${AGENT_PATH}/.well-known/agent-card.json`;
  const card = await resolver.resolve(url, "");
  const legacyCompat = { enabled: true };
  const factory = new ClientFactory({
    transports: [
      new JsonRpcTransportFactory({ fetchImpl, legacyCompat }),
      new RestTransportFactory({ fetchImpl, legacyCompat }),
    ],
  });
  const supportedInterfaces = card.supportedInterfaces.filter(
    (one) => one.protocolBinding === binding && one.protocolVersion === version,
  );
  const client = await factory.createFromAgentCard({ ...card, supportedInterfaces });
  return { client, card: AgentCard.fromJSON(AgentCard.toJSON(card)), http };
}

/** `configuration` as the protocol's JSON writes it. */
export function sayTo(text: string, configuration?: object): SendMessageRequest {
  return SendMessageRequest.fromJSON({
    message: {
      messageId: crypto.randomUUID(),
      role: "ROLE_USER",
      parts: [{ text, mediaType: "text/plain" }],
    },
    ...(configuration === undefined ? {} : { configuration }),
  });
}
