// When a failed request is made again. Pure.

/** Failures of one object, with the partner there, after which it is given up: about two hours at full backoff. */
export const MAX_FAULTS = 24;

const FIRST_MS = 1_000;
const LONGEST_MS = 15 * 60_000;
/** Bounds on Retry-After: below, it would hammer; above, one wrong header would stop a partner for days. */
const RETRY_AFTER_MS = { least: 1_000, most: 10 * 60_000 };

/**
 * Exponential backoff with full jitter: anything between nothing and the doubled delay, so that what failed together
 * does not come back together. `random` in [0, 1).
 */
export function backoff(failures: number, random: number, first = FIRST_MS, longest = LONGEST_MS): number {
  return Math.floor(random * Math.min(longest, first * 2 ** Math.min(failures, 40)));
}

/** Retry-After of a partner, within bounds, ms. */
export function boundedRetryAfter(ms: number): number {
  return Math.min(Math.max(ms, RETRY_AFTER_MS.least), RETRY_AFTER_MS.most);
}

/** What a failure looked like to the schedule. */
export interface Failure {
  /** Failures of this object in a row that count, this one included. */
  faults: number;
  /** Requests in a row without success, counted or not. */
  attempts: number;
  /** What the partner asked us to wait, ms. */
  retryAfterMs: number | null;
  /** The partner's switch: off means one try. */
  retry: boolean;
}

/** Delay until the next attempt in ms, or null to give up. */
export function nextAttempt(failure: Failure, random: number): number | null {
  if (!failure.retry || failure.faults >= MAX_FAULTS) return null;
  const asked = failure.retryAfterMs === null ? 0 : boundedRetryAfter(failure.retryAfterMs);
  return Math.max(asked, backoff(failure.attempts - 1, random));
}
