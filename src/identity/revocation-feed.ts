/**
 * Lists from a source → the list in force: verified, read strictly, taken whole or not at all, kept for
 * the next start. Whatever is wrong with one, the last good list stays and the fault is counted.
 *
 * @module
 */
import type { Logger } from "../domain/logger.ts";
import type { Files } from "../domain/surroundings.ts";
import type { KeySet } from "./key-admission.ts";
import { readDocument, renewedAtMs } from "./revocation-document.ts";
import { type ListFault, RevocationListError } from "./revocation-entry.ts";
import type { RevocationList, Taken } from "./revocation-list.ts";
import { openList } from "./revocation-signature.ts";
import { readState, writeState } from "./revocation-state.ts";

export interface RevocationFeedOptions {
  readonly list: RevocationList;
  /** Undefined accepts lists without signature. Read anew for each list. */
  readonly keys: (() => KeySet | undefined) | undefined;
  readonly files: Files;
  readonly statePath: string;
  readonly log: Logger;
  /** Called after every list that was taken. */
  readonly onTaken: () => void;
}

export class RevocationFeed {
  readonly #options: RevocationFeedOptions;
  /** Lists are taken one after the other, in the order they came. */
  #last: Promise<unknown> = Promise.resolve();
  /** The text and payload of the last whole list: most reads find it again. */
  #text: string | undefined;
  #payload: Buffer | undefined;
  /** The whole list that a restart begins with: the last one taken, or what an earlier life has kept. */
  #base: string | undefined;
  /** Came on top of it since, as they were received. */
  #changes: string[] = [];
  #faultOfNow: ListFault | undefined;
  readonly #faults = new Map<ListFault, number>();

  constructor(options: RevocationFeedOptions) {
    this.#options = options;
  }

  get faultsByCause(): ReadonlyMap<ListFault, number> {
    return this.#faults;
  }

  /**
   * Takes up what an earlier life has kept.
   * @throws {ConfigError} when the file is there and wrong
   */
  async restore(): Promise<void> {
    const { files, statePath, list, log } = this.#options;
    const state = await readState(files, statePath);
    if (state === undefined) return;
    try {
      for (const text of [state.list, ...state.changes]) {
        list.take(readDocument(await this.#open(text)));
      }
      // Changes that come before the next whole list are kept on top of this.
      this.#base = state.list;
      this.#changes = [...state.changes];
    } catch (err) {
      log.warn("the kept revocation list is not usable any more, its number is", { err });
    }
    list.requireSequence(state.sequence);
  }

  /** A whole list from where it is kept. Never rejects; a fault is counted and undefined. */
  offerList(text: string): Promise<Taken | undefined> {
    return this.#inTurn(async () => {
      if (text === this.#text) return "old";
      const bytes = await this.#open(text);
      const renewedMs = renewedAtMs(bytes, this.#payload);
      if (renewedMs !== undefined && this.#isInForce()) {
        this.#options.list.renew(renewedMs);
        this.#text = text;
        this.#base = text;
        return "renewed";
      }
      const document = readDocument(bytes);
      if (!document.isFull) throw new RevocationListError("form", "a change is no whole list");
      const taken = this.#options.list.take(document);
      if (taken !== "replaced") return taken;
      [this.#text, this.#payload, this.#base] = [text, bytes, text];
      this.#changes = [];
      await this.#keep();
      return taken;
    });
  }

  /** A change, as it is published. Never rejects. */
  offerChange(text: string): Promise<Taken | undefined> {
    return this.#inTurn(async () => {
      const taken = this.#options.list.take(readDocument(await this.#open(text)));
      if (taken !== "extended") return taken;
      this.#changes.push(text);
      await this.#keep();
      return taken;
    });
  }

  /** A source that could not be read at all. */
  failed(cause: unknown): void {
    this.#fault(cause instanceof RevocationListError ? cause : unreadable(cause));
  }

  /** The payload at hand may be older than changes that came on top of it. */
  #isInForce(): boolean {
    const { list } = this.#options;
    return this.#payload !== undefined && list.figures.sequence === this.#sequenceOfPayload();
  }

  #sequenceOfPayload(): number {
    return Number(/^\{"sequence":(\d+)/.exec(this.#payload?.toString("latin1", 0, 32) ?? "")?.[1]);
  }

  #inTurn(work: () => Promise<Taken>): Promise<Taken | undefined> {
    const turn = this.#last.then(async () => {
      try {
        const taken = await work();
        this.#faultOfNow = undefined;
        if (taken !== "old" && taken !== "gap") this.#options.onTaken();
        this.#tell(taken);
        return taken;
      } catch (thrown) {
        this.failed(thrown);
        return undefined;
      }
    });
    this.#last = turn;
    return turn;
  }

  #tell(taken: Taken): void {
    if (taken !== "replaced" && taken !== "extended") return;
    const { entries, sequence } = this.#options.list.figures;
    this.#options.log.info("revocation list taken", { sequence, entries });
  }

  async #open(text: string): Promise<Buffer> {
    const { keys } = this.#options;
    if (keys === undefined) return Buffer.from(text);
    const set = keys();
    if (set === undefined) throw new RevocationListError("signature", "keys_file is not loaded");
    return openList(text.trimEnd(), set);
  }

  /** Heartbeats change nothing that a restart has to know. */
  async #keep(): Promise<void> {
    const { files, statePath, list, log } = this.#options;
    const { highestSequence: sequence } = list;
    if (this.#base === undefined) return;
    try {
      await writeState(files, statePath, {
        sequence,
        list: this.#base,
        changes: this.#changes,
      });
    } catch (err) {
      this.#count("state");
      log.error("state_file can not be written, a restart could take an older list", { err });
    }
  }

  #fault(error: RevocationListError): void {
    const { fault } = error;
    this.#count(fault);
    if (fault === this.#faultOfNow) return;
    this.#faultOfNow = fault;
    const fields = { cause: fault, detail: error.message, err: error.cause };
    this.#options.log.error("revocation list refused, the last good one stays", fields);
  }

  #count(fault: ListFault): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }
}

function unreadable(cause: unknown): RevocationListError {
  return new RevocationListError("source", "the list can not be read", { cause });
}
