/**
 * The fewest networks that hold the addresses of many. As in OPA, a lone IPv4 address stands for the
 * whole network of its class, and keeps its host bits in the answer unless it was merged.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import {
  addressNumber,
  addressText,
  type IpNetwork,
  isMappedNetwork,
  MAPPED_FIRST,
  numberWords,
  parseAddress,
  parseNetwork,
} from "./ip-network.ts";

interface Range {
  readonly first: bigint;
  readonly last: bigint;
  /** Of a network that was not merged with another one. */
  readonly text?: string;
}

const MAPPED_LAST = MAPPED_FIRST + 0xffff_ffffn;
/** Merging, ordering and writing a network costs about as much as this many steps. */
const NETWORK_STEPS = 50;

/**
 * Undefined for text that is no network or IPv4 address, and where OPA has no sensible answer: two or
 * more networks of which one is IPv4-mapped, and merged IPv6 ranges right beside the IPv4 addresses.
 */
export function merge(texts: readonly string[], budget: Budget): string[] | undefined {
  budget.spend(texts.length * NETWORK_STEPS);
  const ranges: Range[] = [];
  for (const text of texts) {
    const range = rangeOf(text, texts.length > 1);
    if (range === undefined) return undefined;
    ranges.push(range);
  }
  const merged: string[] = [];
  for (const range of mergedRanges(ranges)) {
    const networks = range.text === undefined ? networksOf(range, budget) : [range.text];
    if (networks === undefined) return undefined;
    merged.push(...networks);
  }
  return merged;
}

function rangeOf(text: string, isOneOfMany: boolean): Range | undefined {
  const address = parseAddress(text);
  if (address === undefined) {
    const network = parseNetwork(text);
    if (network === undefined || (isOneOfMany && isMappedNetwork(text))) return undefined;
    return bounds(network, network.words);
  }
  const [word = 0] = address;
  if (address.length !== 1) return undefined;
  const prefixBits = classBits(word);
  const network = parseNetwork(`${addressText(address)}/${prefixBits}`);
  return network === undefined ? undefined : bounds(network, address);
}

/** Bits of the network of an address by its class. */
function classBits(word: number): number {
  const octet = word >>> 24;
  if (octet < 128) return 8;
  return octet < 192 ? 16 : 24;
}

function bounds({ words, prefixBits }: IpNetwork, shown: readonly number[]): Range {
  const first = addressNumber(words);
  const hostBits = BigInt(words.length * 32 - prefixBits);
  return {
    first,
    last: first | ((1n << hostBits) - 1n),
    text: `${addressText(shown)}/${prefixBits}`,
  };
}

/** From the highest range down, each with the one below it if they touch or overlap. */
function mergedRanges(ranges: Range[]): Range[] {
  ranges.sort((a, b) => order(a.last, b.last) || order(a.first, b.first));
  const kept: Range[] = [];
  let upper: Range | undefined;
  for (const lower of ranges.reverse()) {
    if (upper !== undefined && before(upper.first) <= lower.last) {
      const [first] = [lower.first, upper.first].sort(order);
      upper = { first: first as bigint, last: upper.last };
      continue;
    }
    if (upper !== undefined) kept.push(upper);
    upper = lower;
  }
  if (upper !== undefined) kept.push(upper);
  return kept;
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Nothing is before the first address of either kind. */
function before(first: bigint): bigint {
  return first === 0n || first === MAPPED_FIRST ? first : first - 1n;
}

function isIpv4(value: bigint): boolean {
  return value >= MAPPED_FIRST && value <= MAPPED_LAST;
}

/** The fewest networks that are the range exactly. */
function networksOf({ first, last }: Range, budget: Budget): string[] | undefined {
  const isAllIpv4 = isIpv4(first);
  if (isAllIpv4 && !isIpv4(last)) return undefined;
  const texts: string[] = [];
  const bits = isAllIpv4 ? 32 : 128;
  for (let next = first; next <= last; ) {
    let hostBits = 0;
    while (hostBits < bits && fits(next, hostBits + 1, last)) hostBits++;
    budget.spend(bits);
    texts.push(`${addressText(numberWords(next, isAllIpv4))}/${bits - hostBits}`);
    next += 1n << BigInt(hostBits);
  }
  const isBesideIpv4 = first === MAPPED_LAST + 1n || last === MAPPED_FIRST - 1n;
  return isBesideIpv4 && texts.length > 1 ? undefined : texts;
}

function fits(first: bigint, hostBits: number, last: bigint): boolean {
  const hosts = (1n << BigInt(hostBits)) - 1n;
  return (first & hosts) === 0n && first + hosts <= last;
}
