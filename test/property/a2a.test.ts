/** A2A: whatever is sent, one request or one typed refusal, and no two different ones share a decision. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionKey } from "../../src/cache/decision-key.ts";
import { keyParts } from "../../src/check/question.ts";
import { DenyError } from "../../src/domain/errors.ts";
import type { A2aFacts } from "../../src/domain/request.ts";
import { A2A_OPERATIONS } from "../../src/request/a2a-operations.ts";
import { pushHostOf } from "../../src/request/push-url.ts";
import { readRequest } from "../../src/request/read-request.ts";
import type { CheckAttributes } from "../../src/wire/check-request.ts";
import { a2aFacts, agent, request, resource, verified } from "../support/samples.ts";
import { registry } from "../support/spine.ts";
import { a2aRest, a2aRpc } from "../unit/request/a2a-requests.ts";
import { attributes, rules } from "../unit/request/attributes.ts";

const SEED = { seed: 20_261_124 };
const RULES = rules();

/** Undefined when it was refused on purpose; anything else thrown fails the test. */
function outcome(given: CheckAttributes) {
  try {
    return readRequest(given, RULES, {});
  } catch (thrown) {
    if (thrown instanceof DenyError) return undefined;
    throw thrown;
  }
}

const id = fc.oneof(
  { weight: 20, arbitrary: fc.constant("t-1") },
  fc.constantFrom("t-1", "", "a/b", "a:b", "x:cancel", "\u0000", "\ufffd"),
  fc.string({ maxLength: 8 }),
  fc.constantFrom<unknown>(null, 7, [], {}),
);
const url = fc.oneof(
  { weight: 9, arbitrary: fc.constant("https://hooks.example/") },
  fc.constantFrom("https://hooks.example/", "http://a", "https://127.0.0.1", "\\\\x"),
  fc.webUrl(),
  fc.constantFrom<unknown>(null, 1),
);
const push = fc.record({ url, taskId: id, tenant: id }, { requiredKeys: [] });
const part = fc.oneof(
  { weight: 9, arbitrary: fc.constant({ text: "a" }) },
  fc.record({ url, file: fc.record({ uri: url }) }, { requiredKeys: [] }),
  fc.constantFrom<unknown>("x", null, { text: "a" }),
);
const message = fc.record(
  {
    taskId: id,
    contextId: id,
    referenceTaskIds: fc.oneof(fc.array(id, { maxLength: 3 }), fc.constantFrom<unknown>("x", {})),
    parts: fc.oneof(fc.array(part, { maxLength: 3 }), fc.constantFrom<unknown>("x", null)),
    metadata: fc.constantFrom<unknown>({ skill: "a" }, { skill: 1 }, null, "x"),
  },
  { requiredKeys: [] },
);
const params = fc.record(
  {
    message: fc.oneof({ weight: 9, arbitrary: message }, fc.constantFrom<unknown>(null, [], "x")),
    configuration: fc.record(
      { taskPushNotificationConfig: push, pushNotificationConfig: push },
      { requiredKeys: [] },
    ),
    ...{ id, taskId: id, contextId: id, tenant: id, name: id, url },
    pushNotificationConfig: push,
    pushNotificationConfigId: id,
  },
  { requiredKeys: [] },
);
const method = fc.constantFrom(
  ...A2A_OPERATIONS.flatMap(({ name, legacyMethod }) => [name, legacyMethod ?? "x"]),
);
const version = fc.constantFrom("1.0" as const, "0.3" as const, undefined);
const anySegments = fc
  .array(
    fc.constantFrom(
      ...["", "v1", "tasks", "t-1", "t-1:cancel", "a%3Ab:subscribe", "message:send", "acme"],
      ...["pushNotificationConfigs", "p-1", "extendedAgentCard", "card", "%E2%82%AC"],
    ),
    { maxLength: 6 },
  )
  .map((segments) => `/${segments.join("/")}`);
const start = fc.constantFrom("", "/v1", "/acme");
const end = fc.constantFrom("/message:send", "/tasks", "/tasks/t-1", "/tasks/t-1:cancel");
const below = fc.oneof(
  anySegments,
  fc.tuple(start, end).map(([before, after]) => before + after),
);
const query = fc.constantFrom(
  ...["", "tenant=a", "contextId=c", "id=t-1", "A2A-Version=0.3", "taskId[]=x", "tenant=%zz"],
);
const httpMethod = fc.constantFrom("GET", "POST", "DELETE", "PUT");

describe("reading", () => {
  it("JSON-RPC gives a request or a typed refusal", () => {
    let accepted = 0;
    fc.assert(
      fc.property(method, params, version, (name, given, spoken) => {
        const read = outcome(attributes(a2aRpc(name, given, { version: spoken })));
        if (read === undefined) return;
        accepted++;
        expect(read.agentMessage?.targetAgentId).toBe("worker-1");
        for (const named of [read.a2a?.taskId, read.a2a?.contextId, read.a2a?.tenant]) {
          if (named !== null) expect(named).toMatch(/^[!-.0-~]{1,256}$/);
        }
      }),
      { ...SEED, numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it("REST gives a request or a typed refusal", () => {
    let accepted = 0;
    fc.assert(
      fc.property(httpMethod, below, query, version, params, (verb, path, asked, spoken, given) => {
        const body = verb === "GET" ? {} : { body: JSON.stringify(given) };
        const changes = a2aRest(verb, path, { version: spoken, query: asked, ...body });
        if (outcome(attributes(changes)) !== undefined) accepted++;
      }),
      { ...SEED, numRuns: 10_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

it("a push address is what a URL parser sees, or refused", () => {
  const any = fc.oneof(
    fc.webUrl({ validSchemes: ["https"] }),
    fc.string({ unit: "grapheme", maxLength: 30 }).map((rest) => `https://${rest}`),
    fc.stringMatching(/^https:\/\/[a-z0-9.:@\\/#?[\]-]{1,30}$/),
  );
  fc.assert(
    fc.property(any, (text) => {
      const host = pushHostOf(text);
      if (host === undefined) return;
      const parsed = new URL(text);
      expect([parsed.protocol, parsed.host, parsed.username]).toEqual(["https:", host, ""]);
    }),
    { ...SEED, numRuns: 20_000 },
  );
});

describe("the decision key changes with", () => {
  const key = (a2a: A2aFacts) => {
    const caller = verified(agent());
    const asked = request({ a2a });
    const question = {
      request: asked,
      verified: caller,
      resource: resource(),
      resources: [resource()],
      sourceAgent: undefined,
      targetAgent: undefined,
      delegationDepth: 0,
      time: { slot: 1, hour: 1, weekday: 1, workHours: true, businessDay: true },
      entrypoint: "a2a",
    };
    const policy = {
      revision: "p1",
      answeredBy: "plan" as const,
      evaluate: () => ({ resultSet: [], readTime: false }),
    };
    return decisionKey(keyParts({ registry: registry() } as never, question, policy));
  };
  const facts: Required<A2aFacts> = a2aFacts();

  it.each(Object.keys(facts) as (keyof A2aFacts)[])("%s", (name) => {
    const value: unknown = facts[name];
    const other = Array.isArray(value) ? ["x"] : typeof value === "boolean" ? !value : "x";
    const changed = key({ ...facts, [name]: other } as A2aFacts);
    expect(changed).not.toBe(key(facts));
    expect(key({ ...facts, [name]: value } as A2aFacts)).toBe(key(facts));
  });

  it("the place of a value among the facts", () => {
    expect(key(a2aFacts({ taskId: "x" }))).not.toBe(key(a2aFacts({ contextId: "x" })));
    expect(key(a2aFacts({ referenceTaskIds: ["a", "b"] }))).not.toBe(
      key(a2aFacts({ referenceTaskIds: ["a,b"] })),
    );
  });
});
