/** Random modules with random inputs, put to OPA and to the engine until enough was compared. */
import { Random } from "../fuzz/random.ts";
import type { OpaOracle } from "../support/opa-oracle.ts";
import { type Comparison, compareWithOpa, type Disagreement, type Question } from "./compare.ts";
import { generateDocument } from "./generate-document.ts";
import { generateModules } from "./generate-module.ts";

export interface CampaignOptions {
  readonly seed: number;
  readonly inputsPerModule: number;
  /** Asked before each module. */
  readonly isOver: (evaluations: number) => boolean;
}

export interface SeededDisagreement extends Disagreement {
  readonly seed: number;
}

export interface CampaignReport {
  readonly modules: number;
  /** Modules that OPA does not compile; nothing is compared of them. */
  readonly refused: number;
  /** Modules of which OPA makes a plan that can not be right, and that the engine refuses. */
  readonly unplanned: number;
  readonly evaluations: number;
  readonly agreed: ReadonlyMap<string, number>;
  readonly disagreements: readonly SeededDisagreement[];
}

/** Questions that wait at each oracle, so that it and the engine work at the same time. */
const QUESTIONS_AT_ONCE = 2;
const DISAGREEMENTS_MAX = 50;

export function generateQuestion(seed: number, inputs: number): Question {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  // The first numbers of close seeds are close.
  for (let left = 4; left > 0; left--) random.next();
  const dataText = `{"doc":${generateDocument(random)},"base":${generateDocument(random)}}`;
  const inputTexts = Array.from({ length: inputs }, () => generateDocument(random));
  return { ...generateModules(random), dataText, inputTexts };
}

export async function campaign(
  oracles: readonly OpaOracle[],
  { seed, inputsPerModule, isOver }: CampaignOptions,
): Promise<CampaignReport> {
  const tally = new Tally();
  let next = seed;
  const work = async (oracle: OpaOracle) => {
    while (!isOver(tally.evaluations) && tally.disagreements.length < DISAGREEMENTS_MAX) {
      const own = next++;
      tally.add(own, await compareWithOpa(oracle, generateQuestion(own, inputsPerModule)));
    }
  };
  const works = oracles.flatMap((one) =>
    Array.from({ length: QUESTIONS_AT_ONCE }, () => work(one)),
  );
  await Promise.all(works);
  return tally;
}

class Tally implements CampaignReport {
  modules = 0;
  refused = 0;
  unplanned = 0;
  evaluations = 0;
  readonly agreed = new Map<string, number>();
  readonly disagreements: SeededDisagreement[] = [];

  add(seed: number, { agreed, disagreements, refused }: Comparison): void {
    this.modules++;
    if (refused?.by === "OPA") this.refused++;
    if (refused?.by === "engine") this.unplanned++;
    for (const [answer, count] of agreed) {
      this.agreed.set(answer, (this.agreed.get(answer) ?? 0) + count);
      this.evaluations += count;
    }
    this.evaluations += disagreements.length;
    // One of a module: the others are most often the same.
    for (const one of disagreements.slice(0, 1)) this.disagreements.push({ ...one, seed });
  }
}
