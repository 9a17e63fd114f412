/**
 * The JSON-RPC 2.0 envelope: one message per body, which is a call, a notification, or the answer to a
 * call of the other side.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { RPC_ID_BYTES_MAX } from "../domain/limits.ts";
import type { Echo } from "../domain/request.ts";
import type { JsonNode } from "../json/json-node.ts";

export interface RpcCall {
  readonly method: string;
  readonly params: JsonNode | undefined;
  readonly echo: Echo;
}

const METHOD = /^[A-Za-z0-9_./$-]{1,128}$/;
const INTEGER = /^-?[0-9]+$/;

/** The id, when it is one that may be sent back. An answer's id belongs to the other side's calls. */
export function echoOf(root: JsonNode, isModern: boolean): Echo {
  const id = root.member("id");
  const isAnswer = isRpcAnswer(root);
  const rpcId = id !== undefined && !isAnswer && isValidId(id) ? id.json : undefined;
  const isNotification = isAnswer || (root.kind === "object" && id === undefined);
  return { dialect: "jsonrpc", rpcId, isNotification, isModern };
}

/** True for the answer to a call, well-formed or not. */
export function isRpcAnswer(root: JsonNode): boolean {
  return root.member("method") === undefined && hasAnswer(root);
}

/**
 * `echo` is of the same `root`.
 *
 * @throws {DenyError} `rpc.*`
 */
export function readRpcCall(root: JsonNode, echo: Echo): RpcCall {
  requireEnvelope(root);
  if (isRpcAnswer(root)) {
    throw new DenyError("rpc.response_unexpected", "no request is waiting for an answer");
  }
  const name = root.member("method")?.text;
  if (name === undefined || !METHOD.test(name)) throw invalid("there is no valid method");
  if (hasAnswer(root) || root.hasOtherMembers) {
    throw invalid("a member does not belong to a call");
  }
  requireId(root.member("id"));
  const params = root.member("params");
  if (params !== undefined && params.kind !== "object") {
    throw new DenyError("rpc.params_invalid", "params is not an object");
  }
  return { method: name, params, echo };
}

/**
 * For a `root` that is an answer.
 *
 * @throws {DenyError} `rpc.*` unless it is a well-formed one
 */
export function requireRpcAnswer(root: JsonNode): void {
  requireEnvelope(root);
  const isOne = (root.member("result") === undefined) !== (root.member("error") === undefined);
  if (!isOne || root.hasOtherMembers || root.member("params") !== undefined) {
    throw invalid("a member does not belong to an answer");
  }
  const id = root.member("id");
  if (id === undefined) throw new DenyError("rpc.id_invalid", "an answer has no id");
  requireId(id);
}

function requireEnvelope(root: JsonNode): void {
  if (root.kind === "array") throw new DenyError("rpc.batch", "batches are not read");
  if (root.kind !== "object") throw invalid("the body is no JSON-RPC message");
  if (root.member("jsonrpc")?.text !== "2.0") throw invalid("the version is not 2.0");
}

function requireId(id: JsonNode | undefined): void {
  if (id === undefined || isValidId(id)) return;
  throw new DenyError("rpc.id_invalid", "the id is neither a short string nor a safe integer");
}

function hasAnswer(root: JsonNode): boolean {
  return root.member("result") !== undefined || root.member("error") !== undefined;
}

/** The strict reader has bounded integers already. */
function isValidId(id: JsonNode): boolean {
  if (id.kind === "number") return INTEGER.test(id.json);
  const { text } = id;
  return text !== undefined && Buffer.byteLength(text) <= RPC_ID_BYTES_MAX;
}

function invalid(message: string): DenyError {
  return new DenyError("rpc.invalid", message);
}
