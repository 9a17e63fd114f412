/**
 * The nearest known word to a misspelled one.
 *
 * @module
 */

/** More than two slips are another word. */
const DISTANCE_MAX = 2;

/** The first of the nearest candidates, else the only one of which `word` is the beginning. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let nearestDistance = DISTANCE_MAX + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > DISTANCE_MAX) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    // Two slips make any two-letter word out of any other.
    if (distance < nearestDistance && distance < candidate.length) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  if (nearest !== undefined) return nearest;
  // The unit at the end is what is forgotten most.
  const longer = candidates.filter((candidate) => candidate.startsWith(`${word}_`));
  return longer.length === 1 ? longer[0] : undefined;
}

/** Damerau-Levenshtein, optimal string alignment: insert, delete, replace, swap neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
