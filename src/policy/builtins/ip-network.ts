/**
 * IP addresses and networks in CIDR notation, read and written as Go's `net` package does: IPv4 in an
 * IPv6 address is IPv4, octets have no leading zeros, zones are refused.
 *
 * @module
 */
export interface IpNetwork {
  /** Without host bits: one 32-bit word for IPv4, four for IPv6. */
  readonly words: readonly number[];
  readonly prefixBits: number;
}

const GROUPS = 8;
const MAPPED_BITS = 96;
/** Longer text is no address or network: it is not looked at. */
const TEXT_LENGTH_MAX = 64;
const DIGIT_0 = 0x30;
const DOT = 0x2e;
const SMALL_A = 0x61;

/** One word for IPv4, four for IPv6, an IPv4-mapped address included. */
function addressWords(text: string): number[] | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined;
  if (!text.includes(":")) {
    const word = ipv4Word(text);
    return word === undefined ? undefined : [word];
  }
  const groups = ipv6Groups(text);
  if (groups === undefined) return undefined;
  const words: number[] = [];
  for (let index = 0; index < GROUPS; index += 2) {
    words.push((((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0)) >>> 0);
  }
  return words;
}

function ipv4Word(text: string): number | undefined {
  let word = 0;
  let dots = 0;
  let octet = 0;
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === DOT) {
      if (digits === 0 || dots === 3) return undefined;
      word = word * 256 + octet;
      dots++;
      octet = 0;
      digits = 0;
      continue;
    }
    const digit = unit - DIGIT_0;
    const isAfterZero = digits > 0 && octet === 0;
    if (digit < 0 || digit > 9 || isAfterZero) return undefined;
    octet = octet * 10 + digit;
    if (octet > 255) return undefined;
    digits++;
  }
  return dots === 3 && digits > 0 ? word * 256 + octet : undefined;
}

function ipv6Groups(text: string): number[] | undefined {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? [] : groupsOf(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = GROUPS - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  if (missing === 0) return before;
  for (let count = 0; count < missing; count++) before.push(0);
  for (const group of after) before.push(group);
  return before;
}

/** Groups with colons between them; the last two may be written as IPv4 where the address ends. */
function groupsOf(text: string, isEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as string;
    const group = groupOf(part);
    if (group !== undefined) {
      groups.push(group);
      continue;
    }
    const word = isEnd && index === parts.length - 1 ? ipv4Word(part) : undefined;
    if (word === undefined) return undefined;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
}

/** One to four hexadecimal digits. */
function groupOf(text: string): number | undefined {
  if (text.length === 0 || text.length > 4) return undefined;
  let group = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const letter = (unit | 0x20) - SMALL_A;
    const digit = unit - DIGIT_0;
    if (digit >= 0 && digit <= 9) group = group * 16 + digit;
    else if (letter >= 0 && letter <= 5) group = group * 16 + 10 + letter;
    else return undefined;
  }
  return group;
}

function unmapped(words: readonly number[]): readonly number[] {
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff && words.length === 4;
  return isMapped ? words.slice(3) : words;
}

export function parseAddress(text: string): readonly number[] | undefined {
  const words = addressWords(text);
  return words === undefined ? undefined : unmapped(words);
}

/** From `start` to the end, perhaps with zeros first; not finite where there is no number. */
function prefixBitsAt(text: string, start: number): number {
  let bits = start < text.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = start; index < text.length; index++) {
    const digit = text.charCodeAt(index) - DIGIT_0;
    if (digit < 0 || digit > 9) return Number.POSITIVE_INFINITY;
    bits = bits * 10 + digit;
  }
  return bits;
}

export function parseNetwork(text: string): IpNetwork | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const words = addressWords(text.slice(0, slash));
  const prefixBits = prefixBitsAt(text, slash + 1);
  if (words === undefined || prefixBits > words.length * 32) return undefined;
  const masked = words.map((word, index) => (word & wordMask(prefixBits, index)) >>> 0);
  const short = unmapped(masked);
  return { words: short, prefixBits: short === masked ? prefixBits : prefixBits - MAPPED_BITS };
}

/** Whether `text` is a network of IPv4-mapped addresses, which OPA cannot merge with others. */
export function isMappedNetwork(text: string): boolean {
  return text.includes(":") && parseNetwork(text)?.words.length === 1;
}

/** Of the bits of the word at `index` that belong to the network. */
function wordMask(prefixBits: number, index: number): number {
  const bits = prefixBits - index * 32;
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}

export function containsAddress(
  { words, prefixBits }: IpNetwork,
  address: readonly number[],
): boolean {
  if (words.length !== address.length) return false;
  for (let index = 0; index * 32 < prefixBits; index++) {
    const difference = (words[index] as number) ^ (address[index] as number);
    if ((difference & wordMask(prefixBits, index)) !== 0) return false;
  }
  return true;
}

export function containsNetwork(outer: IpNetwork, inner: IpNetwork): boolean {
  return outer.prefixBits <= inner.prefixBits && containsAddress(outer, inner.words);
}

export function addressText(words: readonly number[]): string {
  const [first = 0] = words;
  if (words.length === 1) {
    return [first >>> 24, (first >>> 16) & 255, (first >>> 8) & 255, first & 255].join(".");
  }
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const { start, length } = longestZeros(groups);
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  if (length < 2) return text(0, GROUPS);
  return `${text(0, start)}::${text(start + length, GROUPS)}`;
}

/** The first of the longest runs of groups that are zero (RFC 5952 section 4.2). */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  return longest;
}

/** Where IPv4 addresses stand among the 128-bit ones. */
export const MAPPED_FIRST = 0xffff_0000_0000n;

/** The address as a 128-bit number. */
export function addressNumber(words: readonly number[]): bigint {
  if (words.length === 1) return MAPPED_FIRST + BigInt(words[0] as number);
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

export function numberWords(value: bigint, isIpv4: boolean): number[] {
  const shifts = isIpv4 ? [0n] : [96n, 64n, 32n, 0n];
  return shifts.map((shift) => Number((value >> shift) & 0xffff_ffffn));
}
