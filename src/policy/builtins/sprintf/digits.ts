/**
 * The decimal digits of a float: the fewest that tell it from all others, or exactly and then rounded to
 * even.
 *
 * @module
 */
export interface Digits {
  /** Without leading and trailing zeros. */
  readonly digits: string;
  /** 0.`digits` × 10^`point`. */
  readonly point: number;
}

interface FloatBits {
  readonly mantissa: bigint;
  /** Of the mantissa's lowest bit, plus 52. */
  readonly exponent: number;
}

export function floatBits(value: number): FloatBits {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  return exponent === 0
    ? { mantissa: fraction, exponent: -1022 }
    : { mantissa: fraction | (1n << 52n), exponent: exponent - 1023 };
}

export function shortestDigits(value: number): Digits {
  if (value === 0) return { digits: "", point: 0 };
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential().split("e");
  return { digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}

export function exactDigits(value: number): Digits {
  if (value === 0) return { digits: "", point: 0 };
  const { mantissa, exponent } = floatBits(value);
  const power = exponent - 52;
  const whole = power >= 0 ? mantissa << BigInt(power) : mantissa * 5n ** BigInt(-power);
  const digits = whole.toString();
  return { digits: digits.replace(/0+$/, ""), point: digits.length - Math.max(-power, 0) };
}

/** To `count` digits, which may be none or fewer. */
export function rounded({ digits, point }: Digits, count: number): Digits {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: "", point: 0 };
  const kept = digits.slice(0, count);
  if (!roundsUp(digits, count)) {
    const trimmed = kept.replace(/0+$/, "");
    return { digits: trimmed, point: trimmed === "" ? 0 : point };
  }
  const raised = kept.replace(/9+$/, "");
  if (raised === "") return { digits: "1", point: point + 1 };
  return { digits: raised.slice(0, -1) + String(Number(raised.at(-1)) + 1), point };
}

function roundsUp(digits: string, count: number): boolean {
  if (digits[count] === "5" && count + 1 === digits.length) {
    return count > 0 && Number(digits[count - 1]) % 2 === 1;
  }
  return (digits[count] as string) >= "5";
}
