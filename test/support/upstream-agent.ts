/** An agent that speaks A2A 1.0 and 0.3 over JSON-RPC and REST, made with the protocol's own library. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { AgentCard, type Part, Role, TaskState } from "@a2a-js/sdk";
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  type ExecutionEventBus,
  InMemoryPushNotificationStore,
  InMemoryTaskStore,
  type RequestContext,
} from "@a2a-js/sdk/server";
import {
  agentCardHandler,
  jsonRpcHandler,
  restHandler,
  UserBuilder,
} from "@a2a-js/sdk/server/express";
import express from "express";

/** Where the card says the agent is; clients replace it by the agent itself or by the gateway. */
export const AGENT_ORIGIN = "http://agent.example";
export const AGENT_PATH = "/a2a/worker";

/** A message with this text starts a task that lasts until it is canceled. */
export const ENDLESS = "work";

export interface AgentServer {
  readonly port: number;
  close(): Promise<void>;
}

const INTERFACES = ["1.0", "0.3"].flatMap((protocolVersion) =>
  ["JSONRPC", "HTTP+JSON"].map((protocolBinding) => ({
    url: `${AGENT_ORIGIN}${AGENT_PATH}`,
    protocolBinding,
    protocolVersion,
  })),
);

const card = (name: string): AgentCard =>
  AgentCard.fromJSON({
    name,
    description: "Answers, or works until it is told to stop.",
    version: "1.0.0",
    supportedInterfaces: INTERFACES,
    capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: true },
    defaultInputModes: ["text/plain"],
    defaultOutputModes: ["text/plain"],
    skills: [{ id: "answer", name: "Answer", description: "Answers", tags: ["text"] }],
  });

export async function startAgent(): Promise<AgentServer> {
  const requestHandler = new DefaultRequestHandler(
    card("worker"),
    new InMemoryTaskStore(),
    executor(),
    undefined,
    new InMemoryPushNotificationStore(),
    undefined, // nothing is ever pushed
    card("worker, extended"),
  );
  const options = {
    requestHandler,
    userBuilder: UserBuilder.noAuthentication,
    legacyCompat: { enabled: true },
  };
  const app = express();
  app.use(
    `${AGENT_PATH}/.well-known/agent-card.json`,
    agentCardHandler({ agentCardProvider: requestHandler, legacyCompat: { enabled: true } }),
  );
  app.use(AGENT_PATH, jsonRpcHandler(options));
  app.use(AGENT_PATH, restHandler(options));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function executor(): AgentExecutor {
  const stops = new Map<string, () => void>();
  return {
    execute: async (request, bus) => {
      publishTask(request, bus);
      publishStatus(request, bus, TaskState.TASK_STATE_WORKING);
      if (textOf(request.userMessage.parts) === ENDLESS) {
        const stopped = Promise.withResolvers<void>();
        stops.set(request.taskId, stopped.resolve);
        await stopped.promise;
        publishStatus(request, bus, TaskState.TASK_STATE_CANCELED);
      } else {
        publishArtifact(request, bus);
        publishStatus(request, bus, TaskState.TASK_STATE_COMPLETED);
      }
      bus.finished();
    },
    cancelTask: async (taskId) => stops.get(taskId)?.(),
  };
}

type TaskIds = Pick<RequestContext, "taskId" | "contextId">;

function publishTask(request: RequestContext, bus: ExecutionEventBus): void {
  bus.publish(
    AgentEvent.task({
      id: request.taskId,
      contextId: request.contextId,
      status: { state: TaskState.TASK_STATE_SUBMITTED, message: undefined, timestamp: undefined },
      artifacts: [],
      history: [request.userMessage],
      metadata: undefined,
    }),
  );
}

function publishStatus({ taskId, contextId }: TaskIds, bus: ExecutionEventBus, state: TaskState) {
  const status = { state, message: undefined, timestamp: new Date().toISOString() };
  bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status, metadata: undefined }));
}

function publishArtifact(request: RequestContext, bus: ExecutionEventBus): void {
  const answer = `${Role[request.userMessage.role]} said ${textOf(request.userMessage.parts)}`;
  bus.publish(
    AgentEvent.artifactUpdate({
      taskId: request.taskId,
      contextId: request.contextId,
      artifact: {
        artifactId: "answer",
        name: "answer",
        description: "",
        parts: [textPart(answer)],
        metadata: undefined,
        extensions: [],
      },
      append: false,
      lastChunk: true,
      metadata: undefined,
    }),
  );
}

const textPart = (value: string): Part => ({
  content: { $case: "text", value },
  metadata: undefined,
  filename: "",
  mediaType: "text/plain",
});

function textOf(parts: readonly Part[]): string {
  const content = parts[0]?.content;
  return content?.$case === "text" ? content.value : "";
}
