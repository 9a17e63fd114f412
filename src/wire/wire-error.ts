/**
 * Bytes that are no CheckRequest.
 *
 * @module
 */
export class WireError extends Error {
  override readonly name = "WireError";
}
