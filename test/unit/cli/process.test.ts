/** The process starts, says what it does, and ends as it is asked to. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { startChild } from "../../support/child-process.ts";
import { createCredentials } from "../../support/credentials.ts";
import { freePort } from "../../support/free-port.ts";
import { sidecarConfig } from "../../support/sidecar-config.ts";

let folder: string;
let file: string;
let metricsPort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sark-authz-cli-"));
  file = join(folder, "sidecar.yaml");
  metricsPort = await freePort();
  await writeConfig({ shutdown: { notice_ms: 0 } });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function writeConfig(change: Record<string, unknown>): Promise<void> {
  const credentials = await createCredentials(folder);
  const check = `unix:${join(folder, "authz.sock")}`;
  const config = sidecarConfig({ check, metricsPort, credentials, folder, change });
  writeFileSync(file, JSON.stringify(config));
}

function start(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  let seen = () => {};
  const child = startChild(process.execPath, ["src/main.ts", ...args], {
    onStdout: (line) => out.push(line),
    onStderr: (line) => {
      err.push(line);
      seen();
    },
  });
  onTestFinished(() => child.stop());
  const saying = async (text: string) => {
    while (!err.some((line) => line.includes(text))) {
      await new Promise<void>((resolve) => {
        seen = resolve;
      });
    }
  };
  return { child, out, err, saying };
}

async function run(...args: string[]) {
  const { child, out, err } = start(...args);
  const code = await child.exited;
  await expect.poll(() => out.length + err.length).toBeGreaterThan(0);
  return { code, out, err };
}

it("accepts a good configuration and names its weaknesses", async () => {
  const { code, out, err } = await run("check-config", "--config", file);
  expect({ code, out }).toEqual({ code: 0, out: [`${file}: ok`] });
  expect(err).toContain(
    "warning: policy.insecure_unsigned_bundle: whoever can write the bundle file decides",
  );
});

it("says where it listens, is healthy, and ends in good order", async () => {
  const server = start("serve", "--config", file);
  await server.saying("ready");
  expect(server.err).toContain(`listening: check unix:${join(folder, "authz.sock")}`);
  expect(server.err[0]).toContain("started without --disallow-code-generation-from-strings");
  expect(server.err).toContain(`listening: metrics 127.0.0.1:${metricsPort}`);
  expect(await run("healthcheck", "--config", file)).toMatchObject({ code: 0, out: ["ready"] });
  server.child.signal("SIGTERM");
  expect(await server.child.exited).toBe(0);
  expect(server.out).toEqual([]);
  expect(await run("healthcheck", "--config", file)).toMatchObject({ code: 69 });
});

it("ends at once when asked a second time", async () => {
  await writeConfig({ shutdown: { notice_ms: 60_000 } });
  const server = start("serve", "--config", file);
  await server.saying("ready");
  server.child.signal("SIGINT");
  await server.saying("stopping");
  expect(await run("healthcheck", "--config", file)).toMatchObject({ code: 1 });
  server.child.signal("SIGINT");
  expect(await server.child.exited).toBe(1);
});
