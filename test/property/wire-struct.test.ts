/** Metadata of the MCP filter is read as another decoder reads it; any bytes are read or refused. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeCheckRequest, selectHeaders } from "../../src/wire/check-request.ts";
import type { StructValue } from "../../src/wire/struct.ts";
import { WireError } from "../../src/wire/wire-error.ts";
import { CHECK_REQUEST, encodeMessage } from "../support/proto.ts";

const SEED = { seed: 20_261_124, numRuns: 1_000 };
const FILTER = "envoy.filters.http.mcp";
const nothing = selectHeaders([], []);
/** The encoder can not hold `__proto__` as a key; that one is a hand-made vector. */
const name = fc.string({ unit: "binary", maxLength: 6 }).filter((key) => key !== "__proto__");
const { value } = fc.letrec<{ value: StructValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true }),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(name, tie("value")), { selector: ([key]) => key, maxLength: 4 })
      .map((entries) => new Map(entries)),
  ),
}));
const struct = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 5 })
  .map((entries) => new Map(entries));

function message(of: StructValue): object {
  if (of instanceof Map) return { structValue: structMessage(of) };
  if (Array.isArray(of)) return { listValue: { values: of.map(message) } };
  switch (typeof of) {
    case "string":
      return { stringValue: of };
    case "number":
      return { numberValue: of };
    case "boolean":
      return { boolValue: of };
    default:
      return { nullValue: 0 };
  }
}

function structMessage(fields: ReadonlyMap<string, StructValue>): object {
  return { fields: Object.fromEntries([...fields].map(([key, of]) => [key, message(of)])) };
}

function encoded(fields: ReadonlyMap<string, StructValue>): Buffer {
  return encodeMessage(CHECK_REQUEST, {
    attributes: { metadata_context: { filter_metadata: { [FILTER]: structMessage(fields) } } },
  });
}

it("reads what another encoder wrote", () => {
  fc.assert(
    fc.property(struct, (fields) => {
      const read = decodeCheckRequest(encoded(fields), nothing).mcpMetadata;
      expect(read).toEqual(fields);
    }),
    SEED,
  );
});

it("reads or refuses good metadata with some bytes changed", () => {
  const change = fc.tuple(fc.nat(400), fc.nat(255));
  fc.assert(
    fc.property(struct, fc.array(change, { minLength: 1, maxLength: 4 }), (fields, changes) => {
      const bytes = encoded(fields);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      try {
        decodeCheckRequest(bytes, nothing);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(WireError);
      }
    }),
    { ...SEED, numRuns: 5_000 },
  );
});
