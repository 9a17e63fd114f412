/** Texts that some reader takes for a token, and keys that some library takes for good. */

import { generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { rocaKey } from "../support/roca-key.ts";
import { base64url, createIssuer, type TestIssuer, userClaims } from "../support/tokens.ts";
import { keySet, reasonOf, verifierFor } from "../support/verifier.ts";

let users: TestIssuer;
let token: string;
beforeAll(async () => {
  users = await createIssuer();
  token = await users.sign(userClaims());
});

const verdict = (text: string) => reasonOf(verifierFor({ issuer: users }).verify(text));
const payloadOf = () =>
  JSON.stringify({ iss: users.name, aud: users.audience, exp: 1_764_000_060, ...userClaims() });

describe.each([0, 1, 2])("T10: segment %i of the token", (part) => {
  const edited = (edit: (segment: string) => string) => {
    const segments = token.split(".");
    return segments.with(part, edit(segments[part] ?? "")).join(".");
  };

  it.each<[string, (segment: string) => string]>([
    ["a blank before", (segment) => ` ${segment}`],
    ["a blank after", (segment) => `${segment} `],
    ["a blank within", (segment) => `${segment.slice(0, 4)} ${segment.slice(4)}`],
    ["a line end within", (segment) => `${segment.slice(0, 4)}\n${segment.slice(4)}`],
    ["a tab within", (segment) => `${segment.slice(0, 4)}\t${segment.slice(4)}`],
    ["padding", (segment) => `${segment}=`],
    ["more padding", (segment) => `${segment}==`],
    ["a plus", (segment) => `+${segment.slice(1)}`],
    ["a slash", (segment) => `/${segment.slice(1)}`],
    ["a percent", (segment) => `%41${segment.slice(1)}`],
    ["NUL after", (segment) => `${segment}\u0000`],
    ["a letter of another script", (segment) => `а${segment.slice(1)}`],
    ["nothing in it", () => ""],
    ["one character in it", () => "A"],
  ])("with %s", async (_name, edit) => {
    expect(await verdict(edited(edit))).toBe("identity.malformed");
  });
});

describe("T10: the last character", () => {
  it("of an ES256 signature in any other spelling of the same bytes", async () => {
    const last = token.at(-1) ?? "";
    const bytesOf = (text: string) => Buffer.from(text, "base64url").toString("hex");
    const signature = token.slice(token.lastIndexOf(".") + 1);
    const others = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
      .map((character) => signature.slice(0, -1) + character)
      .filter((text) => text.at(-1) !== last && bytesOf(text) === bytesOf(signature));
    expect(others).toHaveLength(15);
    for (const text of others) {
      expect(await verdict(token.replace(signature, text))).toBe("identity.malformed");
    }
  });

  it.each([".", "..", ".x", " ", "\n", "\u0000", ",Bearer", "="])(
    "followed by %j",
    async (junk) => {
      expect(await verdict(token + junk)).toBe("identity.malformed");
    },
  );
});

describe("T11: other numbers of segments, other containers", () => {
  it.each<[string, () => string]>([
    ["none", () => "a".repeat(40)],
    ["two", () => token.split(".").slice(0, 2).join(".")],
    ["four", () => `${token}.AAAA`],
    ["five, as in an encrypted token", () => `${token}.AAAA.AAAA`],
    ["only dots", () => ".".repeat(40)],
    ["8,193 bytes", () => `${token}${"A".repeat(8_193 - token.length)}`],
    ["31 bytes", () => token.slice(0, 31)],
    ["a JSON serialization", () => `{"payload":"${token.split(".")[1]}","signatures":[]}`],
  ])("%s", async (_name, text) => {
    expect(await verdict(text())).toBe("identity.malformed");
  });

  it("a token in a token", async () => {
    const nested = users.signTexts('{"alg":"ES256","kid":"k1","cty":"JWT"}', payloadOf());
    expect(await verdict(nested)).toBe("identity.header_param");
    const bare = `${base64url('{"alg":"ES256","kid":"k1"}')}.${base64url(token)}.${"A".repeat(86)}`;
    expect(await verdict(bare)).toBe("identity.malformed");
  });
});

describe("T4: a header that points at a listener", () => {
  it("makes nobody call it", async () => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => void listener.listen(0, "127.0.0.1", () => resolve()));
    const { port } = listener.address() as AddressInfo;
    for (const name of ["jku", "x5u"]) {
      for (const scheme of ["http", "https"]) {
        const header = { alg: "ES256", kid: "k1", [name]: `${scheme}://127.0.0.1:${port}/jwks` };
        const text = users.signTexts(JSON.stringify(header), payloadOf());
        expect(await verdict(text)).toBe("identity.header_param");
      }
    }
    await new Promise((resolve) => listener.close(resolve));
    expect(connections).toBe(0);
  });
});

describe("T20: a token of a key that admission drops", () => {
  const rsa = (modulusLength: number) => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });
    return { jwk: { ...publicKey.export({ format: "jwk" }), kid: "bad" }, privateKey };
  };
  const signedBy = (key: KeyObject) => {
    const input = `${base64url('{"alg":"RS256","kid":"bad"}')}.${base64url(payloadOf())}`;
    return `${input}.${base64url(signBytes("sha256", Buffer.from(input), key))}`;
  };

  it.each<[string, () => { readonly jwk: object; readonly privateKey: KeyObject }]>([
    ["RSA of 1024 bits", () => rsa(1_024)],
    ["RSA with exponent 1", () => changed({ e: "AQ" })],
    [
      "ROCA",
      () => {
        const { privateKey, publicJwk } = rocaKey();
        return { privateKey, jwk: { ...publicJwk, kid: "bad" } };
      },
    ],
    ["use: enc", () => changed({ use: "enc" })],
    ["key_ops without verify", () => changed({ key_ops: ["sign"] })],
    ["a private member", () => changed({ d: "AAAA" })],
    ["an algorithm of another type", () => changed({ alg: "ES256" })],
    ["a symmetric key", () => changed({ kty: "oct", k: base64url("0".repeat(64)) })],
  ])("%s", async (_name, make) => {
    const { jwk, privateKey } = make();
    const { verify, sets } = verifierFor({ issuer: users });
    sets.set(users.name, keySet({ keys: [jwk, ...users.jwks().keys] }));
    expect(await reasonOf(verify(signedBy(privateKey)))).toBe("identity.key_unknown");
  });

  function changed(change: object) {
    const { privateKey, jwk } = rsa(2_048);
    return { privateKey, jwk: { ...jwk, ...change } };
  }

  it("and the same key is taken without the fault", async () => {
    const { privateKey, jwk } = rsa(2_048);
    const { verify, sets } = verifierFor({ issuer: users });
    sets.set(users.name, keySet({ keys: [jwk] }));
    expect(await reasonOf(verify(signedBy(privateKey)))).toContain("accepted");
  });
});

describe("T14, T15, ID-11: an issuer whose clock is off", () => {
  it("is believed within the leeway, not beyond", async () => {
    for (const [offsetS, expected] of [
      [25, "accepted"],
      [-25, "accepted"],
      [90, "identity.not_yet_valid"],
      [-90, "identity.expired"],
    ] as const) {
      const nowS = 1_764_000_000 + offsetS;
      const life = offsetS < 0 ? 0 : 60;
      const own = await users.sign(userClaims({ iat: nowS - 60 + life, exp: nowS + life }));
      expect(await verdict(own)).toContain(expected);
    }
  });
});
