/**
 * An ECDSA signature `(r, s)` has a twin `(r, n - s)` that fits the same bytes, and anybody can compute it.
 * Who names a token by its digest means both. Pure.
 *
 * @module
 */

/** Order of the base point (SP 800-186 section 3.2.1). */
const ORDERS: ReadonlyMap<string, bigint> = new Map([
  ["ES256", 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n],
  [
    "ES384",
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  ],
]);

/** `signature` is valid; undefined for algorithms whose signatures have one form. */
export function twinSignature(signature: Buffer, algorithm: string): Buffer | undefined {
  const order = ORDERS.get(algorithm);
  if (order === undefined) return undefined;
  const half = signature.length / 2;
  const s = BigInt(`0x${signature.toString("hex", half)}`);
  const other = (order - s).toString(16).padStart(half * 2, "0");
  return Buffer.concat([signature.subarray(0, half), Buffer.from(other, "hex")]);
}
