/** Any reply parts come out of another decoder unchanged, and an appended part merges into the fixed one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appendCheckResponse,
  encodeCheckResponse,
  type HeaderPair,
  type ReplyParts,
} from "../../src/wire/check-response.ts";
import { readReply } from "../support/check-response.ts";
import { CHECK_RESPONSE, decodeMessage } from "../support/proto.ts";

const SEED = { seed: 20_261_124, numRuns: 2_000 };

const text = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
  fc.string({ unit: "grapheme-ascii", minLength: 60, maxLength: 200 }),
);
const name = text.filter((value) => value !== "__proto__");
const pair: fc.Arbitrary<HeaderPair> = fc.tuple(name, text);
const pairs = fc.array(pair, { maxLength: 4 });
const metadata = fc.uniqueArray(fc.tuple(name, fc.oneof(text, fc.double({ noNaN: true }))), {
  maxLength: 4,
  selector: ([key]) => key,
});
const status = fc.nat(16);
const local = fc.record({
  httpStatus: fc.integer({ min: 100, max: 511 }),
  headers: pairs,
  body: text,
});
const ok = fc.record({
  headers: pairs,
  headersToRemove: fc.array(text, { maxLength: 3 }),
  responseHeaders: pairs,
});
const replies: fc.Arbitrary<ReplyParts> = fc.oneof(
  fc.record({ status, ok, metadata }),
  fc.record({ status, denied: local, metadata }),
  fc.record({ status, error: local, metadata }),
);

/** The other decoder leaves out empty lists. */
function present(entries: Record<string, readonly unknown[]>): object {
  return Object.fromEntries(Object.entries(entries).filter(([, list]) => list.length > 0));
}

function options(list: readonly HeaderPair[] = []): object[] {
  return list.map(([key, value]) => ({ header: { key, value }, append: {}, append_action: 2 }));
}

function localOf({ httpStatus, headers, body }: NonNullable<ReplyParts["denied"]>): object {
  return { status: { code: httpStatus }, ...present({ headers: options(headers) }), body };
}

function okOf({
  headers,
  headersToRemove = [],
  responseHeaders,
}: NonNullable<ReplyParts["ok"]>): object {
  return present({
    headers: options(headers),
    headers_to_remove: headersToRemove,
    response_headers_to_add: options(responseHeaders),
  });
}

function expectedOf(parts: ReplyParts): object {
  const fields = (parts.metadata ?? []).map(([key, value]) => [
    key,
    typeof value === "string" ? { stringValue: value } : { numberValue: value },
  ]);
  return {
    status: parts.status === 0 ? {} : { code: parts.status },
    ...(parts.ok === undefined ? {} : { ok_response: okOf(parts.ok) }),
    ...(parts.denied === undefined ? {} : { denied_response: localOf(parts.denied) }),
    ...(parts.error === undefined ? {} : { error_response: localOf(parts.error) }),
    dynamic_metadata: fields.length === 0 ? {} : { fields: Object.fromEntries(fields) },
  };
}

describe("encodeCheckResponse", () => {
  it("writes what the loaded descriptors read", () => {
    fc.assert(
      fc.property(replies, (parts) => {
        expect(decodeMessage(CHECK_RESPONSE, encodeCheckResponse(parts))).toEqual(
          expectedOf(parts),
        );
      }),
      SEED,
    );
  });
});

describe("appendCheckResponse", () => {
  it("gives what one reply with all parts would say", () => {
    const perCheck = fc.record({ headers: pairs, metadata });
    fc.assert(
      fc.property(status, pairs, metadata, perCheck, (code, headers, before, added) => {
        const fixed = encodeCheckResponse({ status: code, ok: { headers }, metadata: before });
        const whole = appendCheckResponse(fixed, {
          ok: { headers: added.headers },
          metadata: added.metadata,
        });
        expect(readReply(whole)).toEqual(
          readReply(
            encodeCheckResponse({
              status: code,
              ok: { headers: [...headers, ...added.headers] },
              metadata: [...before, ...added.metadata],
            }),
          ),
        );
      }),
      SEED,
    );
  });

  it("never changes what was given out before", () => {
    fc.assert(
      fc.property(fc.array(replies, { minLength: 2, maxLength: 5 }), (list) => {
        const first = list.map((parts) => encodeCheckResponse(parts));
        const copies = first.map((bytes) => Buffer.from(bytes));
        const appended = list.map((parts, index) =>
          appendCheckResponse(first[index] ?? new Uint8Array(0), parts),
        );
        const appendedCopies = appended.map((bytes) => Buffer.from(bytes));
        for (const parts of list) encodeCheckResponse(parts);
        expect(first.map((bytes) => Buffer.from(bytes))).toEqual(copies);
        expect(appended.map((bytes) => Buffer.from(bytes))).toEqual(appendedCopies);
      }),
      { ...SEED, numRuns: 200 },
    );
  });
});
