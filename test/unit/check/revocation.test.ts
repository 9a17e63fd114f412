/** A revocation counts on every Check, and the age of the list decides how old a stored allow may be. */
import { describe, expect, it } from "vitest";
import { readDocument } from "../../../src/identity/revocation-document.ts";
import { RevocationList } from "../../../src/identity/revocation-list.ts";
import { checkRequest } from "../../support/check-request.ts";
import { readReply } from "../../support/check-response.ts";
import { listText } from "../../support/revocations.ts";
import { revocable, route, user, verified } from "../../support/samples.ts";
import { call, type SpineOptions, spine } from "../../support/spine.ts";

const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;
const UNTIL = 4_000_000_000;

const toolCall = checkRequest({
  body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_weather","arguments":{}}}',
  headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
});

/** A spine whose list is renewed by the test alone. */
function open(options: SpineOptions = {}) {
  let list: RevocationList | undefined;
  const revocation = {
    isRevoked: (ids: Parameters<RevocationList["isRevoked"]>[0]) => list?.isRevoked(ids) === true,
    allowAgeMsMax: () => list?.allowAgeMsMax() ?? 0,
  };
  const token = verified(user(), { revocable: revocable({ tokenId: "t1" }) });
  const { deps, ...others } = options;
  const rig = spine({ token, ...others, deps: { ...deps, revocation } });
  list = new RevocationList({ clock: rig.clock, skewMs: 0, refuseMs: 600_000 });
  const taken = list;
  const take = (sequence: number, entries: readonly object[] = []) =>
    taken.take(
      readDocument(Buffer.from(listText({ sequence, issuedAtMs: rig.clock.unixMs(), entries }))),
    );
  const ask = async () => readReply(await rig.handler(toolCall, call));
  return { ...rig, list: taken, take, ask };
}

const longLived = { deps: { options: { ...optionsOfSpine(), ttlSecondsMax: 1_800 } } };

it("T28: refuses a caller whose token and decision are both stored", async () => {
  const { take, ask, records } = open();
  take(1);
  await ask();
  expect((await ask()).metadata["cache"]).toBe("hit");
  take(2, [{ kind: "jti", value: "t1", until: UNTIL }]);
  const reply = await ask();
  expect(reply.ok).toBeUndefined();
  expect(records.at(-1)).toMatchObject({ effect: "deny", reason: "identity.revoked" });
});

it("T28: refuses the revoked on a migration route at every percentage", async () => {
  const { take, ask, records } = open({ routes: [route({ mode: "migration" })], percent: 0 });
  take(1, [{ kind: "jti", value: "t1", until: UNTIL }]);
  await ask();
  expect(records.at(-1)).toMatchObject({ effect: "deny", reason: "identity.revoked" });
});

describe("ID-10: while the feed is lost", () => {
  it("uses no stored allow older than the cap of the list's age", async () => {
    const { take, ask, clock, list } = open(longLived);
    take(1);
    await ask();
    const cacheAfter = async (ms: number) => {
      clock.advance(ms);
      return (await ask()).metadata["cache"];
    };
    clock.advance(100_000);
    list.renew(clock.unixMs());
    // The list is fresh: an allow of 100 s stands. Then it is 6 s old and the allow is not used.
    expect(await cacheAfter(0)).toBe("hit");
    expect(await cacheAfter(6_000)).toBe("miss");
    expect(await cacheAfter(30_000)).toBe("hit");
    // Above 60 s a stored allow lives 5 s.
    expect(await cacheAfter(30_000)).toBe("miss");
    expect(await cacheAfter(4_000)).toBe("hit");
    expect(await cacheAfter(2_000)).toBe("miss");
  });

  it("ends in an error when the list is too old", async () => {
    const { take, ask, clock, records } = open();
    take(1);
    clock.advance(600_000);
    await ask();
    expect(records.at(-1)).toMatchObject({ effect: "error", reason: "identity.keys_unavailable" });
  });
});

function optionsOfSpine() {
  return {
    checkMs: 150,
    checksInFlightMax: 256,
    entrypoints: { sark: "sark", a2a: "a2a", mcp: "mcp", http: "http" },
    workHours: { start: 0, end: 24, days: [1, 2, 3, 4, 5, 6, 7], timeSlotSeconds: 3_600 },
    advertisedTtlSecondsMax: 60,
    denyTtlSecondsMax: 5,
  };
}
