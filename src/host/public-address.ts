/**
 * Which addresses are somebody else's: a URL from configuration must not reach into the own network
 * unless it was said that it may.
 *
 * @module
 */
import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { HttpFailure } from "../domain/http-failure.ts";

const OWN = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  OWN.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::", 127],
  ["64:ff9b:1::", 48],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  OWN.addSubnet(network, bits, "ipv6");
}

/** False for loopback, private, link-local, shared, multicast and reserved addresses and for names. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !OWN.check(address, family === 4 ? "ipv4" : "ipv6");
}

type Resolve = (
  name: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A lookup for `net.connect`: it hands out what passes, so the checked address is the one used. */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const usable = addresses.filter(({ address }) => isPublicAddress(address));
      const first = usable[0];
      if (first === undefined) {
        return done(new HttpFailure("address", "the host has no public address"), []);
      }
      if (options.all === true) return done(null, usable);
      return done(null, first.address, first.family);
    });
  };
}
