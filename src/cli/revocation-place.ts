/**
 * Where a revocation list is kept, as its writers see it: a file or a store, both with "write unless
 * somebody else has written since".
 *
 * @module
 */
import type { Config } from "../config/schema.ts";
import { ConfigError } from "../domain/errors.ts";
import { REVOCATION_TEXT_CHARACTERS_MAX } from "../domain/limits.ts";
import type { Logger } from "../domain/logger.ts";
import type { Store } from "../domain/surroundings.ts";
import { fileSystem } from "../host/file-system.ts";
import { systemClock } from "../host/system-clock.ts";
import { systemRandom } from "../host/system-random.ts";
import { REVOCATION_CHANNEL, REVOCATION_KEY } from "../identity/revocation-sources.ts";

/** What to write in place of the present text, and what to announce. */
export interface NextList {
  readonly text: string;
  readonly change: string | undefined;
}

export interface RevocationPlace {
  read(): Promise<string | undefined>;
  /** False when somebody else wrote meanwhile. `next` may give undefined to leave the list. */
  write(next: (before: string | undefined) => Promise<NextList | undefined>): Promise<boolean>;
  /** Calls `changed` when another writer has announced a change. */
  onChange(changed: () => void): void;
  close(): Promise<void>;
}

/** The sidecars of the writer's group read it. */
const LIST_MODE = 0o640;

export async function openPlace(config: Config, log: Logger): Promise<RevocationPlace> {
  const { source, file } = config.revocation;
  if (source === "file") return filePlace(file ?? "");
  if (source === "redis") {
    const { openRedisStore } = await import("../host/redis-store.ts");
    const surroundings = { clock: systemClock, random: systemRandom, log };
    return storePlace(await openRedisStore(config.redis, surroundings));
  }
  throw new ConfigError([
    "revocation.source: is none, so there is no list; set it to file or redis",
  ]);
}

/** Between the second look and the rename somebody else could still write: use one writer for a file. */
function filePlace(path: string): RevocationPlace {
  const read = async () => {
    try {
      return Buffer.from(await fileSystem.read(path, REVOCATION_TEXT_CHARACTERS_MAX)).toString();
    } catch (cause) {
      if ((cause as { readonly code?: unknown }).code === "ENOENT") return undefined;
      throw new ConfigError([`${path}: can not be read; it is named by revocation.file`], {
        cause,
      });
    }
  };
  return {
    read,
    write: async (next) => {
      const before = await read();
      const list = await next(before);
      if (list === undefined) return true;
      if ((await read()) !== before) return false;
      await fileSystem.replace(path, Buffer.from(list.text), LIST_MODE);
      return true;
    },
    onChange: () => undefined,
    close: async () => undefined,
  };
}

function storePlace(store: Store): RevocationPlace {
  return {
    read: () => store.get(REVOCATION_KEY, REVOCATION_TEXT_CHARACTERS_MAX),
    write: (next) =>
      store.update(REVOCATION_KEY, REVOCATION_TEXT_CHARACTERS_MAX, async (before) => {
        const list = await next(before);
        if (list === undefined) return undefined;
        const { text, change } = list;
        if (change === undefined) return { value: text };
        return { value: text, announcement: { channel: REVOCATION_CHANNEL, message: change } };
      }),
    onChange: (changed) => void store.subscribe(REVOCATION_CHANNEL, changed),
    close: () => store.close(),
  };
}
