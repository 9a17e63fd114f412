/** One GET over https that ends within its bounds, whatever the other side does. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, createServer as createTcp, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { HttpGet } from "../../../src/domain/surroundings.ts";
import { httpsClient } from "../../../src/host/https-client.ts";
import { isPublicAddress, publicLookup } from "../../../src/host/public-address.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let caPem: string;
let server: Server;
let port = 0;
let answer: Answer = () => {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sark-authz-https-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = [
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost,IP:127.0.0.1",
  ];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const args = ["req", "-x509", ...kind, "-keyout", key, "-out", cert, ...subject];
  execFileSync("openssl", args, { stdio: "ignore" });
  caPem = readFileSync(cert, "utf8");
  const options = { key: readFileSync(key), cert: caPem };
  server = createHttps(options, (request, response) => answer(request, response));
  port = await listen(server);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function listen(on: Server): Promise<number> {
  return new Promise((resolve) =>
    on.listen(0, "127.0.0.1", () => resolve((on.address() as AddressInfo).port)),
  );
}

function get(change: Partial<HttpGet> = {}, signal?: AbortSignal) {
  const url = `https://localhost:${port}/keys?a=b`;
  const bounds = { bodyBytesMax: 100, connectMs: 5_000, totalMs: 5_000 };
  return httpsClient.get({ url, ...bounds, caPem, allowPrivate: true, ...change }, signal);
}

it("gives status, headers and body", async () => {
  answer = (request, response) => {
    response
      .writeHead(404, { "Cache-Control": "max-age=60" })
      .end(`${request.method} ${request.url}`);
  };
  const reply = await get();
  expect(reply.status).toBe(404);
  expect(reply.headers.get("cache-control")).toBe("max-age=60");
  expect(Buffer.from(reply.body).toString()).toBe("GET /keys?a=b");
});

it("takes a body up to the bound and refuses one byte more", async () => {
  answer = (_, response) => response.end("x".repeat(100));
  expect((await get()).body).toHaveLength(100);
  await expect(get({ bodyBytesMax: 99 })).rejects.toThrow("larger than 99 bytes");
});

it("stops reading a body that never ends", async () => {
  answer = (_, response) => {
    const pump = () => {
      while (!response.destroyed && response.write("x".repeat(1_000)));
    };
    response.on("drain", pump);
    pump();
  };
  await expect(get()).rejects.toThrow("larger than 100 bytes");
});

it("follows no redirect and decodes nothing", async () => {
  answer = (_, response) => response.writeHead(302, { location: "/other" }).end();
  await expect(get()).rejects.toMatchObject({
    fault: "redirect",
    message: "redirects are not followed",
  });
  answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x");
  await expect(get()).rejects.toThrow("encoded");
});

it("refuses a body that ends too early", async () => {
  answer = (_, response) => {
    response.writeHead(200, { "content-length": "50" });
    response.write("x", () => response.destroy());
  };
  await expect(get()).rejects.toThrow();
});

it("ends when the answer takes too long, and when it is told to", async () => {
  answer = () => {};
  await expect(get({ totalMs: 50 })).rejects.toThrow("no answer within 50 ms");
  const stop = new AbortController();
  answer = () => stop.abort(new Error("shutting down"));
  await expect(get({}, stop.signal)).rejects.toThrow("shutting down");
  await expect(get({}, stop.signal)).rejects.toThrow("shutting down");
});

it("ends when there is no TLS on the other side in time", async () => {
  const mute = createTcp();
  const mutePort = await listen(mute);
  const url = `https://127.0.0.1:${mutePort}/`;
  await expect(get({ url, connectMs: 50 })).rejects.toThrow("no connection within 50 ms");
  mute.close();
});

it("trusts the given certificates only", async () => {
  answer = (_, response) => response.end("x");
  const { caPem: _, ...call } = { caPem, url: `https://localhost:${port}/` };
  const bounds = { bodyBytesMax: 100, connectMs: 5_000, totalMs: 5_000, allowPrivate: true };
  await expect(httpsClient.get({ ...call, ...bounds })).rejects.toMatchObject({
    fault: "tls",
    cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  });
});

it.each([
  ["http://localhost/", "only https"],
  ["https://user:secret@localhost/", "no credentials"],
  ["localhost", "not a URL"],
])("refuses %s", async (url, message) => {
  await expect(get({ url })).rejects.toThrow(message);
});

it("connects to no private address unless allowed", async () => {
  const message = "no public address";
  for (const host of ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433"]) {
    await expect(get({ url: `https://${host}:${port}/`, allowPrivate: false })).rejects.toThrow(
      message,
    );
  }
});

it.each([
  ["8.8.8.8", true],
  ["2606:4700::1111", true],
  ["172.32.0.1", true],
  ["10.1.2.3", false],
  ["172.31.255.255", false],
  ["192.168.0.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["0.0.0.0", false],
  ["255.255.255.255", false],
  ["::", false],
  ["::1", false],
  ["::ffff:10.0.0.1", false],
  ["fd00::1", false],
  ["fe80::1", false],
  ["ff02::1", false],
  ["localhost", false],
])("takes %s for public: %s", (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

it("hands out the public addresses of a name only", () => {
  const addresses = [
    { address: "10.0.0.1", family: 4 },
    { address: "8.8.8.8", family: 4 },
  ];
  const resolve: Parameters<typeof publicLookup>[0] = (_, __, done) => done(null, addresses);
  const seen: unknown[] = [];
  publicLookup(resolve)("a.example", { all: true }, (...answers) => seen.push(answers));
  publicLookup(resolve)("a.example", {}, (...answers) => seen.push(answers));
  expect(seen).toEqual([
    [null, [{ address: "8.8.8.8", family: 4 }]],
    [null, "8.8.8.8", 4],
  ]);
});
