/**
 * The JSON-RPC 2.0 envelope: one call or notification per body.
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

/** The id, when it is one that may be sent back. */
export function echoOf(root: JsonNode, isModern: boolean): Echo {
  const id = root.member("id");
  const rpcId = id !== undefined && isValidId(id) ? id.json : undefined;
  const isNotification = root.kind === "object" && id === undefined;
  return { dialect: "jsonrpc", rpcId, isNotification, isModern };
}

/**
 * `echo` is of the same `root`.
 *
 * @throws {DenyError} `rpc.*`
 */
export function readRpcCall(root: JsonNode, echo: Echo): RpcCall {
  if (root.kind === "array") throw new DenyError("rpc.batch", "batches are not read");
  if (root.kind !== "object") throw invalid("the body is no JSON-RPC message");
  if (root.member("jsonrpc")?.text !== "2.0") throw invalid("the version is not 2.0");

  const hasAnswer = root.member("result") !== undefined || root.member("error") !== undefined;
  const method = root.member("method");
  if (method === undefined && hasAnswer) {
    throw new DenyError("rpc.response_unexpected", "no request is waiting for an answer");
  }
  const name = method?.text;
  if (name === undefined || !METHOD.test(name)) throw invalid("there is no valid method");
  if (hasAnswer || root.hasOtherMembers) throw invalid("a member does not belong to a call");
  if (root.member("id") !== undefined && echo.rpcId === undefined) {
    throw new DenyError("rpc.id_invalid", "the id is neither a short string nor a safe integer");
  }
  const params = root.member("params");
  if (params !== undefined && params.kind !== "object") {
    throw new DenyError("rpc.params_invalid", "params is not an object");
  }
  return { method: name, params, echo };
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
