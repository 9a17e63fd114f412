/**
 * Where a Redis or Valkey server is and who asks it, from the section `redis`. User name and password
 * come from files and are read again for every connection, so that they can be changed.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { ConfigError } from "../domain/errors.ts";

export interface RedisSettings {
  /** `host:port` or `[ipv6]:port`. */
  readonly address: string | null;
  readonly url_file: string | null;
  readonly username: string | null;
  readonly password_file: string | null;
  readonly database: number;
  readonly tls: boolean;
  readonly ca_file: string | null;
}

interface RedisCredentials {
  readonly username?: string;
  readonly password?: string;
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly isTls: boolean;
  readonly caPem: string | undefined;
  /** Undefined when there are none. */
  readonly credentials: (() => Promise<RedisCredentials>) | undefined;
}

const PORT = 6_379;
const SCHEMES: ReadonlySet<string> = new Set(["redis:", "rediss:"]);
const DATABASE = /^\/?(\d{1,4})?$/;

/** @throws {ConfigError} when a file can not be used */
export function readRedisAddress(settings: RedisSettings): RedisAddress {
  const { url_file: urlFile, password_file: passwordFile, ca_file: caFile } = settings;
  const caPem = caFile === null ? undefined : readSecret(caFile);
  if (urlFile !== null) return fromUrl(urlFile, caPem);
  const username = settings.username ?? undefined;
  if (passwordFile !== null) readSecret(passwordFile);
  const { host, port } = splitAddress(settings.address ?? "");
  return {
    host,
    port,
    database: settings.database,
    isTls: settings.tls,
    caPem,
    credentials:
      passwordFile === null
        ? undefined
        : async () => ({
            ...(username === undefined ? {} : { username }),
            password: (await readFile(passwordFile, "utf8")).trim(),
          }),
  };
}

/** The configuration has checked its form. */
function splitAddress(text: string): { readonly host: string; readonly port: number } {
  const at = text.lastIndexOf(":");
  return { host: withoutBrackets(text.slice(0, at)), port: Number(text.slice(at + 1)) };
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

function fromUrl(file: string, caPem: string | undefined): RedisAddress {
  const url = parse(readSecret(file), file);
  return {
    host: withoutBrackets(url.hostname),
    port: url.port === "" ? PORT : Number(url.port),
    database: Number(DATABASE.exec(url.pathname)?.[1] ?? 0),
    isTls: url.protocol === "rediss:",
    caPem,
    credentials:
      url.password === ""
        ? undefined
        : async () => credentialsOf(parse(await readFile(file, "utf8"), file)),
  };
}

function credentialsOf({ username, password }: URL): RedisCredentials {
  const named = username === "" ? {} : { username: decodeURIComponent(username) };
  return { ...named, password: decodeURIComponent(password) };
}

/** Says nothing of the text, which may hold a password. */
function parse(text: string, file: string): URL {
  const url = URL.parse(text.trim());
  const isUsable =
    url !== null && SCHEMES.has(url.protocol) && url.hostname !== "" && DATABASE.test(url.pathname);
  if (isUsable && url.search === "" && url.hash === "") return url;
  throw new ConfigError([`${file}: holds no redis:// or rediss:// URL; give host, port, database`]);
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    throw new ConfigError([`${file}: can not be read (${String(code)}); it is named in redis`], {
      cause,
    });
  }
}
