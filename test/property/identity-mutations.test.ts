/** A token that differs from a signed one in any way is never accepted, and never a defect. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  agentClaims,
  createIssuer,
  type TestAlgorithm,
  type TestIssuer,
  userClaims,
} from "../support/tokens.ts";
import { reasonOf, verifierFor } from "../support/verifier.ts";

const RUN = { seed: 20_260_101, numRuns: 2_000 };
const ALGORITHMS = ["ES256", "RS256", "EdDSA"] as const satisfies readonly TestAlgorithm[];
const CHARACTERS = [..."ABCXYZabcxyz0189-_.=+/ \n\u0000é"];

interface Rig {
  readonly issuer: TestIssuer;
  readonly token: string;
  readonly verify: (token: string) => Promise<string>;
}
const rigs: Rig[] = [];
beforeAll(async () => {
  for (const algorithm of ALGORITHMS) {
    const issuer = await createIssuer({ algorithm });
    const { verify } = verifierFor({ issuer });
    const token = await issuer.sign(userClaims({ roles: ["viewer"] }));
    rigs.push({ issuer, token, verify: (text) => reasonOf(verify(text)) });
  }
});

const rigOf = (which: number): Rig => {
  const rig = rigs[which];
  if (rig === undefined) throw new Error("no such rig");
  return rig;
};
const which = fc.nat({ max: ALGORITHMS.length - 1 });

/** One edit of a text: replace, insert, delete, swap or cut. */
const edit = fc.record({
  kind: fc.constantFrom("replace", "insert", "delete", "swap", "cut"),
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  character: fc.constantFrom(...CHARACTERS),
});
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

function edited(text: string, { kind, place, character }: Edit): string {
  const at = Math.floor(place * text.length);
  const before = text.slice(0, at);
  if (kind === "replace") return before + character + text.slice(at + 1);
  if (kind === "insert") return before + character + text.slice(at);
  if (kind === "delete") return before + text.slice(at + 1);
  if (kind === "cut") return before;
  return before + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
}

it("accepts the tokens that are mutated", async () => {
  for (const { issuer, token } of rigs) {
    const { verify } = verifierFor({ issuer });
    expect(await reasonOf(verify(token))).toContain("accepted");
  }
});

describe("mutations", () => {
  it("of the characters are refused", async () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(which, edits, async (at, list) => {
        const { token, verify } = rigOf(at);
        const mutated = list.reduce(edited, token);
        fc.pre(mutated !== token);
        expect(await verify(mutated)).toMatch(/^identity\.[a-z_]+$/);
      }),
      RUN,
    );
  });

  it("of single bits of header, payload and signature are refused", async () => {
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        which,
        fc.nat({ max: 2 }),
        place,
        fc.nat({ max: 7 }),
        async (at, part, where, bit) => {
          const { token, verify } = rigOf(at);
          const segments = token.split(".");
          const bytes = Buffer.from(segments[part] ?? "", "base64url");
          const index = Math.floor(where * bytes.length);
          bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
          segments[part] = bytes.toString("base64url");
          expect(await verify(segments.join("."))).toMatch(/^identity\.[a-z_]+$/);
        },
      ),
      RUN,
    );
  });

  it("of claims under the old signature are refused", async () => {
    const names = fc.constantFrom("sub", "roles", "exp", "aud", "iss", "scope", "extra");
    await fc.assert(
      fc.asyncProperty(which, names, fc.jsonValue({ maxDepth: 2 }), async (at, name, value) => {
        const { token, verify } = rigOf(at);
        const [header, payload = "", signature] = token.split(".");
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
        const changed = JSON.stringify({ ...claims, [name]: value });
        fc.pre(changed !== JSON.stringify(claims));
        const forged = `${header}.${Buffer.from(changed).toString("base64url")}.${signature}`;
        expect(await verify(forged)).toMatch(/^identity\.[a-z_]+$/);
      }),
      RUN,
    );
  });

  it("and any other text are refused", async () => {
    const texts = fc.oneof(fc.string({ maxLength: 300 }), fc.base64String({ maxLength: 300 }));
    await fc.assert(
      fc.asyncProperty(which, texts, async (at, text) => {
        expect(await rigOf(at).verify(text)).toBe("identity.malformed");
      }),
      RUN,
    );
  });
});

describe("signed claims of any shape", () => {
  it("give a principal or a refusal, never a defect", async () => {
    const users = await createIssuer({ algorithm: "EdDSA" });
    const agents = await createIssuer({ algorithm: "EdDSA", issuer: "sark-agent-auth" });
    const { verify } = verifierFor({ issuer: users }, { issuer: agents, kind: "agent" });
    const known = [...Object.keys({ ...userClaims(), ...agentClaims() }), "act", "amr", "groups"];
    const claims = fc.dictionary(fc.constantFrom(...known, "nbf", "jti", "scp"), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.boolean(), claims, async (isUser, change) => {
        const token = isUser
          ? await users.sign(userClaims(change))
          : await agents.sign(agentClaims(change));
        expect(await reasonOf(verify(token))).toMatch(/^(identity\.[a-z_]+$|accepted )/);
      }),
      { ...RUN, numRuns: 1_000 },
    );
  });
});
