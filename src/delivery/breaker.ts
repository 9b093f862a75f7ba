import { backoff } from "./schedule.ts";

// The circuit breaker of a partner. One object that fails says nothing of the partner; failures across objects, or no
// answer at all, do. Pure: plain data in, plain data out.

/** What one exchange says about the partner itself. */
export type Evidence =
  /** It answered and meant it: success, 2xxx, 404, 429. */
  | "alive"
  /** It answered, but failed: 3xxx, HTTP 500. May be the object. */
  | "failing"
  /** No answer, no connection, or our token no longer opens the door. */
  | "down";

export interface Breaker {
  open: boolean;
  /** Exchanges in a row that were no sign of life. */
  failures: number;
  /** How many of them in a row were `down`. */
  down: number;
  /** Objects that failed since the last sign of life, a few. */
  objects: number[];
  /** Probes in a row that failed. */
  trips: number;
  /** When it opened or closed, epoch ms. */
  since: number;
  /** While open: when the next probe may go, epoch ms. */
  until: number;
}

/** So many objects failing without one sign of life, or so many unanswered requests in a row, open the breaker. */
const THRESHOLD = 3;
const FIRST_PROBE_MS = 2_000;
const LONGEST_PROBE_MS = 2 * 60_000;

export const closedBreaker = (now: number): Breaker => ({
  open: false,
  failures: 0,
  down: 0,
  objects: [],
  trips: 0,
  since: now,
  until: 0,
});

/** Whether requests may go: all, none, or a single one to see whether the partner is back. */
export function gate(breaker: Breaker, now: number): "closed" | "open" | "probe" {
  if (!breaker.open) return "closed";
  return now >= breaker.until ? "probe" : "open";
}

/** The breaker after an exchange about `object` (its row's number). `random` in [0, 1). */
export function observe(breaker: Breaker, evidence: Evidence, object: number, now: number, random: number): Breaker {
  if (evidence === "alive") {
    const clean = { ...breaker, open: false, failures: 0, down: 0, objects: [], trips: 0, until: 0 };
    return { ...clean, since: breaker.open ? now : breaker.since };
  }
  const objects = breaker.objects.includes(object) ? breaker.objects : [...breaker.objects, object].slice(-THRESHOLD);
  const failures = breaker.failures + 1;
  const down = evidence === "down" ? breaker.down + 1 : 0;
  const next = { ...breaker, failures, down, objects };
  if (breaker.open) {
    // What was still in flight when it opened tells nothing new; a failed probe does.
    if (now < breaker.until) return next;
    const trips = breaker.trips + 1;
    return { ...next, trips, until: now + backoff(trips, random, FIRST_PROBE_MS, LONGEST_PROBE_MS) };
  }
  if (down < THRESHOLD && objects.length < THRESHOLD) return next;
  return {
    ...next,
    open: true,
    trips: 0,
    since: now,
    until: now + backoff(0, random, FIRST_PROBE_MS, LONGEST_PROBE_MS),
  };
}
