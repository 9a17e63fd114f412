/** Strict reader: agrees with JSON.parse on all it accepts, accepts nothing more, and never fails oddly. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DenyError } from "../../src/domain/errors.ts";
import { lazyObject } from "../../src/json/json-node.ts";
import { protocolLevel } from "../../src/json/protocol-level.ts";
import { readStrictJson } from "../../src/json/strict-json.ts";
import { reasonOf } from "../unit/request/attributes.ts";

const SEED = { seed: 20_260_101 };
const LEVEL = protocolLevel({ jsonrpc: null, params: { name: null } });
const FREE = protocolLevel({});

/** Names that are likely to meet, and numbers every reader has exactly. */
const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("a", "b", "__proto__", "constructor", "0", "1", ""),
);
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false),
    number.filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n)),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(name, tie("value")), { selector: ([key]) => key, maxLength: 12 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

/** The same text with all of its names and strings in escapes. */
function escaped(text: string): string {
  return [...text]
    .flatMap((character) =>
      Array.from({ length: character.length }, (_, at) => character.charCodeAt(at)),
    )
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}

describe("accepted documents", () => {
  it("have the value JSON.parse gives", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 1, "\t"), (value, indent) => {
        const text = JSON.stringify({ free: value }, null, indent);
        const node = readStrictJson(Buffer.from(text), FREE);
        const built = lazyObject(node).value();
        expect(JSON.stringify(built)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { ...SEED, numRuns: 1_500 },
    );
  });
});

describe("bytes that were changed", () => {
  const body = Buffer.from(
    '{"jsonrpc":"2.0","params":{"name":"t\\u0061\\ud83d\\ude00\u00e9","x":[1,-2.5e3,true,null,{"b":""}]}}',
  );

  it("are never accepted when JSON.parse refuses them, and refused only on purpose", () => {
    const change = fc.record({
      at: fc.nat(body.length - 1),
      cut: fc.nat(3),
      put: fc.uint8Array({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let bytes = body;
        for (const { at, cut, put } of changes) {
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
        }
        expectAgreement(bytes);
      }),
      { ...SEED, numRuns: 5_000 },
    );
  });

  it("are read to the end at every cut", () => {
    for (let end = 0; end < body.length; end++) expectAgreement(body.subarray(0, end));
    for (let at = 0; at < body.length; at++) {
      for (const byte of [0, 0x20, 0x22, 0x2c, 0x5c, 0x7b, 0x7d, 0xc3, 0xff]) {
        const bytes = Buffer.from(body);
        bytes[at] = byte;
        expectAgreement(bytes);
      }
    }
  });

  it("of any kind are refused only on purpose", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => expectAgreement(Buffer.from(bytes))),
      { ...SEED, numRuns: 2_000 },
    );
  });
});

function expectAgreement(bytes: Buffer): void {
  try {
    readStrictJson(bytes, LEVEL);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(DenyError);
    return;
  }
  expect(() => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))).not.toThrow();
}

describe("duplicate members", () => {
  it("are refused at any depth and in any spelling", () => {
    const wrap = fc.array(fc.constantFrom<"{" | "[">("{", "["), { maxLength: 20 });
    const others = fc.uniqueArray(fc.string({ maxLength: 5 }), { maxLength: 14 });
    fc.assert(
      fc.property(
        name,
        others,
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        fc.boolean(),
        wrap,
        (...drawn) => {
          const [twice, all, first, second, isFirstEscaped, isSecondEscaped, around] = drawn;
          const members = all
            .filter((other) => other !== twice)
            .map((other) => JSON.stringify(other));
          const spell = (isEscaped: boolean) =>
            isEscaped ? `"${escaped(twice)}"` : JSON.stringify(twice);
          members.splice(first % (members.length + 1), 0, spell(isFirstEscaped));
          members.splice(second % (members.length + 1), 0, spell(isSecondEscaped));
          let text = `{${members.map((member) => `${member}:1`).join(",")}}`;
          for (const open of around) text = open === "{" ? `{"w":${text}}` : `[${text}]`;
          expect(reasonOf(() => readStrictJson(Buffer.from(`[${text}]`), FREE))).toBe(
            "json.duplicate_member",
          );
        },
      ),
      { ...SEED, numRuns: 1_500 },
    );
  });
});
