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
    await waitUntil("the strict route to be open again", async () => {
      return (await ask(KINDS[0])) === "strict allowed: 200 upstream";
    });
    const afterRestart = load.answers.length + WORKERS;
    await load.more(200);
    await load.stop();

    expectPermitted(load.answers);
    expect(whileDead).toContain("strict allowed: 503");
    expect(whileDead).toContain("migration denied: 200 python");
    expect(new Set(load.answers.slice(afterRestart))).toEqual(
      new Set([
        "strict allowed: 200 upstream",
        "strict denied: 403",
        "migration allowed: 200 allow",
        "migration denied: 200 deny",
      ]),
    );
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
});

function detailOf(answer: { readonly headers: Readonly<Record<string, unknown>>; text: string }) {
  const servedBy = answer.headers["x-served-by"];
  if (servedBy !== undefined) return ` ${servedBy}`;
  const body = answer.text.startsWith("{") ? (JSON.parse(answer.text) as object) : {};
  if (!("allow" in body)) return "";
  return body.allow === true ? " allow" : " deny";
}
