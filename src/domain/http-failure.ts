/**
 * What went wrong with a call over https, as a word of a closed list: a metric label and a hint for
 * whoever reads the log.
 *
 * @module
 */
export const HTTP_FAULTS = [
  "address",
  "connect",
  "timeout",
  "tls",
  "redirect",
  "encoding",
  "too_large",
] as const;
export type HttpFault = (typeof HTTP_FAULTS)[number];

/** The message never has the URL, which may hold more than a reader should see. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";
  readonly fault: HttpFault;

  constructor(fault: HttpFault, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.fault = fault;
  }
}
