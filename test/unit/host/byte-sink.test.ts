/** Bytes arrive whole, in order, and at the end of what was there. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fileSink, stdoutSink } from "../../../src/host/byte-sink.ts";
import { systemClock } from "../../../src/host/system-clock.ts";
import { startChild } from "../../support/child-process.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-sink-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it("appends batches in the order they were given", async () => {
  const path = join(newFolder(), "audit.jsonl");
  writeFileSync(path, "before\n");
  const sink = await fileSink(path, systemClock);
  const batches = Array.from({ length: 20 }, (_, index) => Buffer.from(`${index}\n`));
  await Promise.all(batches.map((batch) => sink.write(batch)));
  await sink.close();
  expect(readFileSync(path, "utf8")).toBe(`before\n${batches.join("")}`);
});

it("makes a file that others can not read", async () => {
  const path = join(newFolder(), "audit.jsonl");
  await (await fileSink(path, systemClock)).close();
  expect(statSync(path).mode & 0o007).toBe(0);
});

it("rejects a file that can not be opened and a write after the end", async () => {
  const folder = newFolder();
  await expect(fileSink(folder, systemClock)).rejects.toMatchObject({ code: "EISDIR" });
  const sink = await fileSink(join(folder, "a"), systemClock);
  await sink.close();
  await sink.close();
  await expect(sink.write(Buffer.from("late"))).rejects.toThrow("closed");
});

it("tells the writer of a full disk, and tries the next batch again", async () => {
  const sink = await fileSink("/dev/full", systemClock);
  await expect(sink.write(Buffer.from("x"))).rejects.toMatchObject({ code: "ENOSPC" });
  await expect(sink.write(Buffer.from("x"))).rejects.toMatchObject({ code: "ENOSPC" });
});

it("writes far more than a pipe holds to standard output", async () => {
  const lines: string[] = [];
  const script = `
    import { stdoutSink } from "./src/host/byte-sink.ts";
    import { systemClock } from "./src/host/system-clock.ts";
    const sink = stdoutSink(systemClock);
    for (let index = 0; index < 50; index++) await sink.write(Buffer.from(String(index).padEnd(20000, ".") + "\\n"));
    await sink.close();
  `;
  const args = ["--input-type=module-typescript", "--eval", script];
  const child = startChild(process.execPath, args, { onStdout: (line) => lines.push(line) });
  expect(await child.exited).toBe(0);
  await expect.poll(() => lines.length).toBe(50);
  expect(lines.every((line, index) => line.length === 20_000 && line.startsWith(`${index}.`))).toBe(
    true,
  );
  expect(stdoutSink(systemClock)).toBeDefined();
});
