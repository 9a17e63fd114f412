/**
 * The callers of the demo.
 *
 * @module
 */
import type { Credentials } from "../test/support/credentials.ts";

const DAY_S = 86_400;
const HOUR_S = 3_600;

export type TokenName = "alice" | "alice-expired" | "viewer-1" | "planner" | "worker-1";

export async function mintTokens(credentials: Credentials): Promise<Record<TokenName, string>> {
  const long = { expiresInS: DAY_S };
  return {
    alice: await credentials.user("alice", ["developer"], long),
    "alice-expired": await credentials.user("alice", ["developer"], { expiresInS: -HOUR_S }),
    "viewer-1": await credentials.user("viewer-1", ["viewer"], long),
    planner: await credentials.agent(
      "planner",
      {
        agent_type: "orchestrator",
        trust_level: "trusted",
        environment: "production",
        capabilities: ["execute", "query"],
      },
      long,
    ),
    "worker-1": await credentials.agent(
      "worker-1",
      {
        agent_type: "worker",
        trust_level: "limited",
        environment: "production",
        capabilities: ["query"],
      },
      long,
    ),
  };
}
