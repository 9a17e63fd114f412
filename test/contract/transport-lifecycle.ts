/** What every transport promises from bind to close: addresses, drain, connection age. */
import { chmodSync, existsSync, lstatSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ConfigError } from "../../src/domain/errors.ts";
import { type ListenAddress, TRANSPORT_LIMITS } from "../../src/transport/transport.ts";
import { startChild } from "../support/child-process.ts";
import { codeOf, grpcClient } from "../support/grpc-client.ts";
import { handClock } from "../support/hand-clock.ts";
import { framed } from "../support/raw-http2-client.ts";
import { waitUntil } from "../support/wait-until.ts";
import {
  type CreateTransport,
  echo,
  heldHandler,
  socketFile,
  startTransport,
  TCP,
} from "./transport-rig.ts";

const MESSAGE = Buffer.from("message");

export function addressContract(create: CreateTransport): void {
  const refusal = async (address: ListenAddress): Promise<string> => {
    const start = startTransport(create, echo, { address });
    const error: unknown = await start.catch((thrown: unknown) => thrown);
    if (error instanceof ConfigError) return error.message;
    throw new Error("expected a ConfigError", { cause: error });
  };

  it.each(["0660", "0600"])("gives its socket file mode %s and removes it", async (modeOctal) => {
    const address = socketFile(modeOctal);
    const { transport } = await startTransport(create, echo, { address });
    expect(lstatSync(address.path).mode & 0o777).toBe(Number.parseInt(modeOctal, 8));
    await transport.close();
    expect(existsSync(address.path)).toBe(false);
  });

  it("replaces the socket file of a dead process", async () => {
    const address = socketFile();
    const script = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
    await startChild(process.execPath, ["-e", script, address.path]).exited;
    expect(lstatSync(address.path).isSocket()).toBe(true);
    const { client } = await startTransport(create, echo, { address });
    expect(await client().check(MESSAGE)).toEqual(MESSAGE);
  });

  it("leaves a live socket alone and says who is there", async () => {
    const address = socketFile();
    const { client } = await startTransport(create, echo, { address });
    expect(await refusal(address)).toBe(
      `listen.check: socket file ${address.path} is served by a running process; stop it or choose another path`,
    );
    expect(await client().check(MESSAGE)).toEqual(MESSAGE);
  });

  it("leaves a file alone that is no socket", async () => {
    const address = socketFile();
    writeFileSync(address.path, "precious");
    expect(await refusal(address)).toContain(`${address.path} exists and is no socket; move`);
    expect(lstatSync(address.path).size).toBe(8);
  });

  it("leaves a socket alone that it may not ask", async () => {
    const address = socketFile();
    await startTransport(create, echo, { address });
    chmodSync(dirname(address.path), 0o755);
    chmodSync(address.path, 0);
    withoutRoot();
    expect(await refusal(address)).toContain("can not be probed (EACCES)");
  });

  it("names a missing folder and a path that is too long", async () => {
    const { path } = socketFile();
    const missing = { kind: "unix", path: `${path}/none/a.sock`, modeOctal: "0660" } as const;
    expect(await refusal(missing)).toMatch(/^listen\.check: unix:.*(folder|path)/);
    const long = { kind: "unix", path: `${path}${"x".repeat(120)}`, modeOctal: "0660" } as const;
    expect(await refusal(long)).toContain("at most 107 bytes");
  });

  it("names a taken port with the remedy", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const bound = other.address();
    const port = typeof bound === "object" ? (bound?.port ?? 0) : 0;
    expect(await refusal({ ...TCP, port } as ListenAddress)).toBe(
      `listen.check: 127.0.0.1:${port} is taken; stop the process that holds it or choose another address`,
    );
  });

  it("names an address that this machine does not have", async () => {
    expect(await refusal({ kind: "tcp", host: "192.0.2.1", port: 0 })).toContain(
      "is not an address of this machine",
    );
  });
}

/** File modes mean nothing to root, which tests in a container often are. */
function withoutRoot(): void {
  if (process.geteuid?.() !== 0) return;
  const NOBODY = 65_534;
  process.seteuid?.(NOBODY);
  onTestFinished(() => process.seteuid?.(0));
}

export function drainContract(create: CreateTransport): void {
  it("finishes Checks in flight, says GOAWAY to all connections and takes no new one", async () => {
    const { handler, arrived, release } = heldHandler();
    const { transport, address, raw } = await startTransport(create, handler);
    const [busy, idle] = [raw(), raw()];
    const call = busy.call({ data: [framed(MESSAGE)] });
    await arrived();
    await waitUntil("both connections", () => transport.stats.connections === 2);

    const drained = transport.drain(10_000);
    await idle.closed;
    await waitUntil("the GOAWAY", () => busy.goaways.length > 0);
    expect(busy.goaways.at(-1)).toBe(1);
    const late = grpcClient(address);
    onTestFinished(() => late.close());
    expect(await codeOf(late.check(MESSAGE))).toBe(14);

    release(MESSAGE);
    expect(await call).toMatchObject({ grpcStatus: 0, body: framed(MESSAGE) });
    expect(await drained).toEqual({ isGraceful: true });
    await busy.closed;
    expect(idle.goaways.length).toBeGreaterThan(0);
    expect(transport.stats).toMatchObject({ connections: 0, inFlight: 0, answered: 1 });
  });

  it("cuts off what still runs after the grace and says so", async () => {
    const { handler, arrived } = heldHandler();
    const clock = handClock();
    const { transport, client } = await startTransport(create, handler, { clock });
    const call = codeOf(client().check(MESSAGE));
    await arrived();
    const drained = transport.drain(10_000);
    clock.advance(9_999);
    expect(transport.stats.connections).toBe(1);
    clock.advance(1);
    expect(await drained).toEqual({ isGraceful: false });
    expect(await call).toBe(14);
    expect(transport.stats.connections).toBe(0);
  });

  it("drains at once when nobody is there, and closes twice without harm", async () => {
    const { transport } = await startTransport(create, echo);
    expect(await transport.drain(10_000)).toEqual({ isGraceful: true });
    await transport.close();
    await transport.close();
  });

  it("ends health watches, so that they do not hold up the drain", async () => {
    const { transport, client } = await startTransport(create, echo);
    const watch = client().watch();
    await watch.next();
    expect(await transport.drain(10_000)).toEqual({ isGraceful: true });
    expect(await watch.ended).toBe(14);
  });

  it("loses no Check of a caller with two endpoints while one drains under load", async () => {
    const slow = (request: Uint8Array) =>
      new Promise<Uint8Array>((resolve) => setImmediate(() => resolve(Uint8Array.from(request))));
    const first = await startTransport(create, slow);
    const second = await startTransport(create, slow);
    const caller = grpcClient(first.address, second.address);
    onTestFinished(() => caller.close());
    await caller.check(MESSAGE);
    await waitUntil("both in use", async () => {
      await caller.check(MESSAGE);
      return first.transport.stats.answered > 0 && second.transport.stats.answered > 0;
    });

    let isOver = false;
    const failed: unknown[] = [];
    const load = Array.from({ length: 16 }, async () => {
      while (!isOver) await caller.check(MESSAGE).catch((error: unknown) => failed.push(error));
    });
    const answered = () => first.transport.stats.answered + second.transport.stats.answered;
    const more = (count: number) => {
      const goal = answered() + count;
      return waitUntil(`${count} more answers`, () => answered() >= goal);
    };
    await more(500);
    expect(await first.transport.drain(10_000)).toEqual({ isGraceful: true });
    const afterDrain = first.transport.stats.answered;
    await more(500);
    isOver = true;
    await Promise.all(load);
    expect(failed).toEqual([]);
    expect(first.transport.stats.answered).toBe(afterDrain);
  });

  it("replaces a connection at its age without losing what runs on it", async () => {
    const { handler, arrived, release } = heldHandler();
    const limits = { ...TRANSPORT_LIMITS, connectionAgeMs: 200, connectionAgeGraceMs: 60_000 };
    const { raw } = await startTransport(create, handler, { limits });
    const client = raw();
    const call = client.call({ data: [framed(MESSAGE)] });
    await arrived();
    await waitUntil("the GOAWAY", () => client.goaways.length > 0);
    release(MESSAGE);
    expect(await call).toMatchObject({ grpcStatus: 0, body: framed(MESSAGE) });
    await client.closed;
  });
}
