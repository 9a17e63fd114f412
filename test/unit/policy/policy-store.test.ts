/** loadPolicyBundle: an engine from a file, or one line that says which file, what is wrong, what to do. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { loadPolicyBundle } from "../../../src/policy/policy-store.ts";
import { engineOptions } from "../../support/engine-options.ts";

const SHIPPED = new URL("../../../policies/dist/bundle.tar.gz", import.meta.url);

function open(read: (path: string, bytesMax: number) => Promise<Uint8Array>, change: object = {}) {
  return loadPolicyBundle({
    files: { read },
    path: "policies/dist/bundle.tar.gz",
    allowUnsigned: true,
    ...engineOptions({
      requiredEntrypoints: ["mcp/gateway/result", "mcp/gateway/a2a/result"],
    }),
    ...change,
  });
}

const shipped = () => Promise.resolve(readFileSync(SHIPPED));

it("loads the shipped bundle", async () => {
  const policy = await open(shipped);
  expect(policy.revision).toMatch(/^[0-9a-f]{16}-[0-9a-f]{12}$/);
  const { resultSet } = policy.evaluate("mcp/gateway/result", {}, 0);
  expect(resultSet).toMatchObject([{ result: { allow: false, reason_code: "policy.denied" } }]);
});

it("asks for no more than 16 MiB of one file", async () => {
  const asked: unknown[] = [];
  await open((path, bytesMax) => {
    asked.push(path, bytesMax);
    return shipped();
  });
  expect(asked).toEqual(["policies/dist/bundle.tar.gz", 16 * 1_048_576]);
});

it.each<[string, () => Promise<Uint8Array>, object, RegExp]>([
  ["absent", () => failing("ENOENT"), {}, /no such file; build it with "sark-authz policy build"/],
  ["not readable", () => failing("EACCES"), {}, /can not be read \(EACCES\)/],
  ["empty", () => Promise.resolve(new Uint8Array()), {}, /not a complete gzip file/],
  ["cut short", async () => (await shipped()).subarray(0, 20_000), {}, /not a complete gzip file/],
  ["not accepted unsigned", shipped, { allowUnsigned: false }, /insecure_unsigned_bundle: true/],
  [
    "without the entrypoint",
    shipped,
    { requiredEntrypoints: ["a/b"] },
    /entrypoint a\/b is missing/,
  ],
])("names the file when it is %s", async (_name, read, change, message) => {
  const error: unknown = await open(read, change).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "ConfigError" });
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toMatch(/^policies\/dist\/bundle\.tar\.gz: bundle\./);
});

function failing(code: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(code), { code }));
}
