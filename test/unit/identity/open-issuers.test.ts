/** Opening issuers: key files at once, URLs behind a readiness latch, every problem in one error. */
import { beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/domain/errors.ts";
import { type IssuerConfig, identitySchema } from "../../../src/identity/config.ts";
import { openIssuers } from "../../../src/identity/open-issuers.ts";
import { handClock } from "../../support/hand-clock.ts";
import {
  type Answer,
  jsonAnswer,
  memoryFiles,
  memoryLog,
  scriptedHttp,
  settle,
} from "../../support/key-sources.ts";
import { createIssuer } from "../../support/tokens.ts";

let document: object;
beforeAll(async () => {
  document = (await createIssuer()).jwks();
});

const entriesOf = (...issuers: readonly object[]): readonly IssuerConfig[] =>
  identitySchema.parse({ issuers }).issuers;

const FILE = { issuer: "i1", kind: "user", audience: ["a", "b"], jwks_file: "one.json" };
const WEB = { issuer: "i2", kind: "agent", audience: "c", jwks_url: "https://idp.example/jwks" };

function rig(answer: Answer, contents: Record<string, string> = {}) {
  const held: string[] = [];
  const clock = handClock();
  const web = scriptedHttp(answer);
  const file = memoryFiles(contents);
  const random = { bytes: () => new Uint8Array(), float: () => 0.5, uuid: () => "" };
  const { log } = memoryLog();
  const open = (entries: readonly IssuerConfig[], isOnline = true) =>
    openIssuers({
      entries,
      surroundings: { clock, random, http: web.http, files: file.files },
      log,
      hold: (part) => {
        held.push(part);
        return () => {
          const at = held.indexOf(part);
          if (at >= 0) held.splice(at, 1);
        };
      },
      keys: { staleMsMax: 86_400_000, keptFolder: undefined },
      isOnline,
    });
  return { held, clock, web, file, open };
}

it("reads key files at once and turns entries into issuers", async () => {
  const { open, held } = rig(new Error("unused"), { "one.json": JSON.stringify(document) });
  const [issuer] = await open(entriesOf({ ...FILE, require_typ: "at+jwt", subject_prefix: "p:" }));
  expect(issuer).toMatchObject({
    name: "i1",
    kind: "user",
    audiences: new Set(["a", "b"]),
    algorithms: new Set(["RS256", "ES256", "EdDSA"]),
    requireAccessTyp: true,
    subjectPrefix: "p:",
    mapsTrustLadder: false,
    trustsAttributes: false,
    tokenAgeSecondsMax: 86_400,
  });
  expect(issuer?.keys.current?.keys).toHaveLength(1);
  expect(held).toEqual([]);
});

it("holds readiness until the first good set of a required URL", async () => {
  const { open, held, web, clock } = rig(new Error("ECONNREFUSED"));
  const [issuer] = await open(entriesOf(WEB));
  expect(held).toEqual(["keys of i2"]);
  await settle();
  expect(issuer?.keys.current).toBeUndefined();
  web.script.answer = jsonAnswer(document);
  clock.advance(60_000);
  await settle();
  expect(held).toEqual([]);
  issuer?.keys.stop();
});

it("does not hold readiness for one that is not required", async () => {
  const { open, held } = rig(new Error("ECONNREFUSED"));
  const [issuer] = await open(entriesOf({ ...WEB, required: false }));
  expect(held).toEqual([]);
  issuer?.keys.stop();
});

it("asks no server while a configuration is only checked", async () => {
  const { open, held, web } = rig(jsonAnswer({}));
  await open(entriesOf(WEB), false);
  await settle();
  expect([held, web.calls]).toEqual([[], []]);
});

it("trusts the named CA file for the URL", async () => {
  const { open, web } = rig(jsonAnswer(document), { "ca.pem": "PEM" });
  const [issuer] = await open(entriesOf({ ...WEB, ca_file: "ca.pem", allow_private: true }));
  await settle();
  expect(web.calls[0]).toMatchObject({ caPem: "PEM", allowPrivate: true });
  issuer?.keys.stop();
});

describe("problems", () => {
  it("of all entries come at once, and what was opened is let go", async () => {
    const { open, file, clock } = rig(jsonAnswer(document), {
      "one.json": JSON.stringify(document),
    });
    const error = await open(
      entriesOf(
        { ...FILE, subject_prefix: "a:" },
        { ...FILE, issuer: "i3", subject_prefix: "b:", jwks_file: "absent.json" },
        { ...WEB, subject_prefix: "a:" },
        { ...WEB, issuer: "i4", subject_prefix: "b:", ca_file: "absent.pem" },
      ),
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toEqual([
      "absent.json: can not be read (ENOENT); give a JWK Set with at least one public key",
      "absent.pem: can not be read; give a PEM file with ca_file",
    ]);
    await settle();
    expect([file.watched("one.json"), clock.waiting]).toEqual([0, 0]);
  });
});
