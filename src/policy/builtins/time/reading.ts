/**
 * What has been read of a time so far, and the place in its text.
 *
 * @module
 */
const NUMBER = /^[+-]?\d*$/;

export class Reading {
  readonly value: string;
  at = 0;
  /** Set for a number that its field cannot have. */
  outOfRange: string | undefined;

  year = 0;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour = 0;
  minute = 0;
  second = 0;
  nanos = 0;
  isMorning = false;
  isAfternoon = false;
  isUtc = false;
  /** Seconds east of Greenwich. */
  offsetS: number | undefined;

  constructor(value: string) {
    this.value = value;
  }

  rest(): string {
    return this.value.slice(this.at);
  }

  isAtEnd(): boolean {
    return this.at >= this.value.length;
  }

  isDigit(distance = 0): boolean {
    const unit = this.value.charCodeAt(this.at + distance);
    return unit >= 0x30 && unit <= 0x39;
  }

  /** The next `length` letters, or undefined where there are fewer. */
  take(length: number): string | undefined {
    if (this.value.length - this.at < length) return undefined;
    const taken = this.value.slice(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  takeIf(text: string): boolean {
    if (!this.value.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Literal text of the layout. Any number of spaces stands for any other; at the end, for none. */
  skip(prefix: string): boolean {
    for (let index = 0; index < prefix.length; ) {
      if (prefix[index] !== " ") {
        if (this.value[this.at] !== prefix[index]) return false;
        index += 1;
        this.at += 1;
        continue;
      }
      if (!this.isAtEnd() && this.value[this.at] !== " ") return false;
      while (prefix[index] === " ") index += 1;
      while (this.value[this.at] === " ") this.at += 1;
    }
    return true;
  }

  /** One digit or two, or exactly two. */
  shortNumber(isFixed: boolean): number | undefined {
    if (!this.isDigit()) return undefined;
    const length = this.isDigit(1) ? 2 : 1;
    if (isFixed && length === 1) return undefined;
    return Number(this.take(length));
  }

  /** The place in `names`, whose letters may be large or small. */
  nameIn(names: readonly string[], length?: number): number | undefined {
    for (const [index, full] of names.entries()) {
      const name = full.slice(0, length);
      if (lowerAscii(this.value.slice(this.at, this.at + name.length)) === lowerAscii(name)) {
        this.at += name.length;
        return index;
      }
    }
    return undefined;
  }

  digitRun(from: number): number {
    let length = 0;
    while (this.isDigit(from + length)) length += 1;
    return length;
  }
}

/** Digits after a sign, or none at all, which is zero. */
export function numberIn(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  return text === "" || text === "+" || text === "-" ? 0 : Number(text);
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
