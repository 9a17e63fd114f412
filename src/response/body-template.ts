/**
 * A reply body with slots for what differs from Check to Check: JSON-RPC id, audit id, remaining TTL.
 * The rest is fixed text, so that a cache hit joins strings and builds no JSON.
 *
 * @module
 */
export type Slot = "rpcId" | "idMember" | "auditId" | "ttlS";

export interface SlotValues {
  /** JSON text. */
  readonly rpcId: string;
  /** `"id":7,` or nothing: whether there is an id differs between Checks with the same decision. */
  readonly idMember: string;
  readonly auditId: string;
  readonly ttlS: number;
}

export interface BodyTemplate {
  /** One more than `slots`. */
  readonly pieces: readonly string[];
  readonly slots: readonly Slot[];
  /** Undefined = `application/json`. */
  readonly contentType?: string;
}

/** `text\`{"id":${"rpcId"}}\`` with literal JSON around slot names. */
export function template(
  pieces: TemplateStringsArray | readonly string[],
  ...slots: Slot[]
): BodyTemplate {
  return { pieces: [...pieces], slots };
}

export function fill(body: BodyTemplate, values: SlotValues): string {
  let text = body.pieces[0] ?? "";
  for (let index = 0; index < body.slots.length; index++) {
    const slot = body.slots[index];
    text += (slot === undefined ? "" : values[slot]) + (body.pieces[index + 1] ?? "");
  }
  return text;
}
