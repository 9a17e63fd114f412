/**
 * Version 5 UUIDs (RFC 9562 section 5.5) in the namespace of domain names, as SARK derives ids of users
 * that an identity provider knows under another name.
 *
 * @module
 */
import { hash } from "node:crypto";

const NAMESPACE = Buffer.from("6ba7b8109dad11d180b400c04fd430c8", "hex");
const UUID_BYTES = 16;

export function nameUuid(name: string): string {
  const bytes = hash("sha1", Buffer.concat([NAMESPACE, Buffer.from(name)]), "buffer").subarray(
    0,
    UUID_BYTES,
  );
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50; // version 5
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80; // variant of the RFC
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
