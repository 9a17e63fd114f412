/**
 * One value for everything policy can see of a principal: part of the decision key, so that two callers
 * never share a decision and a changed role never meets an old one.
 *
 * @module
 */
import { hash } from "node:crypto";

/** Members come in the fixed order of the object literals that make principals. */
export function principalDigest(facts: object): string {
  return hash("sha256", JSON.stringify(facts), "base64url");
}
