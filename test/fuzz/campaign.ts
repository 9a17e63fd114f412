/** One target, mutated for a time or a number of runs; inputs with a new outcome are kept and go on. */
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import type { FuzzTarget } from "./target.ts";

export interface CampaignOptions {
  readonly seed: number;
  /** Inputs that once failed, beside the target's own seeds. */
  readonly extra: readonly Buffer[];
  /** Asked every few hundred runs. */
  readonly isOver: (runs: number) => boolean;
}

export interface CampaignReport {
  readonly target: string;
  readonly runs: number;
  readonly outcomes: number;
  /** The input that broke a promise, and what it said. */
  readonly failure: { readonly input: Buffer; readonly error: unknown } | undefined;
}

/** Enough variety; more only makes each input rarer. */
const CORPUS_MAX = 2_000;
const RUNS_BETWEEN_LOOKS = 256;

export async function campaign(
  target: FuzzTarget,
  options: CampaignOptions,
): Promise<CampaignReport> {
  const random = new Random(options.seed);
  const corpus = [...(await target.seeds()), ...options.extra];
  const dictionary = target.dictionary.map((piece) => Buffer.from(piece, "latin1"));
  const outcomes = new Set<string>();
  let runs = 0;
  const report = (failure: CampaignReport["failure"]): CampaignReport => ({
    target: target.name,
    runs,
    outcomes: outcomes.size,
    failure,
  });
  const attempt = async (input: Buffer) => {
    const outcome = target.run(input);
    const signature = typeof outcome === "string" ? outcome : await outcome;
    runs++;
    if (outcomes.has(signature)) return;
    outcomes.add(signature);
    if (corpus.length < CORPUS_MAX) corpus.push(Buffer.from(input));
  };

  let input: Buffer = Buffer.alloc(0);
  try {
    for (input of [...corpus, input]) await attempt(input);
    while (!options.isOver(runs)) {
      for (let left = RUNS_BETWEEN_LOOKS; left > 0; left--) {
        input = mutate(random.pick(corpus), random, corpus, dictionary);
        const outcome = target.run(input);
        if (typeof outcome !== "string" || !outcomes.has(outcome)) await attempt(input);
        else runs++;
      }
    }
  } catch (error) {
    return report({ input, error });
  }
  return report(undefined);
}
