/**
 * Schemas of the revocation list and of the store it may come from.
 *
 * @module
 */
import { z } from "zod";
import { readListenAddress } from "./listen-address.ts";

const DAY_S = 86_400;
const filePath = () => z.string().min(1).max(4_096);
const seconds = (least: number) =>
  z
    .int()
    .min(least)
    .max(30 * DAY_S);

const stalenessSchema = z
  .strictObject({
    warn_seconds: seconds(1).default(10).describe("Age from which on the log warns."),
    not_ready_seconds: seconds(6).default(600).describe("Age from which on it is not ready."),
    refuse_seconds: seconds(6)
      .default(3_600)
      .describe("Age from which on every authenticated Check ends in an error."),
  })
  .refine((ages) => ages.warn_seconds <= ages.not_ready_seconds, {
    path: ["not_ready_seconds"],
    error: "must not be below warn_seconds",
  })
  .refine((ages) => ages.not_ready_seconds <= ages.refuse_seconds, {
    path: ["refuse_seconds"],
    error: "must not be below not_ready_seconds",
  })
  .prefault({})
  .describe("What the age of the list means, counted from the time it was signed.");

const revocationFields = {
  source: z
    .enum(["none", "file", "redis"])
    .default("none")
    .describe("Where the list comes from; none caps every stored allow at 60 s."),
  file: filePath().nullable().default(null).describe("The list, with source file."),
  keys_file: filePath()
    .nullable()
    .default(null)
    .describe("Public keys (JWK Set) that may sign the list; read again on change."),
  state_file: filePath()
    .nullable()
    .default(null)
    .describe("Written here: the newest list seen, so that a restart takes no older one."),
  insecure_unsigned_file: z
    .boolean()
    .default(false)
    .describe("Takes a list without signature, with source file only. Warned about at start."),
  staleness: stalenessSchema,
};

export const revocationSchema = z
  .strictObject(revocationFields)
  .superRefine((section, context) => {
    for (const [key, message] of revocationProblems(section)) {
      context.addIssue({ code: "custom", path: [key], message });
    }
  })
  .prefault({})
  .describe("What was taken back before its time.");

type RevocationSection = z.infer<z.ZodObject<typeof revocationFields>>;

function revocationProblems(section: RevocationSection): readonly (readonly [string, string])[] {
  const { source, file, keys_file, state_file, insecure_unsigned_file: isUnsigned } = section;
  const isOn = source !== "none";
  const rules: readonly (readonly [isWrong: boolean, key: string, message: string])[] = [
    [source === "file" && file === null, "file", "is needed with source file"],
    [source !== "file" && file !== null, "file", "is only used with source file"],
    [isOn && state_file === null, "state_file", "is needed, so that no older list comes back"],
    [!isOn && state_file !== null, "state_file", "is only used with source file or redis"],
    [isOn && !isUnsigned && keys_file === null, "keys_file", "is needed to verify the list"],
    [!isOn && keys_file !== null, "keys_file", "is only used with source file or redis"],
    [isUnsigned && keys_file !== null, "keys_file", "is not used with insecure_unsigned_file"],
    [
      isUnsigned && source !== "file",
      "insecure_unsigned_file",
      "is only allowed with source file: whoever writes to a store could lift every revocation",
    ],
  ];
  return rules.flatMap(([isWrong, key, message]) => (isWrong ? [[key, message] as const] : []));
}

const redisFields = {
  address: z
    .string()
    .refine((text) => readListenAddress(text)?.kind === "tcp", "must be host:port or [ipv6]:port")
    .nullable()
    .default(null)
    .describe(
      "host:port of the server; absent means that url_file names it, or that there is none.",
    ),
  url_file: filePath()
    .nullable()
    .default(null)
    .describe("File with a redis:// or rediss:// URL instead of the other keys."),
  username: z.string().min(1).max(256).nullable().default(null).describe("User of its ACL."),
  password_file: filePath()
    .nullable()
    .default(null)
    .describe("File with the password; read again for every connection."),
  database: z.int().min(0).max(1_023).default(0).describe("Number of the database."),
  tls: z.boolean().default(false).describe("Connect with TLS."),
  ca_file: filePath().nullable().default(null).describe("PEM bundle to trust with TLS."),
};

export const redisSchema = z
  .strictObject(redisFields)
  .superRefine((section, context) => {
    const { address, url_file, username, password_file, tls, ca_file } = section;
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    const isUrl = url_file !== null;
    if (isUrl && address !== null) refuse("address", "is not used with url_file");
    if (isUrl && tls) refuse("tls", "is not used with url_file; write rediss:// there");
    if (isUrl && username !== null) refuse("username", "is not used with url_file");
    if (isUrl && password_file !== null) refuse("password_file", "is not used with url_file");
    if (username !== null && password_file === null) {
      refuse("username", "is only used with password_file");
    }
    if (ca_file !== null && !tls && !isUrl) refuse("ca_file", "is only used with tls");
  })
  .prefault({})
  .describe("A Redis or Valkey server that several sidecars share.");
