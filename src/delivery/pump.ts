import { MODULES } from "../gateway/keys.ts";
import { refreshRegistration } from "../gateway/registration.ts";
import type { JsonObject } from "../lib/json.ts";
import { formatTime } from "../lib/time.ts";
import { versionByNumber } from "../ocpi/versions.ts";
import { closedBreaker, gate } from "./breaker.ts";
import { type Desk, isSpent, type PumpPorts, type Remembered, remember } from "./desk.ts";
import { NEW, pushedModules, readFeed } from "./feed.ts";
import { failPulls, pullSteps } from "./pull-run.ts";
import { readyAt, refill } from "./rate.ts";
import { round } from "./round.ts";
import { backoff } from "./schedule.ts";
import type { PullStore, PumpStore } from "./state.ts";

// One run of a partner's pump: tell it of our parties, go on pulling from it, push what waits; then say when to come again.
// Its host (an alarm) sees to it that there is one run at a time, and that a run that died is made again.

/** How long a run works before it hands over to the next, ms: a host is not to be kept for minutes. */
const RUN_MS = 20_000;
/** Requests and storage calls of a run: a Worker invocation may make 1,000, and some are made beside these. */
const RUN_CALLS = 500;
/** How often the head of the feed is looked at in case a wake-up was lost, ms; the longer nothing happened, the rarer. */
const HEARTBEAT_MS = { busy: 15_000, quiet: 30_000, idle: 60_000 };
const QUIET_AFTER_MS = 5 * 60_000;
const IDLE_AFTER_MS = 60 * 60_000;

/** What a run works with. */
export interface Pump {
  partner: string;
  ports: PumpPorts;
  store: PumpStore;
  pulls: PullStore;
  /** Whether the run should end as soon as it can: the partner was changed meanwhile. */
  stopped(): boolean;
}

/** Runs the pump once. Returns when to run again, epoch ms; null: not before somebody asks. Throws when our storage fails. */
export async function runPump(pump: Pump): Promise<number | null> {
  const desk = await openDesk(pump);
  pump.store.set("off", desk === null ? true : null);
  if (desk === null) {
    await failPulls(pump, "The partner is not registered");
    return null;
  }
  const announced = await announce(desk);
  const [pulling] = await Promise.all([pullSteps(desk, pump.pulls), pushAll(desk)]);
  remember(desk);
  return nextRun(desk, pulling, announced);
}

async function openDesk({ partner: id, ports, store, stopped }: Pump): Promise<Desk | null> {
  const [partner, parties] = await Promise.all([ports.partners.get(id), ports.parties.list()]);
  const version = partner?.version == null ? undefined : versionByNumber(partner.version);
  if (partner === null || partner.status !== "REGISTERED" || version === undefined) return null;
  const now = ports.clock.now();
  const known = recall(store);
  return {
    ports,
    store,
    partner,
    version,
    parties,
    modules: pushedModules(partner, version, parties),
    breaker: known?.breaker ?? closedBreaker(now),
    bucket: known?.bucket ?? null,
    pausedUntil: known?.pausedUntil ?? 0,
    lastSuccessAt: known?.lastSuccessAt ?? null,
    lastFailureAt: known?.lastFailureAt ?? null,
    deadline: now + RUN_MS,
    budget: RUN_CALLS,
    stopped,
  };
}

/** What is known of the partner; an operator who asked for another try is not kept waiting by breaker or pause. */
function recall(store: PumpStore): Remembered | null {
  const known = store.get<Remembered>("partner");
  if (known === null || store.get<boolean>("hurry") === null) return known;
  store.set("hurry", null);
  return { ...known, breaker: { ...known.breaker, until: 0 }, pausedUntil: 0 };
}

/** Reads the feed to its head and sends what is due, as far as anything may be sent. What is written meanwhile calls for another run. */
async function pushAll(desk: Desk): Promise<void> {
  const { ports, store, partner } = desk;
  for (let isRead = false; !isRead; ) {
    isRead = await readFeed(desk);
    const now = ports.clock.now();
    const waiting = store.pending().count;
    if (waiting > 0) store.set("active", now);
    if (!partner.settings.retry && gate(desk.breaker, now) === "open") {
      store.abandon("Partner unreachable; retrying is off, it re-syncs by GET", [], now);
      return;
    }
    const due = store.earliest();
    if (due === null || due > now || isSpent(desk)) return;
    if (!(await round(desk))) return;
  }
}

/** A credentials update that is owed: our parties changed. Returns when to try again, epoch ms; null: nothing is owed. */
async function announce(desk: Desk): Promise<number | null> {
  const { store, ports, partner } = desk;
  const owed = store.get<Announcement>("announce");
  const now = ports.clock.now();
  if (owed === null) return null;
  if (owed.at > now) return owed.at;
  const base = ports.config.publicUrl ?? owed.base;
  if (base === null) {
    ports.log.write("warn", "PUBLIC_URL is not set: partners are not told of changed parties", { partner: partner.id });
    store.set("announce", null);
    return null;
  }
  const result = await refreshRegistration(ports, partner, { base });
  // Asked for again while it was under way: that one is still owed.
  const still = store.get<Announcement>("announce");
  if (result.ok) {
    const again = still !== null && still.asked !== owed.asked;
    if (!again) store.set("announce", null);
    const fresh = await ports.partners.get(partner.id);
    if (fresh !== null) desk.partner = fresh;
    return again ? now : null;
  }
  const { message, step } = result.error;
  ports.log.write("warn", "credentials update failed", { partner: partner.id, step, error: message });
  const at = ports.clock.now() + backoff(owed.failures + 1, ports.ids.random(), 2_000, 60 * 60_000);
  store.set("announce", { ...(still ?? owed), failures: owed.failures + 1, at } satisfies Announcement);
  return at;
}

interface Announcement {
  /** Counts the requests for it. */
  asked: number;
  failures: number;
  at: number;
  base: string | null;
}

/** Notes that the partner must get a credentials update. */
export function oweAnnouncement(store: PumpStore, now: number): void {
  const owed = store.get<Announcement>("announce");
  store.set("announce", { asked: (owed?.asked ?? 0) + 1, failures: 0, at: now, base: null } satisfies Announcement);
}

function nextRun(desk: Desk, pulling: number | null, announced: number | null): number {
  const { store, ports } = desk;
  const now = ports.clock.now();
  const due = store.earliest();
  const times = [now + heartbeat(now - (store.get<number>("active") ?? 0))];
  if (due !== null)
    times.push(Math.max(due, desk.pausedUntil, desk.breaker.open ? desk.breaker.until : 0, rateAllows(desk, now)));
  if (pulling !== null) times.push(pulling);
  if (announced !== null) times.push(announced);
  return Math.max(now, Math.min(...times));
}

function rateAllows(desk: Desk, now: number): number {
  const rate = desk.partner.settings.rate_per_second;
  return rate === undefined || rate <= 0 || desk.bucket === null ? 0 : readyAt(refill(desk.bucket, rate, now), rate);
}

function heartbeat(idle: number): number {
  if (idle < QUIET_AFTER_MS) return HEARTBEAT_MS.busy;
  return idle < IDLE_AFTER_MS ? HEARTBEAT_MS.quiet : HEARTBEAT_MS.idle;
}

/**
 * A registration from scratch: the peer may have forgotten everything, so nothing counts as held and the feed starts anew. But a record that it was
 * not told yet it is still owed, whenever it was written.
 */
export function startAnew(store: PumpStore, now: number): void {
  const records = Object.keys(MODULES).filter((module) => MODULES[module]?.delivery === "record");
  store.forget(records, now);
  for (const name of ["partner", "announce"]) store.set(name, null);
  store.set(NEW, true);
}

/** How the partner is doing, as Partner.health shows it. Times are RFC 3339. */
export function health(store: PumpStore): JsonObject {
  const known = store.get<Remembered>("partner");
  const { count, oldest } = store.pending();
  const at = (ms: number | null | undefined) => (ms == null ? null : formatTime(ms));
  const breaker = known?.breaker;
  const used = known?.lastSuccessAt != null || known?.lastFailureAt != null;
  const state =
    store.get<boolean>("off") || !used ? "IDLE" : breaker?.open ? "UNREACHABLE" : breaker?.failures ? "FAILING" : "OK";
  return {
    state,
    since: at(breaker?.since),
    last_success_at: at(known?.lastSuccessAt),
    last_failure_at: at(known?.lastFailureAt),
    consecutive_failures: breaker?.failures ?? 0,
    pending: count,
    oldest_pending_at: at(oldest),
  };
}

/** Makes deliveries due now, one by its number or all that wait, were given up or refused. False: there is no such row. */
export function retryNow(store: PumpStore, n: number | null, now: number): boolean {
  if (n !== null && store.row(n) === null) return false;
  store.requeue(n === null ? { states: ["PENDING", "MAYBE", "STALE", "REJECTED"] } : { n }, now);
  store.set("hurry", true);
  return true;
}

/** Puts cursors where they belong now, so that every write from here on is pushed; nothing is sent. */
export async function startFeed(pump: Pump): Promise<void> {
  const desk = await openDesk(pump);
  if (desk === null) return;
  pump.store.set("active", pump.ports.clock.now());
  await readFeed(desk);
}
