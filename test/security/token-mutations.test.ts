/**
 * T32: random mutations of signed tokens. `TOKEN_MUTATIONS=1000000` makes as many as a release asks for.
 */
import { beforeAll, expect, it } from "vitest";
import {
  createIssuer,
  type TestAlgorithm,
  type TestIssuer,
  userClaims,
} from "../support/tokens.ts";
import { reasonOf, verifierFor } from "../support/verifier.ts";

const COUNT = Number(process.env["TOKEN_MUTATIONS"] ?? 100_000);
const BATCH = 500;
const SEED = 20_260_104;
/** RSA is the cheapest to refuse, so it is met most often. */
const ALGORITHMS: readonly TestAlgorithm[] = ["RS256", "RS256", "RS256", "RS256", "ES256", "EdDSA"];
const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\u0000é";
const MEMBERS = ['"alg"', '"kid"', '"sub"', '"exp"', '"aud"', '"iss"', '"roles"', '"x"'];
const VALUES = ["1", '"admin"', "null", "[]", "{}", '["admin"]', '"none"', '"k1"', "9999999999"];

type Chance = (below: number) => number;
type Mutation = (token: string, chance: Chance, other: string) => string;

/** Mulberry32: the same mutations in every run. */
function seeded(seed: number): Chance {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

const pick = (list: string | readonly string[], chance: Chance) => list[chance(list.length)] ?? "";

/** `change` on the decoded bytes of one segment, written back canonically. */
function inSegment(part: number, token: string, change: (bytes: Buffer) => Buffer): string {
  const segments = token.split(".");
  const bytes = Buffer.from(segments[part] ?? "", "base64url");
  const changed = change(bytes).toString("base64url");
  return segments.map((segment, at) => (at === part ? changed : segment)).join(".");
}

/** Nothing when an earlier mutation broke the text. */
function membersOf(bytes: Buffer): object {
  try {
    return JSON.parse(bytes.toString()) as object;
  } catch {
    return {};
  }
}

const MUTATIONS: readonly Mutation[] = [
  // One character replaced, inserted or deleted.
  (token, chance) => {
    const at = chance(token.length);
    return token.slice(0, at) + pick(CHARACTERS, chance) + token.slice(at + 1);
  },
  (token, chance) => {
    const at = chance(token.length + 1);
    return token.slice(0, at) + pick(CHARACTERS, chance) + token.slice(at);
  },
  (token, chance) => {
    const at = chance(token.length);
    return token.slice(0, at) + token.slice(at + 1 + chance(3));
  },
  // One bit or a run of bytes of one segment.
  (token, chance) =>
    inSegment(chance(3), token, (bytes) => {
      const at = chance(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << chance(8));
      return bytes;
    }),
  (token, chance) =>
    inSegment(chance(3), token, (bytes) => bytes.fill(chance(256), chance(bytes.length))),
  (token, chance) =>
    inSegment(chance(3), token, (bytes) => bytes.subarray(0, chance(bytes.length))),
  // A member added in front of or behind the others, or put in the place of one.
  (token, chance) =>
    inSegment(chance(2), token, (bytes) => {
      const member = `${pick(MEMBERS, chance)}:${pick(VALUES, chance)}`;
      const text = bytes.toString();
      const isFirst = chance(2) === 0;
      return Buffer.from(
        isFirst ? `{${member},${text.slice(1)}` : `${text.slice(0, -1)},${member}}`,
      );
    }),
  (token, chance) =>
    inSegment(chance(2), token, (bytes) => {
      const members = membersOf(bytes);
      const name = JSON.parse(pick(MEMBERS, chance)) as string;
      return Buffer.from(
        JSON.stringify({ ...members, [name]: JSON.parse(pick(VALUES, chance)), salt: chance(99) }),
      );
    }),
  // Segments of two good tokens.
  (token, chance, other) => {
    const segments = other.split(".");
    const part = chance(3);
    const taken = segments[chance(3)] ?? "";
    return token
      .split(".")
      .map((segment, at) => (at === part ? taken : segment))
      .join(".");
  },
];

interface Rig {
  readonly tokens: readonly [string, string];
  readonly verify: (token: string) => Promise<unknown>;
}
let rigs: readonly Rig[];
beforeAll(async () => {
  const issuers = new Map<TestAlgorithm, TestIssuer>();
  for (const algorithm of new Set(ALGORITHMS)) {
    issuers.set(algorithm, await createIssuer({ algorithm }));
  }
  rigs = await Promise.all(
    ALGORITHMS.map(async (algorithm) => {
      const issuer = issuers.get(algorithm) as TestIssuer;
      const { verify } = verifierFor({ issuer });
      const one = await issuer.sign(userClaims({ roles: ["viewer"] }));
      return { tokens: [one, await issuer.sign(userClaims({ sub: "bob" }))] as const, verify };
    }),
  );
});

/** One or two mutations of a good token that make another text of it. */
function mutate(rig: Rig, chance: Chance): string {
  const { tokens } = rig;
  const [token, other] = chance(2) === 0 ? tokens : [tokens[1], tokens[0]];
  let mutated: string = token;
  for (let time = 1 + chance(2); time > 0; time--) {
    mutated = (MUTATIONS[chance(MUTATIONS.length)] as Mutation)(mutated, chance, other);
  }
  return (tokens as readonly string[]).includes(mutated) ? mutate(rig, chance) : mutated;
}

it(`T32: none of ${COUNT} mutated tokens is accepted, and none is a defect`, async () => {
  const chance = seeded(SEED);
  const reasons = new Map<string, number>();
  for (let made = 0; made < COUNT; made += BATCH) {
    const batch = Array.from({ length: BATCH }, () => {
      const rig = rigs[chance(rigs.length)] as Rig;
      return reasonOf(rig.verify(mutate(rig, chance)));
    });
    for (const reason of await Promise.all(batch)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  for (const reason of reasons.keys()) expect(reason).toMatch(/^identity\.[a-z_]+$/);
  // The mutations reach the signature, not only the first look at the form.
  expect(reasons.get("identity.signature") ?? 0).toBeGreaterThan(COUNT / 10);
}, 600_000);
