/**
 * IP networks: which addresses and networks they contain.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { sortedKeys } from "../plan/values/compare.ts";
import { lookUp } from "../plan/values/object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, isSet, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { merge } from "./cidr-merge.ts";
import {
  addressNumber,
  addressText,
  containsAddress,
  containsNetwork,
  type IpNetwork,
  numberWords,
  parseAddress,
  parseNetwork,
} from "./ip-network.ts";
import { textOperand } from "./operands.ts";

/** Reading an address or a network costs about as much as this many steps. */
const PARSE_STEPS = 20;
const NO_NETWORK = "invalid CIDR address";
const NO_ELEMENT = "element must be string or non-empty array";

function networkArgument(
  context: BuiltinContext,
  value: Value | undefined,
  position: number,
): IpNetwork | undefined {
  const text = textOperand(context, position, value);
  if (text === undefined) return undefined;
  context.budget.spend(PARSE_STEPS);
  return parseNetwork(text) ?? context.fail(NO_NETWORK);
}

function contains(context: BuiltinContext, outer?: Value, inner?: Value): boolean | undefined {
  const network = networkArgument(context, outer, 1);
  return network === undefined ? undefined : networkContains(context, network, inner);
}

function networkContains(
  context: BuiltinContext,
  network: IpNetwork,
  inner?: Value,
): boolean | undefined {
  const text = textOperand(context, 2, inner);
  if (text === undefined) return undefined;
  context.budget.spend(PARSE_STEPS);
  const address = parseAddress(text);
  if (address !== undefined) return containsAddress(network, address);
  const other = parseNetwork(text);
  if (other !== undefined) return containsNetwork(network, other);
  return context.fail(`not a valid textual representation of an IP address or CIDR: ${text}`);
}

function intersects(context: BuiltinContext, first?: Value, second?: Value): boolean | undefined {
  const a = networkArgument(context, first, 1);
  if (a === undefined) return undefined;
  const b = networkArgument(context, second, 2);
  if (b === undefined) return undefined;
  return containsAddress(a, b.words) || containsAddress(b, a.words);
}

/** A network or address, and what stands for it in the answer. */
type Candidate = readonly [cidr: Value, index: Value];

/** Undefined for an element that holds none. A value that is no collection has no candidates. */
function candidates(value: Value | undefined, budget: Budget): Candidate[] | undefined {
  if (typeof value === "string") return [[value, value]];
  const pairs: Candidate[] = [];
  for (const [element, index] of entriesOf(value, budget)) {
    const cidr = isArray(element) ? element[0] : element;
    if (cidr === undefined || (cidr === element && typeof cidr !== "string")) return undefined;
    pairs.push([cidr, index]);
  }
  return pairs;
}

function entriesOf(value: Value | undefined, budget: Budget): (readonly [Value, Value])[] {
  if (isArray(value)) {
    budget.create(value.length);
    return value.map((element, index) => [element, index] as const);
  }
  if (isSet(value)) {
    budget.create(value.size);
    return value.sorted(budget).map((element) => [element, element] as const);
  }
  if (!isObject(value)) return [];
  const keys = sortedKeys(value, budget);
  budget.create(keys.length);
  return keys.map((key) => [lookUp(value, key, budget) as Value, key] as const);
}

function containsMatches(
  context: BuiltinContext,
  first?: Value,
  second?: Value,
): Value | undefined {
  const { budget } = context;
  const result = new RegoSet();
  const outers = candidates(first, budget);
  if (outers === undefined) return context.fail(`operand 1: ${NO_ELEMENT}`);
  if (outers.length === 0) return result;
  const inners = candidates(second, budget);
  if (inners === undefined) return context.fail(`operand 2: ${NO_ELEMENT}`);
  if (inners.length === 0) return result;
  for (const [cidr, index] of outers) {
    const network = networkArgument(context, cidr, 1);
    if (network === undefined) return undefined;
    for (const [inner, innerIndex] of inners) {
      const isContained = networkContains(context, network, inner);
      if (isContained === undefined) return undefined;
      if (isContained) result.add([index, innerIndex], budget);
    }
  }
  return result;
}

function expand(context: BuiltinContext, value?: Value): Value | undefined {
  const network = networkArgument(context, value, 1);
  if (network === undefined) return undefined;
  const { budget } = context;
  const isIpv4 = network.words.length === 1;
  const count = 2 ** (network.words.length * 32 - network.prefixBits);
  budget.spend(count * PARSE_STEPS);
  const first = addressNumber(network.words);
  const result = new RegoSet();
  for (let offset = 0; offset < count; offset++) {
    budget.allocate(isIpv4 ? 15 : 39);
    result.add(addressText(numberWords(first + BigInt(offset), isIpv4)), budget);
  }
  return result;
}

function mergeNetworks(context: BuiltinContext, value?: Value): Value | undefined {
  const { budget } = context;
  if (!isArray(value) && !isSet(value)) return context.fail("operand must be an array");
  const elements = isSet(value) ? value.sorted(budget) : value;
  budget.create(elements.length);
  const texts: string[] = [];
  for (const element of elements) {
    if (typeof element !== "string") return context.fail("element must be string");
    budget.spend(PARSE_STEPS);
    texts.push(element);
  }
  const merged = merge(texts, budget);
  if (merged === undefined) return context.fail("invalid CIDR address");
  const result = new RegoSet();
  for (const text of merged) result.add(text, budget);
  return result;
}

export const NET_CIDR: BuiltinTable = {
  "net.cidr_contains": contains,
  "net.cidr_contains_matches": containsMatches,
  "net.cidr_expand": expand,
  "net.cidr_intersects": intersects,
  "net.cidr_is_valid": (context, value) => {
    context.budget.spend(PARSE_STEPS);
    return typeof value === "string" && parseNetwork(value) !== undefined;
  },
  "net.cidr_merge": mergeNetworks,
};
