import { MODULES } from "../gateway/keys.ts";
import type { StoredObject } from "../ports/objects.ts";
import { gate } from "./breaker.ts";
import { type Desk, isSpent, remember } from "./desk.ts";
import { push } from "./push.ts";
import { refill } from "./rate.ts";
import { pushRecord } from "./record.ts";
import { loadReferences, type References } from "./references.ts";
import { park, settle } from "./settle.ts";
import type { Row } from "./state.ts";

// A round: every key that waits now and is due, once, in the newest state it has when its turn comes. Keys queued during
// the round wait for the next, so a busy object cannot go twice before a quiet one went once. One key is one object and is
// in one pair of hands: order per object holds, and there are never two requests within one Location.

/** Requests in flight to one partner: what Workers allow a request to have. */
const LANES = 6;
/** Keys whose objects are read in one call. */
const WINDOW = 24;

interface Turn {
  row: Row;
  object: StoredObject | null;
  references: References;
}

/**
 * Sends what is due until the snapshot is done, the run's time is up, or the partner has had enough (breaker, pause, rate). Says
 * whether it went through all of it.
 */
export async function round(desk: Desk): Promise<boolean> {
  const source = turns(desk);
  let left = allowance(desk);
  let through = false;
  const next = exclusively(async () => {
    if (left <= 0 || enough(desk)) return null;
    const turn = await source();
    if (turn === null) through = true;
    else left -= 1;
    return turn;
  });
  if (gate(desk.breaker, desk.ports.clock.now()) === "probe") {
    const probe = desk.store.leastTried(desk.ports.clock.now());
    for (const turn of await load(desk, probe === null ? [] : [probe])) await attempt(desk, turn);
    if (desk.breaker.open) return false;
  }
  await Promise.all(Array.from({ length: LANES }, () => lane(desk, next)));
  remember(desk);
  return through;
}

async function lane(desk: Desk, next: () => Promise<Turn | null>): Promise<void> {
  for (let turn = await next(); turn !== null; turn = await next()) await attempt(desk, turn);
}

/** One object, whatever happens: a refusal or a throw is evidence, and the round goes on. */
async function attempt(desk: Desk, { row, object, references }: Turn): Promise<void> {
  try {
    const deliver = MODULES[row.module]?.delivery === "record" ? pushRecord : push;
    const sent = await deliver(desk, row, object, references);
    spend(desk, sent.requests);
    await settle(desk, row, object?.revision ?? row.wanted, sent);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const { module, key } = row;
    desk.ports.log.write("error", "push broke", { partner: desk.partner.id, module, key, error: message });
    park(desk, row, `Gateway: ${message}`);
  }
}

/** Nothing more may be sent in this run. */
function enough(desk: Desk): boolean {
  const now = desk.ports.clock.now();
  return isSpent(desk) || now < desk.pausedUntil || gate(desk.breaker, now) === "open";
}

/** Keys that may be sent now under the partner's rate. */
function allowance(desk: Desk): number {
  const rate = desk.partner.settings.rate_per_second;
  if (rate === undefined || rate <= 0) return Number.POSITIVE_INFINITY;
  desk.bucket = refill(desk.bucket, rate, desk.ports.clock.now());
  return Math.floor(desk.bucket.tokens);
}

function spend(desk: Desk, requests: number): void {
  desk.budget -= requests;
  if (desk.bucket !== null) desk.bucket = { ...desk.bucket, tokens: desk.bucket.tokens - requests };
}

/** One call at a time, in order of asking. */
function exclusively<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** The snapshot, a window at a time, modules taking turns so that a million Locations do not hold up a Tariff. */
function turns(desk: Desk): () => Promise<Turn | null> {
  const { store, ports } = desk;
  const upTo = store.lastPlace();
  const started = ports.clock.now();
  const places = new Map(desk.modules.map(({ module }) => [module, -1]));
  let window: Turn[] = [];
  return async () => {
    if (window.length === 0 && places.size > 0) {
      const share = Math.max(1, Math.floor(WINDOW / places.size));
      const rows: Row[] = [];
      for (const [module, after] of [...places]) {
        const found = store.due(module, started, after, upTo, share);
        if (found.length < share) places.delete(module);
        else places.set(module, found.at(-1)?.queued ?? upTo);
        rows.push(...found);
      }
      window = await load(desk, rows);
    }
    return window.shift() ?? null;
  };
}

/** The newest states of these keys, in one call, and one more when translating them needs other objects. */
async function load(desk: Desk, rows: Row[]): Promise<Turn[]> {
  if (rows.length === 0) return [];
  const { ports, version } = desk;
  const objects = await ports.objects.bySeq(rows.map(({ seq }) => seq));
  const bySeq = new Map(objects.map((object) => [object.seq, object]));
  const references = await loadReferences(ports, version, objects);
  desk.budget -= 2;
  return rows.map((row) => ({ row, object: bySeq.get(row.seq) ?? null, references }));
}
