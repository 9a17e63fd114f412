/**
 * How large the program of a pattern will be, about, told from its text: repeats multiply what they
 * repeat, so a short pattern can be a large program.
 *
 * @module
 */
const PIECE =
  /\\Q.*?(?:\\E|$)|\\(?:[pP](?:\{[^}]*\}|.)|x\{[^}]*\}|.)|\[\^?\]?(?:[^\]\\]|\\.)*\]?|\{(?<least>\d{1,4})(?:,(?<most>\d{0,4}))?\}|./gsu;
/** A class of Unicode has hundreds of ranges. */
const UNICODE_CLASS_SIZE = 60;

/** In instructions; reads the pattern once. */
export function estimatedSize(pattern: string): number {
  const groups: number[] = [];
  let size = 0;
  let last = 0;
  for (const { 0: piece, groups: repeat } of pattern.matchAll(PIECE)) {
    if (piece === "(") {
      groups.push(size);
      size = 0;
      last = 0;
    } else if (piece === ")") {
      last = size + 2;
      size = (groups.pop() ?? 0) + last;
    } else if (repeat?.["least"] !== undefined) {
      const times = Math.max(Number(repeat["least"]), Number(repeat["most"] ?? 0), 1);
      size += last * (times - 1) + 1;
      last *= times;
    } else {
      last = pieceSize(piece);
      size += last;
    }
  }
  return groups.reduce((sum, outer) => sum + outer, size);
}

function pieceSize(piece: string): number {
  if (piece.startsWith("\\Q")) return piece.length;
  return /\\[pP]/.test(piece) ? UNICODE_CLASS_SIZE : 1;
}
