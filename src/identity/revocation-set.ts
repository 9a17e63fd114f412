/**
 * The entries of a list by what they name: a look-up is a few map accesses and allocates nothing. Issuer
 * and value are keys of their own maps, so no two pairs can be read as one.
 *
 * @module
 */
import type { RevocableIds } from "../domain/principal.ts";
import type { RevocationEntry, RevocationKind } from "./revocation-entry.ts";

/** Entries of the same kind, issuer and value. */
interface Term {
  readonly untilS: number;
  /** Infinity = whenever it was issued. */
  readonly notBeforeS: number;
  readonly next: Term | undefined;
}

interface Index {
  readonly kind: RevocationKind;
  readonly idOf: (ids: RevocableIds) => string | undefined;
  readonly ofAnyIssuer: Map<string, Term>;
  readonly byIssuer: Map<string, Map<string, Term>>;
}

const ID_OF: Readonly<Record<RevocationKind, Index["idOf"]>> = {
  jti: (ids) => ids.tokenId,
  sub: (ids) => ids.subject,
  sid: (ids) => ids.sessionId,
  agent_id: (ids) => ids.agentId,
  kid: (ids) => ids.keyId,
  api_key: (ids) => ids.apiKeyId,
  token_sha256: (ids) => ids.tokenDigest,
};

export class RevocationSet {
  /** Only kinds that have entries. */
  readonly #indexes: Index[] = [];
  #size = 0;

  constructor(entries: readonly RevocationEntry[] = []) {
    for (const entry of entries) this.add(entry);
  }

  get size(): number {
    return this.#size;
  }

  add(entry: RevocationEntry): void {
    const { ofAnyIssuer, byIssuer } = this.#index(entry.kind);
    let terms = ofAnyIssuer;
    if (entry.issuer !== undefined) {
      terms = byIssuer.get(entry.issuer) ?? new Map();
      byIssuer.set(entry.issuer, terms);
    }
    terms.set(entry.value, {
      untilS: entry.untilS,
      notBeforeS: entry.notBeforeS ?? Number.POSITIVE_INFINITY,
      next: terms.get(entry.value),
    });
    this.#size++;
  }

  /** By which of its ids a credential is revoked; undefined = it is not. */
  find(ids: RevocableIds, nowS: number): RevocationKind | undefined {
    for (const index of this.#indexes) {
      if (isNamed(index, index.idOf(ids), ids, nowS)) return index.kind;
      if (index.kind === "token_sha256" && isNamed(index, ids.twinDigest, ids, nowS)) {
        return index.kind;
      }
    }
    return undefined;
  }

  /** True when every entry of `other` that still says something is here too. */
  covers(other: RevocationSet, nowS: number): boolean {
    return other.#indexes.every((index) => {
      const own = this.#index(index.kind);
      if (!coversTerms(own.ofAnyIssuer, index.ofAnyIssuer, nowS)) return false;
      return [...index.byIssuer].every(([issuer, terms]) =>
        coversTerms(own.byIssuer.get(issuer), terms, nowS),
      );
    });
  }

  #index(kind: RevocationKind): Index {
    const known = this.#indexes.find((index) => index.kind === kind);
    if (known !== undefined) return known;
    const index = { kind, idOf: ID_OF[kind], ofAnyIssuer: new Map(), byIssuer: new Map() };
    this.#indexes.push(index);
    return index;
  }
}

function isNamed(
  { ofAnyIssuer, byIssuer }: Index,
  value: string | undefined,
  ids: RevocableIds,
  nowS: number,
): boolean {
  if (value === undefined) return false;
  if (holds(ofAnyIssuer.get(value), ids, nowS)) return true;
  return ids.issuer !== undefined && holds(byIssuer.get(ids.issuer)?.get(value), ids, nowS);
}

/** A token without time of issue counts as issued before every revocation. */
function holds(first: Term | undefined, ids: RevocableIds, nowS: number): boolean {
  for (let term = first; term !== undefined; term = term.next) {
    const isMeant = ids.issuedAtS === undefined || ids.issuedAtS < term.notBeforeS;
    if (isMeant && nowS < term.untilS) return true;
  }
  return false;
}

function coversTerms(
  own: ReadonlyMap<string, Term> | undefined,
  others: ReadonlyMap<string, Term>,
  nowS: number,
): boolean {
  for (const [value, first] of others) {
    for (let term: Term | undefined = first; term !== undefined; term = term.next) {
      if (term.untilS > nowS && !hasTerm(own?.get(value), term)) return false;
    }
  }
  return true;
}

function hasTerm(first: Term | undefined, { untilS, notBeforeS }: Term): boolean {
  for (let term = first; term !== undefined; term = term.next) {
    if (term.untilS >= untilS && term.notBeforeS >= notBeforeS) return true;
  }
  return false;
}
