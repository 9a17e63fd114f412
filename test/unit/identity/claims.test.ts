/** Claims: SARK's shapes become one principal; a claim of another type is a refusal, never a default. */
import { beforeAll, describe, expect, it } from "vitest";
import type { AgentPrincipal, UserPrincipal } from "../../../src/domain/principal.ts";
import { nameUuid } from "../../../src/identity/name-uuid.ts";
import { agentClaims, createIssuer, type TestIssuer, userClaims } from "../../support/tokens.ts";
import { reasonOf, verifierFor } from "../../support/verifier.ts";

let users: TestIssuer;
const UUID_OF_OIDC_ALICE = "da38bad9-d22e-5eaf-a40f-714b275541b0";
let agents: TestIssuer;
beforeAll(async () => {
  users = await createIssuer();
  agents = await createIssuer({ issuer: "sark-agent-auth", audience: "sark-a2a" });
});

const userOf = async (claims: Record<string, unknown>, change = {}): Promise<UserPrincipal> => {
  const { verify } = verifierFor({ issuer: users, change });
  return (await verify(await users.sign(claims))).principal as UserPrincipal;
};
const agentOf = async (claims: Record<string, unknown>, change = {}): Promise<AgentPrincipal> => {
  const { verify } = verifierFor({ issuer: agents, kind: "agent", change });
  return (await verify(await agents.sign(claims))).principal as AgentPrincipal;
};
const refusedUser = async (claims: Record<string, unknown>) => {
  const { verify } = verifierFor({ issuer: users });
  return reasonOf(verify(await users.sign(claims)));
};
const refusedAgent = async (claims: Record<string, unknown>) => {
  const { verify } = verifierFor({ issuer: agents, kind: "agent" });
  return reasonOf(verify(await agents.sign(claims)));
};

describe("what an issuer entry adds", () => {
  it("gives users SARK's UUID over provider and sub", async () => {
    // Python: uuid.uuid5(uuid.NAMESPACE_DNS, "oidc:alice"), and the example of RFC 9562 A.4.
    const { id } = await userOf(userClaims(), { uuidProvider: "oidc" });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id).toBe(UUID_OF_OIDC_ALICE);
    expect(nameUuid("www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  });

  it("hands listed claims to policy beside trusted attributes, and no other", async () => {
    const claims = userClaims({
      attributes: { region: "eu", plan: "from attributes" },
      plan: { tier: ["gold"] },
      secret: 1,
    });
    const change = { policyClaims: ["plan", "absent", "toString"] };
    expect((await userOf(claims, change)).attributes).toEqual({ plan: { tier: ["gold"] } });
    const both = (await userOf(claims, { ...change, trustsAttributes: true })).attributes;
    expect(both).toEqual({ region: "eu", plan: { tier: ["gold"] } });
    expect(Object.isFrozen((both["plan"] as { tier: string[] }).tier)).toBe(true);
    expect((await userOf(claims)).attributes).toEqual({});
  });

  it("changes the principal's digest with each listed claim", async () => {
    const digestOf = async (plan: string) =>
      (await userOf(userClaims({ plan }), { policyClaims: ["plan"] })).digest;
    expect(await digestOf("a")).not.toBe(await digestOf("b"));
    expect(await digestOf("a")).toBe(await digestOf("a"));
  });
});

describe("user shapes", () => {
  it("takes one role", async () => {
    const user = await userOf({
      type: "access",
      sub: "alice",
      email: "a@b.example",
      role: "viewer",
    });
    expect(user).toMatchObject({ id: "alice", role: "viewer", roles: ["viewer"], teams: [] });
  });

  it("joins role and roles, sorted, and picks the first of SARK's order", async () => {
    const user = await userOf({
      sub: "alice",
      role: "viewer",
      roles: ["team_lead", "zoo", "viewer"],
    });
    expect(user.roles).toEqual(["team_lead", "viewer", "zoo"]);
    expect(user.role).toBe("team_lead");
  });

  it("has no role when none is known", async () => {
    expect((await userOf({ sub: "alice", roles: ["zoo"] })).role).toBeNull();
  });

  it("takes groups for teams when there are any", async () => {
    expect((await userOf({ sub: "a", groups: ["g"], teams: ["t"] })).teams).toEqual(["g"]);
    expect((await userOf({ sub: "a", groups: [], teams: ["t"] })).teams).toEqual(["t"]);
  });

  it("reads scopes from scope or scp", async () => {
    expect((await userOf({ sub: "a", scope: "b a" })).scopes).toEqual(["a", "b"]);
    expect((await userOf({ sub: "a", scp: ["x"] })).scopes).toEqual(["x"]);
  });

  it("knows a second factor and when it was given", async () => {
    const user = await userOf({ sub: "a", amr: ["pwd", "otp"], auth_time: 1_764_000_000 });
    expect(user).toMatchObject({ mfaVerified: true, mfaTimestampNs: 1_764_000_000_000_000_000 });
    expect((await userOf({ sub: "a", amr: ["pwd"] })).mfaVerified).toBe(false);
  });

  it.each([
    [["mfa"], true],
    [["pwd", "sms"], true],
    [["fpt", "hwk"], true],
    [["otp"], false],
    [["hwk", "swk"], false],
    [["pwd", "pin"], false],
    [["pwd", "unknown"], false],
    ["mfa", true],
    [[], false],
  ])("takes amr %j for a second factor: %s", async (amr, expected) => {
    expect((await userOf({ sub: "a", amr })).mfaVerified).toBe(expected);
  });

  it("counts who acts for the subject", async () => {
    const user = await userOf({ sub: "a", act: { sub: "one", act: { sub: "two" } } });
    expect(user).toMatchObject({ delegationDepth: 2, actors: ["one", "two"] });
  });

  it("hands attributes on only where the issuer is trusted with them", async () => {
    const claims = { sub: "a", attributes: { department: "x" } };
    expect((await userOf(claims)).attributes).toEqual({});
    const { attributes } = await userOf(claims, { trustsAttributes: true });
    expect(attributes).toEqual({ department: "x" });
    expect(Object.isFrozen(attributes)).toBe(true);
  });

  it("keeps ids of two issuers apart", async () => {
    expect((await userOf({ sub: "a" }, { subjectPrefix: "partner:" })).id).toBe("partner:a");
  });

  it("is frozen and has a digest that changes with every field policy sees", async () => {
    const one = await userOf({ sub: "a", roles: ["viewer"] });
    const same = await userOf({ sub: "a", roles: ["viewer"] });
    const other = await userOf({ sub: "a", roles: ["admin"] });
    expect(Object.isFrozen(one)).toBe(true);
    expect(one.digest).toBe(same.digest);
    expect(one.digest).not.toBe(other.digest);
  });
});

describe("user claims that are refused", () => {
  it.each([
    ["sub absent", {}],
    ["sub empty", { sub: "" }],
    ["sub a number", { sub: 7 }],
    ["sub too long", { sub: "x".repeat(257) }],
    ["sub with NUL", { sub: "a\u0000b" }],
    ["sub with newline", { sub: "a\nb" }],
    ["sub with an escape sequence", { sub: "a\u001b[2Jb" }],
    ["sub with a direction mark", { sub: "a\u202eb" }],
    ["sub with blanks at its end", { sub: "a " }],
    ["sub like an API key", { sub: "apikey:x" }],
    ["role an object", { sub: "a", role: {} }],
    ["roles an object", { sub: "a", roles: { admin: true } }],
    ["roles a number", { sub: "a", roles: 7 }],
    ["roles of numbers", { sub: "a", roles: [7] }],
    ["too many roles", { sub: "a", roles: Array.from({ length: 65 }, (_, index) => `r${index}`) }],
    ["a role too long", { sub: "a", roles: ["x".repeat(129)] }],
    ["teams a number", { sub: "a", teams: 1 }],
    ["scope with a quote", { sub: "a", scope: 'a"b' }],
    ["email a list", { sub: "a", email: [] }],
    ["auth_time a text", { sub: "a", auth_time: "now" }],
    ["act without sub", { sub: "a", act: {} }],
    ["act a text", { sub: "a", act: "b" }],
    [
      "act nested too deep",
      {
        sub: "a",
        act: {
          sub: "1",
          act: { sub: "2", act: { sub: "3", act: { sub: "4", act: { sub: "5" } } } },
        },
      },
    ],
    ["jti a number", { sub: "a", jti: 7 }],
  ])("%s", async (_name, claims) => {
    expect(await refusedUser(claims)).toBe("identity.claims");
  });
});

describe("agents", () => {
  it("takes every claim", async () => {
    expect(await agentOf(agentClaims())).toMatchObject({
      kind: "agent",
      id: "planner",
      agentType: "orchestrator",
      trustLevel: "trusted",
      capabilities: ["execute", "query"],
      environment: "production",
    });
  });

  it("has SARK's defaults for what is absent", async () => {
    expect(await agentOf({ agent_id: "a:b.c-1" })).toMatchObject({
      agentType: "service",
      trustLevel: "limited",
      capabilities: [],
      environment: "unknown",
    });
  });

  it.each([
    ["critical", "trusted"],
    ["high", "trusted"],
    [3, "trusted"],
    ["medium", "limited"],
    ["verified", "limited"],
    ["low", "untrusted"],
    ["revoked", "untrusted"],
  ])("maps trust %s to %s only when told to", async (level, expected) => {
    const claims = agentClaims({ trust_level: level });
    const agent = await agentOf(claims, { mapsTrustLadder: true });
    expect(agent).toMatchObject({ trustLevel: expected, trustLevelClaimed: String(level) });
    expect(await refusedAgent(claims)).toBe("identity.claims");
  });

  it.each([[["high"]], ["constructor"], [{}], [null], [true], [4], [3.5]])(
    "does not map trust %j",
    async (level) => {
      const change = { mapsTrustLadder: true };
      const { verify } = verifierFor({ issuer: agents, kind: "agent", change });
      const token = await agents.sign(agentClaims({ trust_level: level }));
      expect(await reasonOf(verify(token))).toBe("identity.claims");
    },
  );

  it.each([
    ["agent_id absent", { agent_id: undefined }],
    ["agent_id with a blank", { agent_id: "a b" }],
    ["agent_id like that of an API key", { agent_id: "apikey:x" }],
    ["agent_id too long", { agent_id: "x".repeat(129) }],
    ["unknown type", { agent_type: "robot" }],
    ["unknown trust", { trust_level: "absolute" }],
    ["trust of a prototype", { trust_level: "constructor" }],
    ["unknown capability", { capabilities: ["fly"] }],
    ["capabilities a text of an unknown one", { capabilities: "fly" }],
    ["environment a number", { environment: 7 }],
    ["environment too long", { environment: "x".repeat(65) }],
  ])("refuses %s", async (_name, change) => {
    expect(await refusedAgent(agentClaims(change))).toBe("identity.claims");
  });
});

it("does not take a user's token for an agent's", async () => {
  expect(await refusedAgent(userClaims())).toBe("identity.claims");
});
