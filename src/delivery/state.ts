import type { DeliveryState, Pull, PullRequest } from "../ports/evidence.ts";

// What the pump of one partner remembers. The store behind these types is the SQLite of the partner's Durable Object;
// all of it is synchronous, so that a step of the pump is one transaction.

/** One object and where the partner stands with it. The newest wanted state is never stored here: it is read when it is sent. */
export interface Row {
  /** Number of the row within its partner: the last part of a delivery id. */
  n: number;
  module: string;
  /** `seq` of the object in the objects table. */
  seq: number;
  /** `CC/PID/id`. */
  key: string;
  /** Newest revision of the object that the change feed has told of. */
  wanted: number;
  /** Revision of the state that was last sent and answered for good; 0: none. */
  sent: number;
  state: DeliveryState;
  /** Place in the queue: a key keeps its place while it waits, however often it changes. */
  queued: number;
  /** Attempts at what is wanted now: the requests made, and the looks that led to none. */
  attempts: number;
  /** Those of them that count against {@link MAX_FAULTS}: failures of this object while the partner was there. */
  faults: number;
  lastStatus: number | null;
  lastError: string | null;
  /** When it is tried next, epoch ms; null: it is not. */
  nextAttemptAt: number | null;
  updatedAt: number;
  /** Hash of the losses of the last translation; null: nothing was lost. */
  losses: string | null;
  held: Held | null;
}

/**
 * What the partner holds of an object, as far as its answers prove it. A hash is '' while it is not known: a request
 * is under way, or was not answered.
 */
export interface Held {
  /** The object's id as the partner knows it. */
  id: string;
  /** Hash of what was sent; of a Location without `evses` and `last_updated`. */
  head: string;
  lastUpdated: string;
}

/** Hashes of the EVSEs the partner holds, by uid as sent. */
export type HeldEvses = ReadonlyMap<string, string>;

/** A record on its way to the partner: what was said, to be said again to the letter, and where the partner keeps it. */
export interface Told {
  /** Number of the version it was said in. */
  version: string;
  /** JSON text of what was sent, and of what was lost in saying it so; null once its answer is settled. */
  said: string | null;
  /** URL at which the partner shows it; null: it has named none. */
  location: string | null;
  /** Fingerprint of what it has taken; null: nothing yet. */
  taken: string | null;
}

/** A change found in the feed. */
export interface Found {
  module: string;
  seq: number;
  key: string;
  revision: number;
  /** Deleted or hidden: only of interest when the partner may hold it. */
  gone: boolean;
  /** Gone, and worth telling even to a partner we have not sent it to, for it may have fetched it. */
  tellAnyway: boolean;
}

/** Values the pump keeps besides rows and cursors, JSON each. */
export interface Memory {
  get<T>(name: string): T | null;
  set(name: string, value: unknown): void;
}

/** The partner's own store. Every method is one transaction, durable before anything leaves the house after it. */
export interface PumpStore extends Memory {
  cursor(module: string): number | null;
  setCursor(module: string, revision: number): void;
  dropCursor(module: string): void;
  /** Modules that have a cursor. */
  cursorModules(): string[];
  /** Stores a row for every key found and moves the cursor, both or none. */
  take(module: string, found: readonly Found[], cursor: number, now: number): void;
  /** How many keys of a module wait, parked ones too. */
  waiting(module: string): number;
  /** Keys that wait and are due, in queue order, behind place `after` and up to place `upTo`. */
  due(module: string, now: number, after: number, upTo: number, limit: number): Row[];
  /** The due key that was tried least: what a probe is made with, so that one bad object cannot keep a breaker open. */
  leastTried(now: number): Row | null;
  /** The last place in the queue given out. */
  lastPlace(): number;
  row(n: number): Row | null;
  heldEvses(n: number): Map<string, string>;
  /** What is known of a record; null: nothing was sent yet. */
  told(n: number): Told | null;
  tell(n: number, told: Told): void;
  /** Before a request leaves: what it overwrites is not known to be held any more. `evses` null: the whole object. */
  sending(row: Row, id: string, evses: readonly string[] | null): void;
  /** What came of it; a newer state that the feed has told of meanwhile is due. `evses`: the EVSEs held now, all of them (`whole`) or those that changed. */
  settle(row: Row, evses: { whole: boolean; hashes: ReadonlyMap<string, string> } | null): void;
  /** When the first waiting key is due, epoch ms; null: none waits. */
  earliest(): number | null;
  /** Waiting keys, and since when the oldest waits. */
  pending(): { count: number; oldest: number | null };
  list(query: { state?: string; module?: string; after: number; limit: number }): Row[];
  /** Makes keys due now: one by its number, or all in these states. How many that were. */
  requeue(which: { n: number } | { states: readonly DeliveryState[] }, now: number): number;
  /** Gives up what waits in all but these modules, without a request. How many that were. */
  abandon(error: string, except: readonly string[], now: number): number;
  /** Forgets rows, cursors and what is held, but for what is owed of these modules, which is due now; memory stays. */
  forget(records: readonly string[], now: number): void;
}

/** Id of a delivery as the operator sees it. */
export const deliveryId = (partner: string, n: number): string => `${partner}.${n}`;

/** The partner whose delivery this is; null when it is no delivery id. */
export function partnerOfDelivery(id: string): string | null {
  const match = /^(.+)\.(\d+)$/.exec(id);
  return match?.[1] ?? null;
}

/** Where a list of deliveries is read on so that this one comes first; null when it is no delivery id. */
export function beforeDelivery(id: string): string | null {
  const [partner, n] = [partnerOfDelivery(id), rowOfDelivery(id)];
  return partner === null || n === null ? null : deliveryId(partner, n - 1);
}

/** The number of the row behind a delivery id; null when it is none. */
export function rowOfDelivery(id: string): number | null {
  const match = /\.(\d{1,15})$/.exec(id);
  return match ? Number(match[1]) : null;
}

/** Where operators read how pulls go. */
export interface PullStore {
  /** Creates or overwrites. */
  save(pull: Pull, mode: PullRequest["mode"]): Promise<void>;
  get(partner: string, id: string): Promise<Pull | null>;
}
