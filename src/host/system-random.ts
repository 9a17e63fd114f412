/**
 * Randomness of the platform's generator.
 *
 * @module
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { RandomSource } from "../domain/surroundings.ts";

export const systemRandom: RandomSource = Object.freeze({
  bytes: (count: number) => randomBytes(count),
  float: () => Math.random(),
  uuid: () => randomUUID(),
});
