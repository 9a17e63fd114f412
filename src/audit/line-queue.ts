/**
 * Lines that wait to be written, in the order of their Checks. When room is needed, the oldest line of
 * a Check that went on is given up first and refusals and errors last: those are what is looked for
 * after an incident.
 *
 * @module
 */

export interface Line {
  readonly sequence: number;
  readonly text: string;
  readonly bytes: number;
  /** True for a denial or an error. */
  readonly isRefusal: boolean;
}

export class LineQueue {
  readonly #passes = new Fifo();
  readonly #refusals = new Fifo();
  #bytes = 0;

  get records(): number {
    return this.#passes.length + this.#refusals.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(line: Line): void {
    (line.isRefusal ? this.#refusals : this.#passes).push(line);
    this.#bytes += line.bytes;
  }

  /** Gives up one line; false when there is none. */
  drop(): boolean {
    const line = this.#passes.shift() ?? this.#refusals.shift();
    if (line === undefined) return false;
    this.#bytes -= line.bytes;
    return true;
  }

  /** Takes the oldest lines out, `bytesMax` of them or a single longer one. */
  take(bytesMax: number): Line[] {
    const lines: Line[] = [];
    let bytes = 0;
    for (let queue = this.#oldest(); queue !== undefined; queue = this.#oldest()) {
      const next = queue.first;
      if (next === undefined || (lines.length > 0 && bytes + next.bytes > bytesMax)) break;
      queue.shift();
      lines.push(next);
      bytes += next.bytes;
    }
    this.#bytes -= bytes;
    return lines;
  }

  #oldest(): Fifo | undefined {
    const pass = this.#passes.first;
    const refusal = this.#refusals.first;
    if (pass === undefined) return refusal === undefined ? undefined : this.#refusals;
    return refusal !== undefined && refusal.sequence < pass.sequence
      ? this.#refusals
      : this.#passes;
  }
}

/** `Array.shift` moves every element of a long array; this moves a position. */
class Fifo {
  #lines: (Line | undefined)[] = [];
  #start = 0;

  get length(): number {
    return this.#lines.length - this.#start;
  }

  get first(): Line | undefined {
    return this.#lines[this.#start];
  }

  push(line: Line): void {
    this.#lines.push(line);
  }

  shift(): Line | undefined {
    const line = this.#lines[this.#start];
    if (line === undefined) return undefined;
    this.#lines[this.#start++] = undefined;
    if (this.#start === this.#lines.length || this.#start >= 1_024) {
      this.#lines = this.#lines.slice(this.#start);
      this.#start = 0;
    }
    return line;
  }
}
