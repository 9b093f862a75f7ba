import { formatTime } from "../lib/time.ts";
import type { Delivery, DeliveryState, NewEvent } from "../ports/evidence.ts";
import { type Breaker, observe } from "./breaker.ts";
import { type Desk, remember } from "./desk.ts";
import type { Sent } from "./push.ts";
import { boundedRetryAfter, nextAttempt } from "./schedule.ts";
import { deliveryId, type Row, type Told } from "./state.ts";

// What follows from an outcome: the row's next state, the partner's breaker, and the events an operator gets.

/** A pause when a partner says 429 without saying for how long, ms. */
const PAUSE_MS = 5_000;

/** Writes down what came of a row. `revision`: that of the state that was sent. */
export async function settle(desk: Desk, row: Row, revision: number, sent: Sent): Promise<void> {
  const now = desk.ports.clock.now();
  const before = desk.breaker;
  if (sent.evidence !== null) {
    desk.breaker = observe(before, sent.evidence, row.n, now, desk.ports.ids.random());
    if (sent.verdict === "delivered") desk.lastSuccessAt = now;
    else desk.lastFailureAt = now;
  }
  if (sent.verdict === "throttled") desk.pausedUntil = now + boundedRetryAfter(sent.retryAfterMs ?? PAUSE_MS);
  const next = nextRow(desk, row, revision, sent, now);
  const failed = next.state === "REJECTED" || next.state === "STALE";
  const events = partnerEvents(desk, before, sent.error);
  if (failed) events.push(failure(desk, next));
  // Events first: a crash between the two repeats the request and the event, the other order would lose the event.
  if (events.length > 0) await desk.ports.events.append(events);
  desk.store.settle(next, sent.evses);
  if (desk.breaker !== before && desk.breaker.open !== before.open) {
    remember(desk);
    // The partner is back: whatever waits or was given up meanwhile is due.
    if (!desk.breaker.open && desk.partner.settings.retry)
      desk.store.requeue({ states: ["PENDING", "MAYBE", "STALE"] }, now);
  }
}

/** Something of our own broke on a row: parked as if it had failed, the partner is not to blame. */
export function park(desk: Desk, row: Row, error: string): void {
  const now = desk.ports.clock.now();
  const attempts = row.attempts + 1;
  const faults = row.faults + 1;
  const { retry } = desk.partner.settings;
  const delay = nextAttempt({ faults, attempts, retryAfterMs: null, retry }, desk.ports.ids.random());
  const state: DeliveryState = delay === null ? "STALE" : "PENDING";
  const nextAttemptAt = delay === null ? null : now + delay;
  // What it had sent before it broke is not known: the row in the store says so, the one at hand does not.
  const { held } = desk.store.row(row.n) ?? row;
  // Given up, it counts as dealt with: only what the feed tells of after it is owed.
  const sent = delay === null ? row.wanted : row.sent;
  const parked = { ...row, sent, attempts, faults, state, nextAttemptAt, held, lastError: error, updatedAt: now };
  desk.store.settle(parked, null);
}

function nextRow(desk: Desk, row: Row, revision: number, sent: Sent, now: number): Row {
  const attempts = row.attempts + sent.requests;
  const { held, losses } = sent;
  const base = { ...row, attempts, held, losses, lastStatus: sent.status, lastError: sent.error, updatedAt: now };
  const wanted = Math.max(row.wanted, revision);
  const settled = { ...base, wanted, sent: revision, faults: 0, nextAttemptAt: null };
  switch (sent.verdict) {
    case "delivered":
      return { ...settled, state: "DELIVERED" };
    case "rejected":
    case "unknown":
      return { ...settled, state: "REJECTED" };
    case "throttled":
      return { ...base, state: "PENDING", nextAttemptAt: desk.pausedUntil };
    case "waiting":
      return waitingRow(desk, row, { ...base, attempts: row.attempts + 1 }, revision, sent, now);
    case "maybe":
    case "transient":
    case "down":
      return waitingRow(desk, row, base, revision, sent, now);
  }
}

function waitingRow(desk: Desk, row: Row, base: Row, revision: number, sent: Sent, now: number): Row {
  const { retry } = desk.partner.settings;
  // While the partner is away no object is to blame: it waits for the breaker's next probe and is never given up.
  const faults = row.faults + (desk.breaker.open ? 0 : 1);
  const { retryAfterMs } = sent;
  const delay = nextAttempt({ faults, attempts: base.attempts, retryAfterMs, retry }, desk.ports.ids.random());
  const state: DeliveryState = sent.verdict === "maybe" ? "MAYBE" : "PENDING";
  if (delay === null) {
    const given = { ...base, faults, sent: revision, nextAttemptAt: null };
    return { ...given, state: retry || state !== "MAYBE" ? "STALE" : "MAYBE" };
  }
  const nextAttemptAt = desk.breaker.open ? Math.min(desk.breaker.until, now + delay) : now + delay;
  return { ...base, faults, state, nextAttemptAt };
}

function partnerEvents(desk: Desk, before: Breaker, error: string | null): NewEvent[] {
  const { id, name } = desk.partner;
  if (desk.breaker.open === before.open) return [];
  if (!desk.breaker.open) return [{ type: "partner.recovered", partner: id, data: { partner: id, name } }];
  return [{ type: "partner.unreachable", partner: id, data: { partner: id, name, reason: error } }];
}

function failure(desk: Desk, row: Row): NewEvent {
  const { id } = desk.partner;
  const { next_attempt_at, updated_at, ...delivery } = deliveryOf(id, row);
  const times = {
    next_attempt_at: next_attempt_at === null ? null : formatTime(next_attempt_at),
    updated_at: formatTime(updated_at),
  };
  return { type: "delivery.failed", partner: id, data: { partner: id, delivery: { ...delivery, ...times } } };
}

/** A row as operators see it. */
export const deliveryOf = (partner: string, row: Row, told: Told | null = null): Delivery => ({
  id: deliveryId(partner, row.n),
  partner,
  module: row.module,
  key: row.key,
  state: row.state,
  attempts: row.attempts,
  last_status: row.lastStatus,
  last_error: row.lastError,
  next_attempt_at: row.nextAttemptAt,
  updated_at: row.updatedAt,
  ...(told?.location != null && { location: told.location }),
  ...(told?.taken != null && { taken: { version: told.version, fingerprint: told.taken } }),
});
