/** Lists that take access back or give it: a list is read as JSON.parse reads it, or refused as a whole. */
import { ConfigError } from "../../../src/domain/errors.ts";
import { readApiKeyLines } from "../../../src/identity/api-key-file.ts";
import { writeApiKeyLine } from "../../../src/identity/api-key-record.ts";
import {
  documentText,
  type RevocationDocument,
  readDocument,
  renewedAtMs,
} from "../../../src/identity/revocation-document.ts";
import { RevocationListError } from "../../../src/identity/revocation-entry.ts";
import { RevocationSet } from "../../../src/identity/revocation-set.ts";
import { apiKeyRecord, GATEWAY_KEY } from "../../support/api-keys.ts";
import { listText } from "../../support/revocations.ts";
import { revocable } from "../../support/samples.ts";
import { type FuzzTarget, requireHolds } from "../target.ts";

const DIGEST = "A".repeat(43);
const UNTIL = 1_764_009_999;
const ISSUED_MS = 1_764_000_000_000;
const ENTRIES = [
  { kind: "sub", iss: "https://idp.example", value: "alice", not_before: 1_764_000_000 },
  { kind: "jti", value: "t-1" },
  { kind: "sid", value: "s-1" },
  { kind: "agent_id", value: "worker-1" },
  { kind: "kid", value: "k-1" },
  { kind: "api_key", value: "billing" },
  { kind: "token_sha256", value: DIGEST },
  { kind: "token_sha256", value: "ab".repeat(32) },
].map((entry) => ({ ...entry, until: UNTIL }));

const FULL = { sequence: 7, issuedAtMs: ISSUED_MS, entries: ENTRIES };
/** Accepted before the input comes: a heartbeat of it is recognised without reading its entries. */
const BEFORE = Buffer.from(listText(FULL));

export const revocationList: FuzzTarget = {
  name: "revocation-list",
  weight: 1,
  seeds: () =>
    [
      FULL,
      { ...FULL, issuedAtMs: ISSUED_MS + 2_125 },
      { ...FULL, sequence: 8, full: false, entries: ENTRIES.slice(0, 2) },
      { sequence: 1, issuedAtMs: 1_000 },
    ].map((content) => Buffer.from(listText(content))),
  dictionary: [
    ...['"sequence"', '"Sequence"', '"issued_at"', '"full"', '"entries"', '"kind"', '"iss"'],
    ...['"value"', '"not_before"', '"until"', '"sub"', '"token_sha256"', '"__proto__"'],
    ...["true", "false", "null", "1e308", "9007199254740993", "\\u0000", "[", "{", "},", ","],
  ],
  run: (input) => {
    const renewed = renewedAtMs(input, BEFORE);
    let read: RevocationDocument;
    try {
      read = readDocument(input);
    } catch (thrown) {
      if (!(thrown instanceof RevocationListError)) throw thrown;
      requireHolds(renewed === undefined, "a heartbeat is a list that would be accepted");
      return thrown.message;
    }
    if (renewed !== undefined) {
      const same = { ...readDocument(BEFORE), issuedAtMs: renewed };
      requireHolds(documentText(read) === documentText(same), "a heartbeat says nothing else");
    }
    revokesAll(read, JSON.parse(input.toString()));
    return `accepted ${read.isFull} ${read.entries.length} ${renewed === undefined}`;
  },
};

interface LenientEntry {
  readonly kind: string;
  readonly iss?: string;
  readonly value: string;
}

const ID_NAMES = new Map([
  ["jti", "tokenId"],
  ["sub", "subject"],
  ["sid", "sessionId"],
  ["agent_id", "agentId"],
  ["kid", "keyId"],
  ["api_key", "apiKeyId"],
  ["token_sha256", "tokenDigest"],
]);

/** Whatever a lenient reader finds in the list is revoked by the set that is made of it. */
function revokesAll(read: RevocationDocument, lenient: { readonly entries: LenientEntry[] }): void {
  requireHolds(read.entries.length === lenient.entries.length, "as many entries");
  const set = new RevocationSet(read.entries);
  for (const { kind, iss, value } of lenient.entries) {
    const isHex = kind === "token_sha256" && value.length === 64;
    const id = isHex ? Buffer.from(value, "hex").toString("base64url") : value;
    const found = revocable({ [ID_NAMES.get(kind) ?? ""]: id, issuer: iss, issuedAtS: 0 });
    requireHolds(set.find(found, 0) === kind, "every entry is found again");
  }
}

const RECORDS = [
  apiKeyRecord(),
  apiKeyRecord(GATEWAY_KEY, {
    id: "ci",
    team: null,
    scopes: [],
    expiresAtMs: Date.parse("2027-01-31T00:00:00Z"),
    revokedAtMs: Date.parse("2026-06-30T12:00:00.5Z"),
  }),
];

export const apiKeyFile: FuzzTarget = {
  name: "api-key-file",
  weight: 1,
  seeds: () => [
    Buffer.from(RECORDS.map((record) => `${writeApiKeyLine(record)}\n`).join("")),
    ...RECORDS.map((record) => Buffer.from(writeApiKeyLine(record))),
  ],
  dictionary: [
    ...['"id"', '"ID"', '"mac"', '"scopes"', '"environment"', '"owner"', '"team"', '"__proto__"'],
    ...[
      '"rate_per_minute"',
      '"expires_at"',
      '"revoked_at"',
      "null",
      "\n",
      "\r\n",
      "\\n",
      "\\u0069",
    ],
    ...["2027-02-30T00:00:00Z", "2028-02-29T23:59:59.999Z", "1e3", "-0", "9007199254740993"],
  ],
  run: async (input) => {
    let records: Awaited<ReturnType<typeof readApiKeyLines>>;
    try {
      records = await readApiKeyLines(input, "fuzz", { sleep: () => Promise.resolve() });
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      if (thrown.problems.length > 2) return "several problems";
      return thrown.problems.join("|").replaceAll(/\d+/g, "#");
    }
    const lines = input.toString().split("\n");
    const lenient = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
    requireHolds(records.length === lenient.length, "as many records");
    for (const [at, record] of records.entries()) {
      const { id, mac, expires_at, revoked_at } = lenient[at];
      requireHolds(record.id === id && record.mac === mac, "the same key");
      requireHolds(record.expiresAtMs === timeOf(expires_at), "the same end");
      requireHolds(record.revokedAtMs === timeOf(revoked_at), "taken back at the same time");
    }
    for (const name of ["id", "mac"] as const) {
      const used = new Set(records.map((record) => record[name]));
      requireHolds(used.size === records.length, `each ${name} once`);
    }
    return `accepted ${records.length}`;
  },
};

function timeOf(text: string | null | undefined): number {
  return text === undefined || text === null ? Number.POSITIVE_INFINITY : Date.parse(text);
}
