/**
 * The whole configuration file. Every section with a part of its own brings its schema from there.
 *
 * @module
 */
import { z } from "zod";
import type { Frozen } from "../domain/frozen.ts";
import { type IssuerConfig, identitySchema } from "../identity/config.ts";
import { readListenAddress } from "./listen-address.ts";
import { redisSchema, revocationSchema } from "./revocation-sections.ts";
import { routesSchema } from "./route-schema.ts";
import {
  auditSchema,
  cacheSchema,
  limitsSchema,
  listenSchema,
  logSchema,
  policySchema,
  registrySectionSchema,
  rolloutSchema,
  shutdownSchema,
} from "./sections.ts";

const sections = {
  listen: listenSchema,
  transport: z.enum(["grpc-js"]).default("grpc-js").describe("Implementation of gRPC."),
  limits: limitsSchema,
  routes: routesSchema,
  identity: identitySchema,
  revocation: revocationSchema,
  redis: redisSchema,
  policy: policySchema,
  registry: registrySectionSchema,
  cache: cacheSchema,
  rollout: rolloutSchema,
  audit: auditSchema,
  log: logSchema,
  shutdown: shutdownSchema,
};

export const configSchema = z.strictObject(sections).superRefine((config, context) => {
  for (const [index, route] of config.routes.entries()) {
    const { audience, mtls } = route;
    const complain = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: ["routes", index, key], message });
    if (audience !== undefined && !config.identity.issuers.some((one) => lists(one, audience))) {
      complain(
        "audience",
        "no issuer lists this audience, so no token could ever be accepted here",
      );
    }
    if (mtls === undefined) continue;
    if (readListenAddress(config.listen.check)?.kind === "tcp") {
      complain("mtls", "needs listen.check on unix:/path: over TCP anybody could name a workload");
    }
    if (mtls === "required" && config.identity.workloads.length === 0) {
      complain("mtls", "identity.workloads is empty, so no peer could ever be accepted here");
    }
  }
  const hasServer = config.redis.address !== null || config.redis.url_file !== null;
  if (hasServer === (config.revocation.source === "redis")) return;
  context.addIssue({
    code: "custom",
    path: hasServer ? ["redis"] : ["revocation", "source"],
    message: hasServer
      ? "is only used with revocation.source redis"
      : "redis needs redis.address or redis.url_file",
  });
});

function lists(issuer: IssuerConfig, audience: string): boolean {
  return [issuer.audience].flat().includes(audience);
}

/** Checked, with every default filled in, paths absolute, frozen. */
export type Config = Frozen<z.output<typeof configSchema>>;
