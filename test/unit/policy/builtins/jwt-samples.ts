/** Keys of every kind and tokens signed with them, made when a test begins. */
import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function keyPairs() {
  return {
    rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
    rsaShort: generateKeyPairSync("rsa", { modulusLength: 768 }),
    p256: generateKeyPairSync("ec", { namedCurve: "prime256v1" }),
    p384: generateKeyPairSync("ec", { namedCurve: "secp384r1" }),
    p521: generateKeyPairSync("ec", { namedCurve: "secp521r1" }),
    ed25519: generateKeyPairSync("ed25519"),
    x25519: generateKeyPairSync("x25519"),
    ed448: generateKeyPairSync("ed448"),
    secp256k1: generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
    dsa: generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 }),
  } satisfies Record<string, KeyPair>;
}

export function pem(key: KeyObject): string {
  return key.export({ format: "pem", type: "spki" }) as string;
}

export function jwk(key: KeyObject, more: object = {}): Record<string, unknown> {
  return { ...key.export({ format: "jwk" }), ...more };
}

export function part(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString(
    "base64url",
  );
}

/** A token over two documents or texts; without a signature where the algorithm makes none. */
export function token(
  alg: string,
  key: KeyObject | string,
  payload: unknown,
  header: unknown = { alg },
): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${signature(alg, key, signed).toString("base64url")}`;
}

export function signature(alg: string, key: KeyObject | string, signed: string): Buffer {
  const data = Buffer.from(signed);
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith("HS")) return createHmac(hash, key).update(data).digest();
  if (typeof key === "string") return Buffer.alloc(0);
  if (alg === "EdDSA") return sign(null, data, key);
  if (alg.startsWith("ES")) return sign(hash, data, { key, dsaEncoding: "ieee-p1363" });
  if (alg.startsWith("RS")) return sign(hash, data, key);
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  return sign(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

const tlv = (tag: number, ...bodies: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(bodies);
  const { length } = body;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), body]);
};

/** A self-signed certificate (RFC 5280 section 4.1), as short as one can be. */
export function certificate(
  { publicKey, privateKey }: KeyPair,
  bytesAfter = Buffer.alloc(0),
): string {
  const oid = (hex: string) => tlv(0x06, Buffer.from(hex, "hex"));
  const algorithm =
    publicKey.asymmetricKeyType === "rsa"
      ? tlv(0x30, oid("2a864886f70d01010b"), tlv(0x05))
      : tlv(0x30, oid(publicKey.asymmetricKeyType === "ed25519" ? "2b6570" : "2a8648ce3d040302"));
  const name = tlv(0x30, tlv(0x31, tlv(0x30, oid("550403"), tlv(0x0c, Buffer.from("test")))));
  const time = (text: string) => tlv(0x17, Buffer.from(text));
  const spki = publicKey.export({ format: "der", type: "spki" });
  const body = tlv(
    0x30,
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.of(1)),
    algorithm,
    name,
    tlv(0x30, time("200101000000Z"), time("400101000000Z")),
    name,
    spki,
  );
  const hash = publicKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const signed = sign(hash, body, privateKey);
  const der = Buffer.concat([
    tlv(0x30, body, algorithm, tlv(0x03, Buffer.of(0), signed)),
    bytesAfter,
  ]);
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** RFC 7515 appendix A.3: the key and the token. */
export const RFC_7515_KEY = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
export const RFC_7515_TOKEN =
  "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
