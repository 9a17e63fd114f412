/**
 * A policy for client libraries: who may do everything and who next to nothing, whatever the action.
 * The shipped policy has opinions on sensitivity and hours that would only be in the way.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileRego } from "../unit/policy/rego-bundle.ts";

/** `operator` may do everything; `guest` may open a session, list tools and call `echo`. */
const REGO = `
default allow := false

allow if "operator" in input.user.roles

allow if {
  "guest" in input.user.roles
  input.action in {"gateway:server:info", "gateway:tool:discover", "gateway:session"}
}

allow if {
  "guest" in input.user.roles
  input.action == "gateway:tool:invoke"
  input.resource.tool == "echo"
}

allow if input.source_agent.id == "planner"

result := {"allow": allow, "reason": "decided by role"}
`;

/** The section `policy` of a sidecar's configuration. */
export function sdkPolicy(folder: string): Readonly<Record<string, unknown>> {
  const bundle = join(folder, "sdk-policy.tar.gz");
  writeFileSync(bundle, compileRego(REGO, ["result"], undefined, "plan"));
  const entrypoint = "t/result";
  return {
    bundle,
    insecure_unsigned_bundle: true,
    entrypoints: { sark: entrypoint, a2a: entrypoint, mcp: entrypoint, http: entrypoint },
  };
}
