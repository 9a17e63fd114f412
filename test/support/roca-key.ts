/**
 * An RSA key as the faulty library of CVE-2017-15361 made them: each prime is `k * M + (65537^a mod M)`,
 * where `M` is the product of the first 126 primes. It signs and verifies like any other.
 */
import { checkPrimeSync, createPrivateKey, createPublicKey, randomBytes } from "node:crypto";

const PRIMES_MULTIPLIED = 126;
const PRIME_BITS = 1_024n;
const EXPONENT = 65_537n;

export function rocaKey() {
  const product = primorial(PRIMES_MULTIPLIED);
  const [p, q] = [weakPrime(product), weakPrime(product)];
  const order = (p - 1n) * (q - 1n);
  const d = inverse(EXPONENT, order);
  const member = (value: bigint) => bytesOf(value).toString("base64url");
  const jwk = {
    kty: "RSA",
    n: member(p * q),
    e: "AQAB",
    d: member(d),
    p: member(p),
    q: member(q),
    dp: member(d % (p - 1n)),
    dq: member(d % (q - 1n)),
    qi: member(inverse(q, p)),
  };
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  return { privateKey, publicJwk: createPublicKey(privateKey).export({ format: "jwk" }) };
}

function weakPrime(product: bigint): bigint {
  const smallest = (3n << (PRIME_BITS - 2n)) / product + 1n; // so that two make 2,048 bits
  const range = (1n << PRIME_BITS) / product - smallest;
  const residue = power(EXPONENT, number(8), product);
  for (;;) {
    const prime = (smallest + (number(16) % range)) * product + residue;
    if (checkPrimeSync(prime)) return prime;
  }
}

function primorial(count: number): bigint {
  let product = 1n;
  let found = 0;
  for (let candidate = 2; found < count; candidate++) {
    if (!checkPrimeSync(BigInt(candidate))) continue;
    product *= BigInt(candidate);
    found++;
  }
  return product;
}

function number(bytes: number): bigint {
  return BigInt(`0x${randomBytes(bytes).toString("hex")}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Of `value` modulo `modulus`, by Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, next] = [modulus, value % modulus];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
}
