/**
 * Whether a user proved two factors, from the methods the issuer names (RFC 8176 section 2). One method
 * alone, however strong, is one factor. Pure.
 *
 * @module
 */
const FACTORS: readonly ReadonlySet<string>[] = [
  /** Something known. */
  new Set(["pwd", "pin", "kba"]),
  /** Something held. */
  new Set(["otp", "hwk", "swk", "sc", "sms", "tel", "pop"]),
  /** Something the user is. */
  new Set(["fpt", "face", "iris", "retina", "vbm"]),
];

export function provesSecondFactor(methods: readonly string[]): boolean {
  if (methods.includes("mfa")) return true;
  const proven = FACTORS.filter((factor) => methods.some((method) => factor.has(method)));
  return proven.length > 1;
}
