import type { JsonObject, JsonValue } from "../lib/json.ts";
import type { Fault, Loss } from "../ocpi/codec.ts";

// What happened and what goes out: events, the journal, deliveries, pulls. Times are epoch milliseconds.

export interface NewEvent {
  type: string;
  partner: string | null;
  data: JsonObject;
}

export interface StoredEvent {
  id: number;
  type: string;
  time: number;
  data: JsonObject;
}

export interface EventStore {
  append(events: NewEvent[]): Promise<void>;
  /** Oldest first, behind `after`; `types` may end in `.*`. `last`: where to go on even when nothing matched. */
  list(query: { after: number; types: string[]; limit: number }): Promise<{ items: StoredEvent[]; last: number }>;
}

/** One OCPI exchange, in or out. Bodies are already redacted and cut. */
export interface JournalEntry {
  time: number;
  partner: string | null;
  direction: "in" | "out";
  module: string | null;
  method: string;
  url: string;
  http_status: number | null;
  ocpi_status: number | null;
  duration_ms: number;
  request_id: string | null;
  correlation_id: string | null;
  error: string | null;
  losses: Loss[];
  findings: Fault[];
  request_body: string | null;
  response_body: string | null;
}

export interface Journal {
  /** Takes the entry now and stores it soon, batched, after the response: the one thing a crash may lose. */
  record(entry: JournalEntry): void;
  list(query: {
    partner?: string;
    correlation_id?: string;
    direction?: string;
    module?: string;
    before?: number;
    limit: number;
  }): Promise<(JournalEntry & { id: number })[]>;
}

export type DeliveryState = "PENDING" | "DELIVERED" | "MAYBE" | "REJECTED" | "STALE";

export interface Delivery {
  id: string;
  partner: string;
  module: string;
  /** `CC/PID/id`. */
  key: string;
  state: DeliveryState;
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  next_attempt_at: number | null;
  updated_at: number;
  /** Of a CDR that was taken: the URL at which the partner shows it. */
  location?: string;
  /** Of a CDR that was taken: the version it was said in, and the fingerprint of what was said. */
  taken?: { version: string; fingerprint: string };
}

export interface PullRequest {
  modules: string[];
  mode: "delta" | "full";
}

export interface PullModuleCounts {
  pages: number;
  received: number;
  stored: number;
  unchanged: number;
  rejected: number;
}

export interface Pull {
  id: string;
  partner: string;
  status: "RUNNING" | "DONE" | "FAILED";
  modules: Record<string, PullModuleCounts>;
  started_at: number;
  finished_at: number | null;
  error: string | null;
}

/** The pump and the puller of each partner: a Durable Object per partner behind this port. */
export interface PartnerHosts {
  /** There may be something new for the partner; cheap to call too often. */
  wake(partner: string): Promise<void>;
  /** The partner has just registered, changed version, or was suspended or resumed. */
  reconfigure(partner: string, what: "registered" | "changed" | "stopped"): Promise<void>;
  /** Our parties changed: the partner must get a credentials update. */
  announceParties(partner: string): Promise<void>;
  startPull(partner: string, pullId: string, request: PullRequest): Promise<void>;
  pull(partner: string, pullId: string): Promise<Pull | null>;
  deliveries(
    partner: string,
    query: { state?: string; module?: string; after?: string; limit: number },
  ): Promise<Delivery[]>;
  /** Tries one delivery again now, or all that are REJECTED, STALE or waiting. False: no such delivery. */
  retry(partner: string, deliveryId?: string): Promise<boolean>;
  health(partner: string): Promise<JsonValue>;
}
