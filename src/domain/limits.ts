/**
 * Every bound of the service that is not configuration, with its unit in the name and its reason.
 *
 * @module
 */

/** Largest HTTP header value that is read; Envoy's own limit for one value. */
export const HEADER_VALUE_BYTES_MAX = 16_384;
export const HEADER_NAME_BYTES_MAX = 256;
/** Envoy is configured to the same number (`max_headers_count`). */
export const HEADER_COUNT_MAX = 100;
/** Names and values together; Envoy's `max_request_headers_kb: 60`. */
export const HEADER_BLOCK_BYTES_MAX = 61_440;

export const PATH_BYTES_MAX = 8_192;
export const QUERY_BYTES_MAX = 8_192;
export const QUERY_PAIRS_MAX = 100;
export const HOST_BYTES_MAX = 255;

/** Deeper JSON is refused before any object is built. */
export const JSON_DEPTH_MAX = 32;
/** Members and array elements of one body. */
export const JSON_MEMBERS_MAX = 10_000;
/** Array elements that mean something to a protocol (parts, URIs), in one body. */
export const JSON_LEVEL_ELEMENTS_MAX = 1_024;
export const JSON_NUMBER_CHARACTERS_MAX = 64;

export const TOKEN_BYTES_MAX = 8_192;
export const TOKEN_BYTES_MIN = 32;
/** Depth of a token's header and payload. */
export const TOKEN_JSON_DEPTH_MAX = 8;
export const TOKEN_JSON_MEMBERS_MAX = 64;
export const TOKEN_HEADER_BYTES_MAX = 1_024;
export const TOKEN_PAYLOAD_BYTES_MAX = 6_144;

export const USER_ID_CHARACTERS_MAX = 256;
export const AGENT_ID_CHARACTERS_MAX = 128;
export const SERVER_NAME_BYTES_MAX = 255;
export const REQUEST_ID_CHARACTERS_MAX = 128;
export const RPC_ID_BYTES_MAX = 256;
export const MCP_SESSION_ID_BYTES_MAX = 128;
export const MCP_URI_BYTES_MAX = 2_048;
export const MCP_TASK_ID_BYTES_MAX = 256;
/** Resources that one subscription may name: each is decided by itself. */
export const MCP_SUBSCRIPTIONS_MAX = 64;
/** Caller-claimed parts (`context`, `gateway_metadata`, …), each as JSON text. */
export const UNTRUSTED_BYTES_MAX = 8_192;
export const MESSAGE_TYPE_BYTES_MAX = 64;
export const ENVIRONMENT_BYTES_MAX = 64;

export const ROLES_MAX = 64;
export const TEAMS_MAX = 128;
export const PERMISSIONS_MAX = 256;
export const SCOPES_MAX = 64;
export const CAPABILITIES_MAX = 64;
/** SARK: an agent may act through at most two others. */
export const DELEGATION_DEPTH_MAX = 2;
/** Nested `act` claims that are read at all. */
export const ACTOR_DEPTH_MAX = 4;

/** Bodies of denials and errors, below Envoy's smallest cut. */
export const DENIAL_BODY_BYTES_MAX = 4_096;
/** A SARK decision document with its filtered parameters; Envoy's migration filter allows as much. */
export const DECISION_BODY_BYTES_MAX = 131_072;
/** A whole encoded CheckResponse; Envoy's `max_receive_message_length`. */
export const REPLY_BYTES_MAX = 262_144;
export const REPLY_HEADERS_MAX = 32;
export const REPLY_MUTATION_BYTES_MAX = 16_384;
export const REPLY_HEADER_VALUE_BYTES_MAX = 8_192;
/** A stream that is bound to its token lives no longer than this, however long the token does. */
export const STREAM_MS_MAX = 3_600_000;
/** Of a token in its last moments: Envoy reads 0 as no bound at all. */
export const STREAM_MS_MIN = 1_000;
export const REASON_TEXT_CHARACTERS_MAX = 256;

/** Policy input as JSON, so that WebAssembly memory stays small. */
export const POLICY_INPUT_BYTES_MAX = 262_144;

/** One audit line; longer ones are cut where a string allows it. */
export const RECORD_BYTES_MAX = 8_192;
/** Strings from outside in logs and records. */
export const RECORD_STRING_CHARACTERS_MAX = 256;

/** URLs inside A2A messages, and each of `A2A-Extensions` together. */
export const ADDRESS_BYTES_MAX = 2_048;
export const DNS_NAME_BYTES_MAX = 253;
export const DNS_LABEL_BYTES_MAX = 63;
export const A2A_EXTENSIONS_MAX = 16;
/** Each needs an evaluation of its own. */
export const A2A_REFERENCE_TASKS_MAX = 64;
/** Different hosts of the files of one message. */
export const A2A_PART_HOSTS_MAX = 64;
/** One revocation list, as its payload and with its signature around it. */
export const REVOCATION_LIST_BYTES_MAX = 16_777_216;
/** Base64url of the largest payload, with a header and a signature. */
export const REVOCATION_TEXT_CHARACTERS_MAX = 22_371_000;
export const REVOCATION_ENTRIES_MAX = 100_000;
/** Five members an entry, the entries themselves, and what stands around them. */
export const REVOCATION_MEMBERS_MAX = 6 * REVOCATION_ENTRIES_MAX + 16;
