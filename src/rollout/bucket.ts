/**
 * The group of a caller in a gradual rollout: the same number that the Python service computes.
 *
 * MD5 only spreads callers evenly here; nothing is protected by it.
 *
 * @module
 */
import { hash } from "node:crypto";

/** 0-99: `md5("{feature}:{id}")` over UTF-8, read as one big-endian number, modulo 100. */
export function rolloutBucket(feature: string, id: string): number {
  let bucket = 0;
  for (const byte of hash("md5", `${feature}:${id}`, "buffer")) {
    bucket = (bucket * 256 + byte) % 100;
  }
  return bucket;
}
