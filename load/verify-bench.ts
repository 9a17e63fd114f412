/**
 * What one verification of a signature costs by node:crypto in place and by jose, for each algorithm: the
 * choice in `src/identity/verify-signature.ts` follows these figures. `npm run bench -- --scenario verify`.
 *
 * @module
 */
import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { compactVerify, exportJWK, generateKeyPair, SignJWT } from "jose";

const TOKENS = 2_000;
const PARALLEL = 32;
const OPTIONS: Readonly<Record<string, readonly [digest: string | null, options: object]>> = {
  RS256: ["sha256", { padding: constants.RSA_PKCS1_PADDING }],
  PS256: ["sha256", { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }],
  ES256: ["sha256", { dsaEncoding: "ieee-p1363" }],
  ES384: ["sha384", { dsaEncoding: "ieee-p1363" }],
  EdDSA: [null, {}],
};

interface Subject {
  readonly algorithm: string;
  readonly key: KeyObject;
  readonly token: string;
}

type Road = (subject: Subject) => unknown;

function parts({ token }: Subject): readonly [input: Buffer, signature: Buffer] {
  const at = token.lastIndexOf(".");
  return [Buffer.from(token.slice(0, at), "latin1"), Buffer.from(token.slice(at + 1), "base64url")];
}

const inPlace: Road = (subject) => {
  const [input, signature] = parts(subject);
  const { algorithm, key } = subject;
  const chosen = OPTIONS[algorithm];
  if (chosen !== undefined) return verify(chosen[0], input, { key, ...chosen[1] }, signature);
  return timingSafeEqual(createHmac("sha256", key).update(input).digest(), signature);
};

const offLoop: Road = (subject) => {
  const [input, signature] = parts(subject);
  const { algorithm, key } = subject;
  const chosen = OPTIONS[algorithm];
  if (chosen === undefined) return inPlace(subject);
  return new Promise((resolve, reject) => {
    verify(chosen[0], input, { key, ...chosen[1] }, signature, (error, isGood) =>
      error === null ? resolve(isGood) : reject(error),
    );
  });
};

const byJose: Road = ({ token, key, algorithm }) =>
  compactVerify(token, key, { algorithms: [algorithm] });

async function subjectOf(algorithm: string): Promise<Subject> {
  const jwt = new SignJWT({ sub: "alice", roles: ["developer"], note: "x".repeat(300) });
  const header = { alg: algorithm, kid: "k1" };
  if (algorithm === "HS256") {
    const key = createSecretKey(randomBytes(32));
    return { algorithm, key, token: await jwt.setProtectedHeader(header).sign(key) };
  }
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const key = createPublicKey({ key: (await exportJWK(publicKey)) as never, format: "jwk" });
  return { algorithm, key, token: await jwt.setProtectedHeader(header).sign(privateKey) };
}

/** Wall time one by one, wall time 32 at a time, CPU time of all threads; each in µs for one token. */
async function cost(road: Road, subject: Subject): Promise<string> {
  let startNs = process.hrtime.bigint();
  for (let token = 0; token < TOKENS; token++) await road(subject);
  const serialUs = Number(process.hrtime.bigint() - startNs) / 1_000 / TOKENS;
  const before = process.cpuUsage();
  startNs = process.hrtime.bigint();
  for (let token = 0; token < TOKENS; token += PARALLEL) {
    await Promise.all(Array.from({ length: PARALLEL }, () => road(subject)));
  }
  const parallelUs = Number(process.hrtime.bigint() - startNs) / 1_000 / TOKENS;
  const { user, system } = process.cpuUsage(before);
  return [serialUs, parallelUs, (user + system) / TOKENS].map((us) => us.toFixed(0)).join(" / ");
}

export async function benchVerification(): Promise<void> {
  console.log("one signature in µs: one by one / 32 at a time / CPU of all threads");
  const roads = { "in place": inPlace, "off the loop": offLoop, jose: byJose } as const;
  for (const algorithm of [...Object.keys(OPTIONS), "HS256"]) {
    const subject = await subjectOf(algorithm);
    const columns: string[] = [];
    for (const [name, road] of Object.entries(roads)) {
      await cost(road, subject); // to warm up
      columns.push(`${name} ${(await cost(road, subject)).padEnd(18)}`);
    }
    console.log(`${algorithm.padEnd(6)} ${columns.join("  ")}`);
  }
}
