/** Changes of byte strings that readers tend to get wrong. */
import type { Random } from "./random.ts";

const INTERESTING = [
  0x00, 0x01, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x2c, 0x2e, 0x2f, 0x3b, 0x3d, 0x5c, 0x5f, 0x7b,
  0x7f, 0x80, 0xbf, 0xc0, 0xef, 0xff,
];
const BYTES_MAX = 66_000;
const CHANGES_MAX = 4;

type Mutation = (input: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

function cut(input: Buffer, from: number, length: number, between: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, from), between, input.subarray(from + length)]);
}

const NOTHING = new Uint8Array(0);

const MUTATIONS: readonly Mutation[] = [
  // One bit.
  (input, random) => {
    const copy = Buffer.from(input);
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  // One byte replaced or put in between.
  (input, random) => {
    const byte = Buffer.from([random.pick(INTERESTING)]);
    return cut(input, random.below(input.length), random.below(2), byte);
  },
  // A stretch taken out.
  (input, random) =>
    cut(input, random.below(input.length), 1 + random.below(Math.min(16, input.length)), NOTHING),
  // A stretch repeated: duplicate members, headers, fields.
  (input, random) => {
    const from = random.below(input.length);
    const piece = input.subarray(from, from + 1 + random.below(64));
    return cut(input, from, 0, piece);
  },
  // A stretch of another input.
  (input, random, others) => {
    const other = random.pick(others);
    if (other.length === 0) return input;
    const from = random.below(other.length);
    const piece = other.subarray(from, from + 1 + random.below(64));
    return cut(input, random.below(input.length), random.below(piece.length + 1), piece);
  },
  // A stretch of another input over as many bytes, so that lengths before it stay true.
  (input, random, others) => {
    const other = random.pick(others);
    if (other.length === 0) return input;
    const from = random.below(other.length);
    const at = random.below(input.length);
    const piece = other.subarray(from, from + Math.min(1 + random.below(32), input.length - at));
    return cut(input, at, piece.length, piece);
  },
  // Cut short.
  (input, random) => input.subarray(0, random.below(input.length)),
];

/** One to four changes; `dictionary` pieces are put in as often as any other change. */
export function mutate(
  input: Buffer,
  random: Random,
  others: readonly Buffer[],
  dictionary: readonly Buffer[],
): Buffer {
  let output = input;
  for (let left = 1 + random.below(CHANGES_MAX); left > 0; left--) {
    if (output.length === 0) output = random.pick(others);
    if (output.length === 0) return output;
    const choice = random.below(MUTATIONS.length + 2);
    const mutation = MUTATIONS[choice];
    if (mutation !== undefined) output = mutation(output, random, others);
    else if (dictionary.length > 0) {
      const piece = random.pick(dictionary);
      const replaced = random.below(2) === 0 ? 0 : piece.length;
      output = cut(output, random.below(output.length + 1), replaced, piece);
    }
  }
  return output.length > BYTES_MAX ? output.subarray(0, BYTES_MAX) : output;
}
