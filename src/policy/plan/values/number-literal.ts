/**
 * Reading number literals: JSON's, and the wider ones that `to_number` takes and keeps as written (`+1`,
 * `.5`, `1_000`, `0x1p4`).
 *
 * @module
 */

/** `digits` × 10^`exponentTen` × 2^`exponentTwo`; digits are decimal, without leading zeros. */
export interface NumberLiteral {
  readonly negative: boolean;
  /** Empty for zero. */
  readonly digits: string;
  readonly exponentTen: number;
  readonly exponentTwo: number;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?[pP]([+-]?\d+)$/;
/** Between digits, or between a prefix and a digit. */
const UNDERSCORE = /(?<=[\da-fA-FxX])_(?=[\da-fA-F])/g;

/** Of an exponent, which is an integer of 64 bits. */
const MACHINE_INTEGER_MAX = "9223372036854775807";
const MACHINE_INTEGER_MIN = "9223372036854775808";
/** Of 2; doubles end long before, and nothing else is written in this base. */
const EXPONENT_TWO_MAX = 100_000;
const BITS_PER_DIGIT = 4;

/** Undefined for text that is no number or has an exponent that no machine integer holds. */
export function parseLiteral(text: string): NumberLiteral | undefined {
  const plain = text.includes("_") ? text.replace(UNDERSCORE, "") : text;
  const match = DECIMAL.exec(plain);
  if (match === null) return parseHexadecimal(plain);
  const [, sign, whole = "", fraction = "", exponentText = "0"] = match;
  if (whole === "" && fraction === "") return undefined;
  const exponent = machineInteger(exponentText);
  if (exponent === undefined) return undefined;
  return {
    negative: sign === "-",
    digits: trimStart(whole + fraction),
    exponentTen: exponent - fraction.length,
    exponentTwo: 0,
  };
}

function parseHexadecimal(text: string): NumberLiteral | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponentText = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const exponentTwo = Number(exponentText) - BITS_PER_DIGIT * fraction.length;
  if (Math.abs(exponentTwo) > EXPONENT_TWO_MAX) return undefined;
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const digits = mantissa === 0n ? "" : mantissa.toString();
  return { negative: sign === "-", digits, exponentTen: 0, exponentTwo };
}

function machineInteger(text: string): number | undefined {
  const negative = text.startsWith("-");
  const digits = trimStart(text.replace(/^[+-]/, ""));
  const most = negative ? MACHINE_INTEGER_MIN : MACHINE_INTEGER_MAX;
  if (digits.length > most.length) return undefined;
  if (digits.length === most.length && digits > most) return undefined;
  return negative ? -Number(digits) : Number(digits);
}

function trimStart(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === ZERO) start++;
  return start === 0 ? digits : digits.slice(start);
}

/** Without trailing zeros; a regular expression would look at every run of zeros again and again. */
export function trimEnd(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end--;
  return end === digits.length ? digits : digits.slice(0, end);
}

const ZERO = 0x30;
