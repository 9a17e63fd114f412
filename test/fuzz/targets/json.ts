/** Strict JSON: whatever it accepts, JSON.parse accepts with the same members and no repetition. */
import { DenyError } from "../../../src/domain/errors.ts";
import { lazyObject } from "../../../src/json/json-node.ts";
import { protocolLevel } from "../../../src/json/protocol-level.ts";
import { readStrictJson } from "../../../src/json/strict-json.ts";
import { type FuzzTarget, requireHolds } from "../target.ts";

const LEVEL = protocolLevel({ id: null, method: null, params: { name: null, arguments: null } });

export const json: FuzzTarget = {
  name: "json",
  weight: 1,
  seeds: () =>
    [
      '{"id":1,"method":"a","params":{"name":"x","arguments":{"a":[1,2.5e3,-0,null,true]}}}',
      '{"a":{"b":{"c":["\\u00e9","\\ud83d\\ude00"]}},"d":""}',
      " [ 1 , 2 ] ",
      '"text"',
    ].map((text) => Buffer.from(text)),
  dictionary: [
    '"id"',
    '"ID"',
    '"\\u0069d"',
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\\u0000",
    "\\ud800",
    "1e999",
    "__proto__",
    "\ufeff",
    "9007199254740993",
  ],
  run: (input) => {
    let node: ReturnType<typeof readStrictJson>;
    try {
      node = readStrictJson(input, LEVEL);
    } catch (thrown) {
      if (thrown instanceof DenyError) return thrown.reason;
      throw thrown;
    }
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
    const lenient: unknown = JSON.parse(text);
    requireHolds(node.json === text.trim(), "the root is the whole text");
    if (node.kind !== "object") return `accepted ${node.kind}`;
    const strict = JSON.stringify(lazyObject(node).value());
    requireHolds(strict === JSON.stringify(lenient), "same value as JSON.parse");
    const { id, method } = lenient as { id?: unknown; method?: unknown };
    const read = node.member("method")?.text;
    requireHolds(typeof method !== "string" || read === method, "same method");
    requireHolds((node.member("id") === undefined) === (id === undefined), "same id");
    return `accepted object ${node.hasOtherMembers}`;
  },
};
