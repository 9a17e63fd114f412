/** While the sidecar is dead, stuck or coming back, nothing is allowed that policy denies. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  bearer,
  type Gateway,
  lacksEnvoy,
  question,
  startGateway,
  toolCall,
} from "../support/gateway.ts";
import { startLoad } from "../support/load.ts";
import { waitUntil } from "../support/wait-until.ts";

const MCP = "/mcp/demo";
const AUTHORIZE = "/api/v1/gateway/authorize";
const WORKERS = 8;
/** Answers in a row that show that it is over. */
const STRETCH = 80;

/** Four kinds in turn: strict and migration, allowed and denied. */
const KINDS = [
  { kind: "strict allowed", path: MCP, body: toolCall("get_weather") },
  { kind: "strict denied", path: MCP, body: toolCall("delete_index") },
  { kind: "migration allowed", path: AUTHORIZE, body: question("get_weather") },
  { kind: "migration denied", path: AUTHORIZE, body: question("delete_index") },
] as const;

/** What each kind may be answered at any moment. */
const PERMITTED: Readonly<Record<string, readonly string[]>> = {
  "strict allowed": ["200 upstream", "503"],
  "strict denied": ["403", "503"],
  "migration allowed": ["200 allow", "200 python"],
  "migration denied": ["200 deny", "200 python"],
};

describe.skipIf(lacksEnvoy())("a Check that takes too long", () => {
  it("ends in the sidecar's own error with its reason, or with Python", async () => {
    const gateway = await startGateway({ change: { limits: { check_ms: 1 } } });
    try {
      // Two tokens that a process has to verify as its first work: never done within 1 ms.
      const [first, second] = await Promise.all(
        ["alice", "viewer-1"].map((id) => gateway.credentials.user(id, ["developer"])),
      );
      const [strict, migration] = await Promise.all([
        gateway.call({ path: MCP, headers: bearer(first ?? ""), body: KINDS[0].body }),
        gateway.call({ path: AUTHORIZE, headers: bearer(second ?? ""), body: KINDS[2].body }),
      ]);
      expect(strict.status).toBe(503);
      expect(strict.headers["retry-after"]).toBe("1");
      expect(JSON.parse(strict.text)).toMatchObject({
        id: 7,
        error: { data: { reason_code: "engine.unavailable" } },
      });
      const auditId = String(strict.headers["x-sark-audit-id"]);
      expect(await gateway.sidecar.auditLine(auditId)).toMatchObject({
        decision: "error",
        reason_code: "engine.deadline",
      });
      expect(migration.headers["x-served-by"]).toBe("python");
    } finally {
      await gateway.stop();
    }
  });
});

describe.skipIf(lacksEnvoy())("an outage", () => {
  let gateway: Gateway;
  let token: string;
  beforeEach(async () => {
    gateway = await startGateway();
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterEach(() => gateway.stop());

  async function ask({ kind, path, body }: (typeof KINDS)[number]): Promise<string> {
    const answer = await gateway.call({ path, headers: bearer(token), body });
    return `${kind}: ${answer.status}${detailOf(answer)}`;
  }
  const askInTurn = (turn: number) => ask(KINDS[turn % KINDS.length] ?? KINDS[0]);

  function expectPermitted(answers: readonly string[]): void {
    const wrong = answers.filter((answer) => {
      const [kind = "", outcome = ""] = answer.split(": ");
      return PERMITTED[kind]?.includes(outcome) !== true;
    });
    expect(wrong).toEqual([]);
  }

  it("by SIGKILL under load closes strict routes, leaves migration to Python, and passes", async () => {
    const load = startLoad(WORKERS, askInTurn);
    await load.more(80);
    const beforeKill = load.answers.length;
    await gateway.sidecar.kill();
    await load.more(80);
    const whileDead = load.answers.slice(beforeKill + WORKERS);
    await gateway.sidecar.restart();
    const backAt = load.answers.length;
    // How long this takes is the machine's business; that it happens is ours.
    await waitUntil("every answer to be the sidecar's again", () =>
      load.answers.length > backAt + STRETCH
        ? load.answers.slice(-STRETCH).every(isEnforced)
        : undefined,
    );
    await load.stop();

    expectPermitted(load.answers);
    expect(whileDead).toContain("strict allowed: 503");
    expect(whileDead).toContain("migration denied: 200 python");
  });

  it("by a stuck process ends at Envoy's deadline, and the same process serves again", async () => {
    expect(await ask(KINDS[0])).toBe("strict allowed: 200 upstream");
    gateway.sidecar.signal("SIGSTOP");
    const stuck = await Promise.all(KINDS.map(ask));
    gateway.sidecar.signal("SIGCONT");
    expect(stuck).toEqual([
      "strict allowed: 503",
      "strict denied: 503",
      "migration allowed: 200 python",
      "migration denied: 200 python",
    ]);
    expect(await gateway.envoy.stat("cluster.sark_authz.upstream_rq_timeout")).toBeGreaterThan(0);
    await waitUntil("the sidecar to serve again", async () => {
      return (await ask(KINDS[0])) === "strict allowed: 200 upstream";
    });
    expect(await ask(KINDS[1])).toBe("strict denied: 403");
  });

  it("by an operator's switch does not open strict routes", async () => {
    await gateway.envoy.modifyRuntime({
      "sark.ext_authz.enabled": 0,
      "sark.strict.deny_at_disable": "false",
    });
    expect(await Promise.all(KINDS.map(ask))).toEqual([
      "strict allowed: 200 upstream",
      "strict denied: 403",
      "migration allowed: 200 python",
      "migration denied: 200 python",
    ]);
  });
});

function isEnforced(answer: string): boolean {
  return !answer.endsWith("503") && !answer.endsWith("python");
}

function detailOf(answer: { readonly headers: Readonly<Record<string, unknown>>; text: string }) {
  const servedBy = answer.headers["x-served-by"];
  if (servedBy !== undefined) return ` ${servedBy}`;
  const body = answer.text.startsWith("{") ? (JSON.parse(answer.text) as object) : {};
  if (!("allow" in body)) return "";
  return body.allow === true ? " allow" : " deny";
}
