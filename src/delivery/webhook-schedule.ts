import type { OutboundOutcome } from "../ports/world.ts";

// What an attempt at a webhook means, and when the next one is made. Pure.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Delays between attempts; after the last of them an event is given up. Spec: Standard Webhooks 1.0, Deliverability. */
const DELAYS_MS = [5_000, 5 * MINUTE_MS, 30 * MINUTE_MS, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS)];
/** So many of them for an event its receiver refuses as such: it would hold up all behind it for days. */
const REFUSED_DELAYS = 3;
/** Longest Retry-After that is kept to. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;
/** What is added to a delay at most, so that what failed together does not come back together. */
const JITTER = 0.2;

/** What an attempt means. `gone`: the receiver wants no more. `refused`: it does not take this event, an attempt later may be. */
export type Verdict =
  | { kind: "done" }
  | { kind: "gone"; message: string }
  | { kind: "refused" | "failed"; message: string; retryAfterMs: number | null };

/** HTTP 4xx that say nothing of the event. */
const PASSING = new Set([408, 425, 429]);

/** What the outcome of an attempt means. Spec: Standard Webhooks 1.0: 2xx is success, 3xx a failure, 410 switches off. */
export function judgeWebhook(outcome: OutboundOutcome): Verdict {
  if (outcome.kind !== "answer") return { kind: "failed", message: outcome.detail, retryAfterMs: null };
  const { status, headers } = outcome;
  const message = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { kind: "done" };
  if (status === 410) return { kind: "gone", message };
  const asked = /^\d{1,6}$/.exec(headers.get("retry-after") ?? "");
  const retryAfterMs = asked === null ? null : Math.min(Number(asked[0]) * 1000, MAX_RETRY_AFTER_MS);
  const isRefusal = status >= 400 && status < 500 && !PASSING.has(status);
  return { kind: isRefusal ? "refused" : "failed", message, retryAfterMs };
}

/** Milliseconds until an event is tried again that failed `attempts` times; null: it is given up. `random` in [0, 1). */
export function retryDelay(
  { kind, retryAfterMs }: { kind: "refused" | "failed"; retryAfterMs: number | null },
  attempts: number,
  random: number,
): number | null {
  const delay = kind === "refused" && attempts > REFUSED_DELAYS ? undefined : DELAYS_MS[attempts - 1];
  return delay === undefined ? null : Math.max(delay * (1 + JITTER * random), retryAfterMs ?? 0);
}
