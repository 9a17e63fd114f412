/** Everything a transport promises, whichever library or own code it is made of. */
import { describe } from "vitest";
import { callContract, healthContract } from "./transport-calls.ts";
import { addressContract, drainContract } from "./transport-lifecycle.ts";
import type { CreateTransport } from "./transport-rig.ts";

export function transportContract(name: string, create: CreateTransport): void {
  describe(`${name}: one call`, () => callContract(create));
  describe(`${name}: health`, () => healthContract(create));
  describe(`${name}: address`, () => addressContract(create));
  describe(`${name}: drain`, () => drainContract(create));
}
