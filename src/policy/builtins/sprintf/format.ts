/**
 * Go's formats, such as `%-5s %[2]*.[1]d`, read from left to right.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { numberText } from "../../plan/values/decimal.ts";
import { termText } from "../../plan/values/term-text.ts";
import { isNumber, type Value } from "../../plan/values/value.ts";
import { type Argument, argumentOf } from "./argument.ts";
import { type Field, plainField } from "./field.ts";
import { floatText } from "./float.ts";
import { integerText, largeIntegerText } from "./integer.ts";
import { plain, stringText } from "./text.ts";

const NUMBER_MAX = 1_000_000;
/** `[1]`; anything shorter is taken for a bracket alone. */
const INDEX_UNITS_MIN = 3;
const FLAGS: Readonly<Record<string, "sharp" | "zero" | "plus" | "minus" | "space">> = {
  "#": "sharp",
  "0": "zero",
  "+": "plus",
  "-": "minus",
  " ": "space",
};

/** Where the result would be an address of the process, there is none. */
export class NoResult extends Error {}

export class Formatter {
  readonly #format: string;
  readonly #values: readonly Value[];
  readonly #budget: Budget;
  #index = 0;
  #next = 0;
  #isReordered = false;
  #isGoodIndex = true;
  #isAfterIndex = false;
  #field: Field = plainField();
  #text = "";

  constructor(format: string, values: readonly Value[], budget: Budget) {
    this.#format = format;
    this.#values = values;
    this.#budget = budget;
  }

  /** @throws {NoResult} */
  result(): string {
    const format = this.#format;
    while (this.#index < format.length) {
      const percent = format.indexOf("%", this.#index);
      const end = percent < 0 ? format.length : percent;
      this.#text += format.slice(this.#index, end);
      this.#index = end + 1;
      if (percent >= 0 && !this.#plainVerb()) this.#verb();
    }
    return this.#text + this.#extra();
  }

  /** `%s`, `%d` and `%v` of what is written as it is; anything else is left to `#verb`. */
  #plainVerb(): boolean {
    const verb = this.#format[this.#index];
    if (verb !== "s" && verb !== "d" && verb !== "v") return false;
    const value = this.#values[this.#next];
    const text = value === undefined ? undefined : plainText(value, verb, this.#budget);
    if (text === undefined) return false;
    this.#budget.spend(2 + text.length / 4);
    this.#budget.allocate(text.length);
    this.#text += text;
    this.#index++;
    this.#next++;
    return true;
  }

  #verb(): void {
    this.#budget.spend(4);
    this.#isGoodIndex = true;
    this.#isAfterIndex = false;
    this.#field = plainField();
    this.#readFlags();
    this.#readArgumentIndex();
    this.#readWidth();
    if (this.#index + 1 < this.#format.length && this.#format[this.#index] === ".") {
      this.#index++;
      this.#readPrecision();
    }
    if (!this.#isAfterIndex) this.#readArgumentIndex();
    const point = this.#format.codePointAt(this.#index);
    if (point === undefined) {
      this.#text += "%!(NOVERB)";
      return;
    }
    const verb = String.fromCodePoint(point);
    this.#index += verb.length;
    this.#text += this.#value(verb);
  }

  #readFlags(): void {
    for (;;) {
      const flag = FLAGS[this.#format[this.#index] ?? ""];
      if (flag === undefined) return;
      this.#field[flag] = true;
      this.#index++;
    }
  }

  /** `[2]` */
  #readArgumentIndex(): void {
    this.#isAfterIndex = false;
    if (this.#format[this.#index] !== "[") return;
    this.#isReordered = true;
    const close = this.#format.indexOf("]", this.#index);
    if (close < 0 || this.#format.length - this.#index < INDEX_UNITS_MIN) {
      this.#isGoodIndex = false;
      this.#index++;
      return;
    }
    const digits = this.#format.slice(this.#index + 1, close);
    this.#index = close + 1;
    const number = /^[0-9]+$/.test(digits) ? limited(digits) : undefined;
    this.#isAfterIndex = number !== undefined;
    if (number !== undefined && number >= 1 && number <= this.#values.length) {
      this.#next = number - 1;
    } else this.#isGoodIndex = false;
  }

  #readWidth(): void {
    if (this.#format[this.#index] === "*") {
      this.#index++;
      const width = this.#numberFromArgument();
      this.#field.width = width === undefined ? undefined : Math.abs(width);
      if (width === undefined) this.#text += "%!(BADWIDTH)";
      else if (width < 0) {
        this.#field.minus = true;
        this.#field.zero = false;
      }
      this.#isAfterIndex = false;
      return;
    }
    this.#field.width = this.#readNumber();
    if (this.#isAfterIndex && this.#field.width !== undefined) this.#isGoodIndex = false;
  }

  #readPrecision(): void {
    if (this.#isAfterIndex) this.#isGoodIndex = false;
    this.#readArgumentIndex();
    if (this.#format[this.#index] !== "*") {
      this.#field.precision = this.#readNumber() ?? 0;
      return;
    }
    this.#index++;
    const precision = this.#numberFromArgument();
    if (precision === undefined || precision < 0) this.#text += "%!(BADPREC)";
    else this.#field.precision = precision;
    this.#isAfterIndex = false;
  }

  /** Undefined where there is none; one that is too large takes the rest of the format with it. */
  #readNumber(): number | undefined {
    const start = this.#index;
    while (/^[0-9]$/.test(this.#format[this.#index] ?? "")) this.#index++;
    if (start === this.#index) return undefined;
    const number = limited(this.#format.slice(start, this.#index));
    if (number === undefined) this.#index = this.#format.length;
    return number;
  }

  #argument(index: number): Argument | undefined {
    const value = this.#values[index];
    return value === undefined ? undefined : argumentOf(value, this.#budget);
  }

  #numberFromArgument(): number | undefined {
    const argument = this.#argument(this.#next);
    if (argument === undefined) return undefined;
    this.#next++;
    if (argument.type !== "int64") return undefined;
    const number = Number(argument.value);
    return Math.abs(number) > NUMBER_MAX ? undefined : number;
  }

  #value(verb: string): string {
    if (verb === "%") return "%";
    if (!this.#isGoodIndex) return `%!${verb}(BADINDEX)`;
    const argument = this.#argument(this.#next);
    if (argument === undefined) return `%!${verb}(MISSING)`;
    this.#next++;
    const field = this.#field;
    if (verb === "v" || verb === "w") {
      field.sharpValue = field.sharp;
      field.sharp = false;
      field.plusValue = field.plus;
      field.plus = false;
    }
    if (verb === "T") return plain(argument.type, field, this.#budget);
    return this.#written(argument, verb) ?? this.#badVerb(argument, verb);
  }

  #written(argument: Argument, verb: string): string | undefined {
    const field = this.#field;
    switch (argument.type) {
      case "string":
        return stringText(argument.value, verb, field, this.#budget);
      case "float64":
        return floatText(argument.value, verb, field, this.#budget);
      case "int64":
        return integerText(argument.value, verb, field, this.#budget);
      default:
        if (verb === "p" || verb === "w") throw new NoResult();
        return largeIntegerText(argument.value, verb, field, this.#budget);
    }
  }

  #badVerb(argument: Argument, verb: string): string {
    return `%!${verb}(${argument.type}=${this.#written(argument, "v")})`;
  }

  /** What no verb took, unless the format picks its arguments itself. */
  #extra(): string {
    if (this.#isReordered || this.#next >= this.#values.length) return "";
    this.#field = plainField();
    const rest = this.#values.slice(this.#next);
    const texts = rest.map((value) => {
      const one = argumentOf(value, this.#budget);
      return `${one.type}=${this.#written(one, "v")}`;
    });
    return `%!(EXTRA ${texts.join(", ")})`;
  }
}

function plainText(value: Value, verb: "s" | "d" | "v", budget: Budget): string | undefined {
  if (typeof value === "number") {
    return verb !== "s" && Number.isSafeInteger(value) ? numberText(value) : undefined;
  }
  if (verb === "d" || isNumber(value)) return undefined;
  return typeof value === "string" ? value : termText(value, budget);
}

function limited(digits: string): number | undefined {
  let number = 0;
  for (const digit of digits) {
    if (number > NUMBER_MAX) return undefined;
    number = number * 10 + Number(digit);
  }
  return number;
}
