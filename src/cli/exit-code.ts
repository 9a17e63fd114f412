/**
 * What the process tells its caller, after sysexits.h.
 *
 * @module
 */
export const EXIT_CODE = {
  success: 0,
  /** A test failed, a check said no, or the end was not graceful. */
  negative: 1,
  usage: 64,
  unavailable: 69,
  defect: 70,
  config: 78,
} as const;
