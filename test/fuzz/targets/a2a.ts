/** A2A requests: a task or address that a lenient reader finds is one that was read, or refused. */
import type { AuthzRequest } from "../../../src/domain/request.ts";
import { checkRequest } from "../../support/check-request.ts";
import { type FuzzTarget, requireHolds } from "../target.ts";
import { JSON_HEADERS, readBytes, signature } from "./requests.ts";

type Fields = Readonly<Record<string, unknown>>;

const message = { messageId: "m", taskId: "t-1", contextId: "c", parts: [{ text: "hello" }] };
const push = { url: "https://hooks.example/n" };
const rpc = (method: string, params: object) =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });

/** First line: HTTP method, path behind the prefix, version; then the body. */
const SEEDS: readonly string[] = [
  `POST / 1.0\n${rpc("SendMessage", { message, configuration: { taskPushNotificationConfig: push } })}`,
  `POST / 0.3\n${rpc("message/send", { message, configuration: { pushNotificationConfig: push } })}`,
  `POST / 1.0\n${rpc("GetTask", { id: "t-1", tenant: "acme" })}`,
  `POST / 0.3\n${rpc("tasks/pushNotificationConfig/get", { id: "t-1", pushNotificationConfigId: "p" })}`,
  `POST /message:send 1.0\n${JSON.stringify({ message, tenant: "acme" })}`,
  `POST /v1/message:stream 0.3\n${JSON.stringify({ request: message })}`,
  "GET /acme/tasks/t-1?tenant=acme 1.0\n",
  'POST /tasks/t-1:cancel 1.0\n{"id":"t-1"}',
  "GET /v1/tasks/t-1:subscribe 0.3\n",
  `POST /tasks/t-1/pushNotificationConfigs 1.0\n${JSON.stringify(push)}`,
  "DELETE /tasks/t-1/pushNotificationConfigs/p-1 1.0\n",
  "GET /.well-known/agent-card.json 1.0\n",
];

export const a2a: FuzzTarget = {
  name: "a2a",
  weight: 1,
  seeds: () => SEEDS.map((text) => Buffer.from(text)),
  dictionary: [
    ...[
      " 1.0\n",
      " 0.3\n",
      "/v1",
      "/tasks",
      ":cancel",
      ":subscribe",
      "%3A",
      "%2f",
      "?tenant=",
      ";",
    ],
    ...['"taskId"', '"task_id"', '"TaskId"', '"message"', '"request"', '"parts"', '"url"', '"URL"'],
    ...['"GetTask"', '"tasks/get"', '"SendMessage"', "https://", "http://127.0.0.1", "\\\\", "@"],
  ],
  run: (input) => {
    const end = input.indexOf("\n");
    if (end < 0) return "no head";
    const [method = "", below = "", version = ""] = input.toString("latin1", 0, end).split(" ");
    const body = input.subarray(end + 1);
    const read = readBytes(
      checkRequest({
        method,
        path: `/a2a/worker${below === "/" ? "" : below}`,
        headers: { ...JSON_HEADERS, "a2a-version": version },
        ...(body.length === 0 ? {} : { body }),
      }),
    );
    if (typeof read !== "string" && read.a2a !== undefined) agrees(read, below, body);
    return signature(read);
  },
};

function agrees(read: AuthzRequest, below: string, body: Buffer): void {
  const facts = read.a2a;
  const path = below.split("?")[0] ?? "";
  const inPath = /\/tasks\/([^/]+?)(?::cancel|:subscribe)?(?:\/|$)/.exec(decodeURIComponent(path));
  if (facts?.binding === "rest" && inPath !== null) {
    requireHolds(inPath[1] === facts.taskId, "the task of the decoded path");
  }
  if (body.length === 0) return;
  const root = fieldsOf(JSON.parse(body.toString()));
  const params = facts?.binding === "jsonrpc" ? fieldsOf(root["params"]) : root;
  const configuration = fieldsOf(params["configuration"]);
  for (const holder of [fieldsOf(params["message"]), fieldsOf(params["request"]), params]) {
    const task = holder["taskId"] ?? holder["task_id"];
    requireHolds(!isSet(task) || task === facts?.taskId, "the task of the body");
  }
  for (const name of ["taskPushNotificationConfig", "pushNotificationConfig", "pushNotification"]) {
    const { url } = fieldsOf(configuration[name]);
    if (!isSet(url) || facts?.operation.startsWith("Send") !== true) continue;
    const isSeen = !facts.isPushUrlValid || new URL(String(url)).host === facts.pushHost;
    requireHolds(isSeen, "the host of the push notification");
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
