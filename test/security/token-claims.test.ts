/** Tokens that are signed well and still prove nothing: each is refused with its reason, none throws. */
import { beforeAll, describe, expect, it } from "vitest";
import type { DenyError } from "../../src/domain/errors.ts";
import {
  agentClaims,
  createIssuer,
  type SignOptions,
  type TestIssuer,
  userClaims,
} from "../support/tokens.ts";
import { reasonOf, verifierFor } from "../support/verifier.ts";

const NOW_S = 1_764_000_000;
let users: TestIssuer;
let agents: TestIssuer;
beforeAll(async () => {
  users = await createIssuer();
  agents = await createIssuer({ issuer: "sark-agent-auth", audience: "sark-a2a" });
});

const rig = () => verifierFor({ issuer: users }, { issuer: agents, kind: "agent" });
const attack = async (change: object, options?: SignOptions) =>
  reasonOf(rig().verify(await users.sign(userClaims({ ...change }), options)));

describe("T12: repeated members, under a good signature", () => {
  const good = `"iss":"https://idp.example","aud":"sark-api","exp":${NOW_S + 60},"sub":"alice"`;
  it.each([
    ["alg", '{"alg":"ES256","kid":"k1","alg":"none"}', `{${good}}`],
    ["alg by escape", '{"alg":"ES256","kid":"k1","\\u0061lg":"ES256"}', `{${good}}`],
    ["aud", '{"alg":"ES256","kid":"k1"}', `{${good},"aud":"other"}`],
    ["aud by escape", '{"alg":"ES256","kid":"k1"}', `{${good},"\\u0061ud":"sark-api"}`],
    ["sub of an actor", '{"alg":"ES256","kid":"k1"}', `{${good},"act":{"sub":"a","sub":"b"}}`],
  ])("%s", async (_name, header, payload) => {
    expect(await reasonOf(rig().verify(users.signTexts(header, payload)))).toBe(
      "identity.malformed",
    );
  });

  it("accepts the same without repetition", async () => {
    const token = users.signTexts('{"alg":"ES256","kid":"k1"}', `{${good}}`);
    expect(await reasonOf(rig().verify(token))).toContain("accepted");
  });
});

describe("T14, T15: times", () => {
  it.each<[string, object, string]>([
    ["exp as text", { exp: String(NOW_S + 60) }, "identity.claims"],
    ["exp as fraction", { exp: NOW_S + 0.5 }, "identity.claims"],
    ["exp negative", { exp: -1 }, "identity.claims"],
    ["exp 0", { exp: 0 }, "identity.claims"],
    ["exp past by the leeway", { exp: NOW_S - 30, iat: NOW_S - 90 }, "identity.expired"],
    ["exp an hour ago", { exp: NOW_S - 3_600, iat: NOW_S - 7_200 }, "identity.expired"],
    ["exp two days ahead", { exp: NOW_S + 172_800 }, "identity.claims"],
    ["nbf beyond the leeway", { nbf: NOW_S + 31 }, "identity.not_yet_valid"],
    ["iat beyond the leeway", { iat: NOW_S + 31 }, "identity.not_yet_valid"],
  ])("%s", async (_name, change, reason) => {
    expect(await attack(change)).toBe(reason);
  });

  it("exp absent", async () => {
    expect(await attack({}, { without: ["exp"] })).toBe("identity.claims");
  });

  it("exp 1e300 is beyond what strict JSON reads", async () => {
    const payload = '{"iss":"https://idp.example","aud":"sark-api","sub":"alice","exp":1e300}';
    const token = users.signTexts('{"alg":"ES256","kid":"k1"}', payload);
    expect(await reasonOf(rig().verify(token))).toMatch(/^identity\.(claims|malformed)$/);
  });
});

describe("T16, T17: audience and issuer", () => {
  it.each([[""], ["sark-ap"], ["sark-api/"], ["SARK-API"], [[]], [7], [null], [{}]])(
    "aud %j",
    async (aud) => {
      expect(await attack({ aud })).toBe("identity.audience");
    },
  );

  it.each([
    ["https://idp.example/"],
    ["https://IDP.example"],
    ["https://idp.example.attacker.example"],
    ["https://idp\u200b.example"],
    ["__proto__"],
    [""],
    [7],
    [null],
    [["https://idp.example"]],
  ])("iss %j", async (iss) => {
    expect(await attack({ iss })).toBe("identity.issuer_unknown");
  });

  it("iss absent", async () => {
    expect(await attack({}, { without: ["iss"] })).toBe("identity.issuer_unknown");
  });
});

describe("T18, T30: other kinds of tokens", () => {
  it.each<[string, object, string]>([
    ["ID token by nonce", { nonce: "n" }, "identity.type"],
    ["ID token by at_hash", { at_hash: "h" }, "identity.type"],
    ["refresh token", { type: "refresh" }, "identity.type"],
    ["ID token by token_use", { token_use: "id" }, "identity.type"],
    ["bound to a proof key", { cnf: { jkt: "t" } }, "identity.bound_token"],
    ["bound to a certificate", { cnf: { "x5t#S256": "t" } }, "identity.bound_token"],
    ["of the agents' audience", { aud: "sark-a2a" }, "identity.audience"],
  ])("%s", async (_name, change, reason) => {
    expect(await attack(change)).toBe(reason);
  });

  it.each([
    ["JWT", undefined, "accepted"],
    ["jwt", undefined, "accepted"],
    ["AT+JWT", "at", "accepted"],
    ["application/at+jwt", "at", "accepted"],
    ["JWT", "at", "identity.type"],
    [undefined, "at", "identity.type"],
    ["dpop+jwt", undefined, "identity.type"],
    ["logout+jwt", undefined, "identity.type"],
    [7, undefined, "identity.type"],
    [null, undefined, "identity.type"],
  ])("typ %j where %j is required: %s", async (typ, required, expected) => {
    const change = { requireAccessTyp: required === "at" };
    const { verify } = verifierFor({ issuer: users, change });
    const token = await users.sign(userClaims(), { header: { typ } });
    expect(await reasonOf(verify(token))).toContain(expected);
  });

  it("a user's key does not sign for agents, nor an agent's for users", async () => {
    const { verify } = rig();
    const asAgent = await users.sign(agentClaims({ iss: agents.name, aud: agents.audience }));
    const asUser = await agents.sign(userClaims({ iss: users.name, aud: users.audience }));
    expect(await reasonOf(verify(asAgent))).toBe("identity.signature");
    expect(await reasonOf(verify(asUser))).toBe("identity.signature");
  });
});

describe("T26, T27: texts and lists", () => {
  it.each(["a\u0000", "a\nb", "a\u001b[2J", "a\u202eb", "a\u200bb", " a", "x".repeat(257)])(
    "sub %j",
    async (sub) => {
      expect(await attack({ sub })).toBe("identity.claims");
    },
  );

  it.each([[{ admin: true }], [7], [true], [[["admin"]]], [[null]], [Array(65).fill("r")]])(
    "roles %j",
    async (roles) => {
      expect(await attack({ roles })).toBe("identity.claims");
    },
  );

  it("100,000 roles are refused by length alone", async () => {
    expect(await attack({ roles: Array(100_000).fill("r") })).toBe("identity.malformed");
  });
});

describe("T29, ID-12: a token in the cache when the clock is set", () => {
  it.each([-3_600_000, 3_600_000])("by %i ms is verified again", async (jumpMs) => {
    const { verifier, verify, clock } = rig();
    const token = await users.sign(userClaims());
    await verify(token);
    clock.jumpWall(jumpMs);
    expect(verifier.known(token)).toBeUndefined();
    const reason = jumpMs > 0 ? "identity.expired" : "identity.not_yet_valid";
    // One hour ahead is inside the leeway of a token that lives one hour.
    if (jumpMs > 0) clock.advance(30_000);
    expect(await reasonOf(verify(token))).toBe(reason);
    expect(verifier.figures.clockJumps).toBe(1);
  });
});

describe("T31: every claim and header parameter of every JSON type", () => {
  const values = [null, true, false, 0, -1, 1.5, "", "x", [], [1], ["x"], [[]], {}, { sub: 1 }];
  const claims = ["iss", "aud", "exp", "nbf", "iat", "sub", "type", "jti", "scope", "scp", "roles"];
  const more = [
    "role",
    "teams",
    "groups",
    "permissions",
    "act",
    "cnf",
    "amr",
    "auth_time",
    "email",
  ];
  const agentOnly = ["agent_id", "agent_type", "trust_level", "capabilities", "environment"];

  it.each([...claims, ...more])("user claim %s", async (name) => {
    const { verify } = rig();
    for (const value of values) {
      const reason = await reasonOf(verify(await users.sign(userClaims({ [name]: value }))));
      expect(reason).toMatch(/^(identity\.[a-z_]+$|accepted )/);
    }
  });

  it.each([...claims, "act", ...agentOnly])("agent claim %s", async (name) => {
    const { verify } = rig();
    for (const value of values) {
      const token = await agents.sign(agentClaims({ [name]: value }));
      expect(await reasonOf(verify(token))).toMatch(/^(identity\.[a-z_]+$|accepted )/);
    }
  });

  it.each(["alg", "kid", "typ", "cty", "crit", "b64", "jku", "jwk", "x5c", "x5t"])(
    "header parameter %s",
    async (name) => {
      const { verify } = rig();
      const payload = JSON.stringify({
        iss: users.name,
        aud: users.audience,
        exp: NOW_S + 60,
        ...userClaims(),
      });
      for (const value of values) {
        const header = JSON.stringify({ alg: "ES256", kid: "k1", [name]: value });
        const reason = await reasonOf(verify(users.signTexts(header, payload)));
        expect(reason).toMatch(name === "x5t" ? /^accepted / : /^identity\.[a-z_]+$/);
      }
    },
  );
});

describe("canary: no refusal quotes a token", () => {
  const CANARY = "canary-7f3a9c";
  it.each<[string, object, SignOptions?]>([
    ["sub", { sub: ` ${CANARY}` }],
    ["iss", { iss: CANARY }],
    ["aud", { aud: CANARY }],
    ["type", { type: CANARY }],
    ["roles", { roles: { [CANARY]: 1 } }],
    ["scope", { scope: `"${CANARY}` }],
    ["exp", { exp: CANARY }],
    ["kid", {}, { header: { kid: CANARY } }],
    ["typ", {}, { header: { typ: CANARY } }],
    ["crit", {}, { header: { jku: CANARY } }],
  ])("%s", async (_name, change, options) => {
    const token = await users.sign(userClaims({ ...change }), options);
    const error: unknown = await rig()
      .verify(token)
      .catch((thrown: unknown) => thrown);
    const { message, stack, cause } = error as DenyError;
    const told = `${message} ${stack} ${String(cause)}`;
    expect(told).toContain("identity.");
    for (const secret of [CANARY, ...token.split(".")]) expect(told).not.toContain(secret);
  });

  it("and none quotes the signature", async () => {
    const [header = "", payload = "", signature = ""] = (await users.sign(userClaims())).split(".");
    const forged = `${header}.${payload}.${signature.split("").reverse().join("")}`;
    const error: unknown = await rig()
      .verify(forged)
      .catch((thrown: unknown) => thrown);
    for (const part of forged.split("."))
      expect(String((error as Error).stack)).not.toContain(part);
  });
});
