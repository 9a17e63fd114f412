/**
 * Time as the service sees it. Two clocks, never mixed: the wall clock is compared with times written
 * by others (`exp`), the monotonic clock measures how long something may still be used.
 *
 * @module
 */
export interface Clock {
  /** Unix time in whole milliseconds; may jump when the host clock is set. */
  unixMs(): number;
  /** Milliseconds since an arbitrary start, with fractions; never goes back. */
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `task` every `ms` until the returned function is called; never keeps the process alive. */
  every(ms: number, task: () => void): () => void;
}
