/**
 * The fingerprint of RSA keys made by a faulty library (ROCA, CVE-2017-15361): their modulus is a power of
 * 65537 modulo every small prime. Such a key can be factored. A sound key has the mark once in 2^27.
 *
 * @module
 */
const GENERATOR = 65_537;
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const;

const RESIDUES = PRIMES.map((prime) => ({ prime: BigInt(prime), powers: powersModulo(prime) }));

export function hasRocaFingerprint(modulus: Uint8Array): boolean {
  const value = BigInt(`0x${Buffer.from(modulus).toString("hex")}`);
  return RESIDUES.every(({ prime, powers }) => powers.has(Number(value % prime)));
}

function powersModulo(prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * GENERATOR) % prime) powers.add(power);
  return powers;
}
