/**
 * JSON-RPC bodies for the reading bench: what tool calls look like, and the worst that fits below Envoy's
 * limit.
 *
 * @module
 */

/** Envoy's limit of the reference configuration is one byte more. */
export const BODY_BYTES_MAX = 65_535;

export interface ReadBody {
  readonly name: string;
  readonly text: string;
  /** Hostile bodies may be refused as well; reading them must not take longer either way. */
  readonly isHostile: boolean;
  readonly goalUs: number;
}

const HEAD = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"tool_1","arguments":';
const TAIL = "}}";
const TYPICAL_GOAL_US = 3_000;
const HOSTILE_GOAL_US = 10_000;

export function readBodies(): readonly ReadBody[] {
  const small = { n: "000000000", q: "select 1", table: "users", note: "x".repeat(850) };
  return [
    {
      name: "1 KiB call",
      text: `${HEAD}${JSON.stringify(small)}${TAIL}`,
      isHostile: false,
      goalUs: 30,
    },
    {
      name: "64 KiB of records",
      text: filled('{"rows":[', "]}", record),
      isHostile: false,
      goalUs: TYPICAL_GOAL_US,
    },
    {
      name: "64 KiB of text",
      text: filled('{"text":"', '"}', (at) => (at === 0 ? "" : TEXT)),
      isHostile: false,
      goalUs: TYPICAL_GOAL_US,
    },
    hostile(
      "one object of short names",
      filled("{", "}", (at) => `${comma(at)}"${at}":0`),
    ),
    hostile(
      "escaped names",
      filled("{", "}", (at) => `${comma(at)}"\\u0061${at}":0`),
    ),
    hostile(
      "names that begin alike",
      filled("{", "}", (at) => `${comma(at)}"${LONG_NAME}${at}":0`),
    ),
    hostile(
      "a late duplicate",
      filled("{", ',"0":1}', (at) => `${comma(at)}"${at}":0`),
    ),
    hostile(
      "too many elements",
      filled("[", "]", (at) => `${comma(at)}0`),
    ),
    hostile(
      "small objects",
      filled("[", "]", (at) => `${comma(at)}{"a":{}}`),
    ),
    hostile(
      "nested to the limit",
      filled("[", "]", (at) => comma(at) + NESTED),
    ),
    hostile("nested without end", `${HEAD}${"[".repeat(60_000)}`),
    hostile(
      "long numbers",
      filled("[", "]", (at) => comma(at) + LONG_NUMBER),
    ),
    hostile(
      "surrogate pairs",
      filled('{"a":"', '"}', () => "\\ud83d\\ude00"),
    ),
    hostile("unknown members of params", unknownMembers()),
  ];
}

const LONG_NAME = "n".repeat(20);
const LONG_NUMBER = `0.${"7".repeat(62)}`;
const NESTED = `${'{"a":'.repeat(29)}0${"}".repeat(29)}`;
const TEXT = 'The quick brown fox \\u00e9 jumps over it, \\"twice\\", and \u00fc stays.\\n';

function hostile(name: string, text: string): ReadBody {
  return { name: `hostile: ${name}`, text, isHostile: true, goalUs: HOSTILE_GOAL_US };
}

function record(at: number): string {
  const row = {
    id: at,
    name: `customer ${at}`,
    active: at % 2 === 0,
    balance: at * 1.25,
    tags: ["gold", "eu-west", null],
    address: { street: "Long Street 7", city: "Berlin", zip: "10115" },
  };
  return comma(at) + JSON.stringify(row);
}

function comma(at: number): string {
  return at === 0 ? "" : ",";
}

/** As many `piece`s as fit below the limit. */
function filled(open: string, close: string, piece: (at: number) => string): string {
  const pieces: string[] = [HEAD, open];
  let bytes = HEAD.length + open.length + close.length + TAIL.length;
  for (let at = 0; ; at++) {
    const next = piece(at);
    bytes += Buffer.byteLength(next);
    if (bytes > BODY_BYTES_MAX) break;
    pieces.push(next);
  }
  return pieces.join("") + close + TAIL;
}

/** Names at a protocol level are compared with the known ones, and folded. */
function unknownMembers(): string {
  const members = Array.from({ length: 6_000 }, (_, at) => `"X${at}":0`).join(",");
  return `{"jsonrpc":"2.0","id":7,"method":"ping","params":{${members}}}`.slice(0, BODY_BYTES_MAX);
}
