/**
 * What the security tests must name: attacks on tokens, known bypasses of gateways, and every reason,
 * method and operation of the source. The ids of attacks and bypasses stand in the titles of tests.
 *
 * @module
 */
import { DENY_REASONS, ERROR_REASONS } from "../src/domain/reasons.ts";
import { A2A_OPERATION_NAMES } from "../src/domain/route.ts";
import {
  CLIENT_RESPONSE,
  MCP_HTTP_METHODS,
  MCP_METHODS,
  SERVER_METHODS,
} from "../src/request/mcp-methods.ts";
import { RULES } from "../src/request/rules.ts";

export interface CoverageRow {
  readonly id: string;
  readonly what: string;
}

export interface CoverageSection {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly CoverageRow[];
}

/** One line each: `id what`. */
function rows(text: string): readonly CoverageRow[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [id = "", ...words] = line.trim().split(" ");
      return { id, what: words.join(" ") };
    });
}

const TOKEN_ATTACKS = rows(`
  T1 algorithm none in any spelling or type
  T2 public key used as an HMAC secret
  T3 key or certificate embedded in the header
  T4 header points to somebody else's keys
  T5 signature empty, cut, or with one bit changed
  T6 ECDSA signature of zeros, of the curve's order, or in DER
  T7 weak or empty shared secret
  T8 key id as path, query, command, or far too long
  T9 another algorithm of the family, or another curve than the key's
  T10 white space, padding, other alphabets, junk behind the token
  T11 two, four or five segments, nested tokens, compression
  T12 repeated members, escaped spellings included
  T13 critical extensions and unencoded payloads
  T14 expiry absent, of a wrong type, huge, or past
  T15 not valid yet, or issued in the future
  T16 audience absent, similar, or for somebody else
  T17 issuer similar to a known one
  T18 tokens of another kind: id, refresh, agent for user and back
  T19 one issuer's token signed with another's key of the same id
  T20 keys that are not admitted
  T21 key documents that are hostile
  T22 a flood of unknown key ids
  T23 several credentials, or one in the query, a cookie or the body
  T24 spellings of the authorization header
  T25 forged claims behind a bad signature
  T26 subjects that break lines or displays
  T27 role claims of other types, or far too many
  T28 a revoked credential from every cache
  T29 expiry while cached, clocks that jump
  T30 key-bound tokens used as bearer tokens
  T31 wrong types in every header parameter and claim
  T32 random changes of valid tokens`);

const BYPASSES = rows(`
  B1 a path that a parser takes for an authority
  B2 a query hidden behind an encoded question mark
  B3 repeated headers of which one is checked
  B4 only one of Envoy's two header forms read
  B5 headers that only the gateway may set
  B6 members that differ in letter case
  B7 repeated members of which the last wins
  B8 a gRPC path without its slash
  B9 path parameters and dot segments with them
  B10 CONNECT, and requests without a path
  B11 upgrades
  B12 encoded slashes, backslashes, dots
  B13 fragments
  B14 bytes that are not UTF-8
  B15 trust in the original path a client names
  B16 letter case, dots and ports of hosts
  B17 certificate names with patterns or zeros
  B18 truncated bodies
  B19 bodies that are not parsed
  B20 batches
  B21 errors that a client forces
  B22 headers appended instead of overwritten
  B23 replies that contradict themselves
  B24 cached decisions for other questions
  B25 another route after the check
  B26 filters switched off by overlapping prefixes
  B27 key addresses that reach inside, or are redirected
  B28 method overrides
  B29 names of the prototype chain
  B30 deep nesting and hash flooding
  B31 lines injected into logs
  B32 a cold path that accepts weaker tokens`);

/** Every method of the source, whatever is done with it. */
const MCP = [
  ...MCP_METHODS.keys(),
  ...SERVER_METHODS,
  CLIENT_RESPONSE,
  ...MCP_HTTP_METHODS.keys(),
].map((id) => ({ id, what: "" }));
const READING = RULES.map(({ reason, refuses, relaxedBy }) => ({
  id: reason,
  what: relaxedBy === undefined ? refuses : `${refuses} (relaxed by path_allow: ${relaxedBy})`,
}));
const REASONS = [...DENY_REASONS, ...ERROR_REASONS].map((id) => ({ id, what: "" }));

export const SECTIONS: readonly CoverageSection[] = [
  {
    title: "Attacks on tokens",
    note: "Each is answered with a refusal, without any call to the outside.",
    rows: TOKEN_ATTACKS,
  },
  {
    title: "Known bypasses of gateways",
    note: "Each was a vulnerability of a product of this kind.",
    rows: BYPASSES,
  },
  {
    title: "A2A operations",
    note: "In both versions and every binding.",
    rows: A2A_OPERATION_NAMES.map((id) => ({ id, what: "" })),
  },
  {
    title: "Rules of reading",
    note: "In the order in which they are asked; the first that is broken gives the reason.",
    rows: READING,
  },
  {
    title: "MCP methods",
    note: "What each asks for: `docs/reference/mcp.md`.",
    rows: MCP,
  },
  { title: "Reasons", note: "What each means: `docs/reference/reasons.md`.", rows: REASONS },
];
