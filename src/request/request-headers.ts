/**
 * The selected headers of one request. Both of Envoy's forms give the same answers: separate entries,
 * or one entry whose values are joined with commas.
 *
 * @module
 */
import type { CheckAttributes } from "../wire/check-request.ts";
import {
  HEADER_BLOCK_RULES,
  HEADER_RULES,
  isOrdinary,
  isSecurityHeader,
  type ReadHeader,
  type SeenHeader,
} from "./header-rules.ts";
import { type BrokenRule, firstBroken, refusal } from "./request-rule.ts";

/** The selected headers of one request by name. */
export class RequestHeaders {
  readonly #values = new Map<string, string>();
  readonly #brokenRule: BrokenRule | undefined;

  constructor(attributes: CheckAttributes) {
    let ruleCount = HEADER_RULES.length;
    for (const { name, value, isUtf8 } of attributes.headers) {
      if (name.startsWith(":")) continue;
      const earlier = this.#values.get(name);
      if (earlier === undefined && isUtf8 && isOrdinary(name, value)) {
        this.#values.set(name, value);
        continue;
      }
      // As Envoy joins them; for security headers it is refused anyway.
      this.#values.set(name, earlier === undefined ? value : `${earlier},${value}`);
      const isSecurity = isSecurityHeader(name);
      const seen = { name, value, isUtf8, isSecurity, isRepeated: earlier !== undefined };
      ruleCount = earlierBroken(seen, ruleCount);
    }
    this.#brokenRule = HEADER_RULES[ruleCount];
  }

  get(name: ReadHeader): string | undefined {
    return this.#values.get(name);
  }

  /**
   * Apart from the constructor, because how a refusal is answered depends on the route.
   *
   * @throws {DenyError} `header.*`
   */
  check(attributes: CheckAttributes): void {
    const broken = firstBroken(HEADER_BLOCK_RULES, attributes) ?? this.#brokenRule;
    if (broken !== undefined) throw refusal(broken);
  }
}

/** Position of the first rule that `header` breaks, of those before `ruleCount`; else `ruleCount`. */
function earlierBroken(header: SeenHeader, ruleCount: number): number {
  for (let at = 0; at < ruleCount; at++) {
    if (HEADER_RULES[at]?.breaks(header)) return at;
  }
  return ruleCount;
}
