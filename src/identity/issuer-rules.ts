/**
 * What an issuer entry may not say by itself, and what entries may not say beside each other: no two
 * callers are taken for one, and no key counts for two kinds of tokens. Pure.
 *
 * @module
 */
export interface IssuerEntry {
  readonly issuer: string;
  readonly kind: "user" | "agent";
  readonly algorithms: readonly string[];
  readonly jwks_url?: string | undefined;
  readonly jwks_file?: string | undefined;
  readonly shared_secret_file?: string | undefined;
  readonly accept_missing_iss: boolean;
  readonly ca_file?: string | undefined;
  readonly allow_private: boolean;
  readonly subject_prefix?: string | undefined;
  readonly shared_subjects: boolean;
  readonly uuid_v5_provider?: string | undefined;
  readonly trust_map?: string | undefined;
  readonly trust_attributes: boolean;
  readonly claims_to_policy: readonly string[];
}

export type EntryProblem = readonly [path: readonly (string | number)[], message: string];

const KEY_SOURCES = ["jwks_url", "jwks_file", "shared_secret_file"] as const;

export function entryProblems(entry: IssuerEntry): readonly EntryProblem[] {
  const problems: EntryProblem[] = [];
  if (KEY_SOURCES.filter((name) => entry[name] !== undefined).length !== 1) {
    problems.push([[], `needs exactly one of ${KEY_SOURCES.join(", ")}`]);
  }
  const isSecret = entry.shared_secret_file !== undefined;
  const isSymmetric = entry.algorithms.includes("HS256");
  if (isSecret !== isSymmetric || (isSymmetric && entry.algorithms.length > 1)) {
    problems.push([
      ["algorithms"],
      "must be [HS256] with shared_secret_file, and asymmetric otherwise",
    ]);
  }
  for (const [key, isUsed, where] of meaningless(entry)) {
    if (isUsed) problems.push([[key], `is only used with ${where}`]);
  }
  return problems;
}

/** Settings that would do nothing here: whoever wrote them expected something. */
function meaningless(
  entry: IssuerEntry,
): readonly (readonly [key: string, isUsed: boolean, where: string])[] {
  const isUrl = entry.jwks_url !== undefined;
  const isSecret = entry.shared_secret_file !== undefined;
  const isUser = entry.kind === "user";
  return [
    ["ca_file", !isUrl && entry.ca_file !== undefined, "jwks_url"],
    ["allow_private", !isUrl && entry.allow_private, "jwks_url"],
    ["accept_missing_iss", !isSecret && entry.accept_missing_iss, "shared_secret_file"],
    ["trust_map", isUser && entry.trust_map !== undefined, "kind agent"],
    ["trust_attributes", !isUser && entry.trust_attributes, "kind user"],
    ["claims_to_policy", !isUser && entry.claims_to_policy.length > 0, "kind user"],
    ["uuid_v5_provider", !isUser && entry.uuid_v5_provider !== undefined, "kind user"],
  ];
}

export function listProblems(entries: readonly IssuerEntry[]): readonly EntryProblem[] {
  return entries.flatMap((entry, index) => {
    const others = entries.slice(0, index);
    return beside(entry, others).map(
      ([path, message]): EntryProblem => [[index, ...path], message],
    );
  });
}

function beside(entry: IssuerEntry, others: readonly IssuerEntry[]): readonly EntryProblem[] {
  const problems: EntryProblem[] = [];
  if (others.some((other) => other.issuer === entry.issuer)) {
    problems.push([["issuer"], "is listed twice"]);
  }
  if (entry.accept_missing_iss && others.some((other) => other.accept_missing_iss)) {
    problems.push([["accept_missing_iss"], "is true for one issuer at most"]);
  }
  const unlike = others.filter((other) => other.kind !== entry.kind);
  for (const name of KEY_SOURCES) {
    if (entry[name] === undefined || !unlike.some((other) => other[name] === entry[name])) continue;
    problems.push([[name], "holds the keys of another kind of tokens already"]);
  }
  if (others.some((other) => other.kind === entry.kind && canMeet(other, entry))) {
    const what = "need subject_prefix values of which none begins with another";
    problems.push([[], `issuers of kind ${entry.kind} ${what}, or shared_subjects: true`]);
  }
  return problems;
}

/** True when ids of both can be equal and nobody said that this is meant. */
function canMeet(one: IssuerEntry, other: IssuerEntry): boolean {
  if (one.shared_subjects && other.shared_subjects) return false;
  const { subject_prefix: first = "", uuid_v5_provider: provider } = one;
  const { subject_prefix: second = "", uuid_v5_provider: otherProvider } = other;
  const areUuids = provider !== undefined && otherProvider !== undefined;
  if (areUuids && first === second) return provider === otherProvider;
  return first.startsWith(second) || second.startsWith(first);
}
