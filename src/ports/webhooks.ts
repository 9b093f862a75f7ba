import type { JsonValue } from "../lib/json.ts";

/** DISABLED: by the owner, or because the receiver answered 410. */
export type WebhookStatus = "ENABLED" | "DISABLED";

/** Where the owner has events sent to. */
export interface Webhook {
  id: string;
  url: string;
  /** Event types, `session.*` allowed; empty: all. */
  types: string[];
  description: string | null;
  status: WebhookStatus;
  /** What deliveries are signed with, sealed with the webhook's id. */
  secret: string;
  /** Id of the last event before it was created: those behind it are sent. */
  after_event: number;
  created_at: number;
  updated_at: number;
}

export type WebhookChange = Partial<Pick<Webhook, "url" | "types" | "description" | "status">>;

export interface WebhookStore {
  /** All of them, oldest first; an owner has a few. */
  list(): Promise<Webhook[]>;
  get(id: string): Promise<Webhook | null>;
  /** Stores a new one, enabled; events raised from now on are for it. */
  create(webhook: Pick<Webhook, "id" | "url" | "types" | "description" | "secret">): Promise<Webhook>;
  /** Null: there is none. */
  update(id: string, change: WebhookChange): Promise<Webhook | null>;
  /** False: there was none. */
  remove(id: string): Promise<boolean>;
  /** Ids of those that are enabled. */
  enabled(): Promise<string[]>;
}

/** How the deliveries of a webhook fare. */
export interface WebhookHealth {
  /** Id of the last event that was dealt with. */
  cursor: number;
  /** Attempts in a row at the event behind the cursor that failed. */
  attempts: number;
  /** Events delivered, and given up. */
  delivered: number;
  failed: number;
  /** HTTP status of the last attempt; null: none yet, or no answer. */
  last_status: number | null;
  last_error: string | null;
  /** Epoch ms. */
  last_attempt_at: number | null;
  /** When a failed event is tried again, epoch ms; null: nothing waits. */
  next_attempt_at: number | null;
}

/** The host of each webhook's deliveries: a Durable Object per webhook behind this port. */
export interface WebhookHosts {
  /** There may be events for it; cheap to call too often. */
  wake(id: string): Promise<void>;
  /** It was changed, or is enabled again: what waits for another attempt is tried now. */
  retry(id: string): Promise<void>;
  /** It is gone: everything kept for it is forgotten. */
  forget(id: string): Promise<void>;
  health(id: string): Promise<WebhookHealth | null>;
}

/** What is sent: Standard Webhooks, the payload's `type`, `timestamp` and `data`. */
export interface WebhookMessage {
  /** The same on every attempt. */
  id: string;
  type: string;
  /** When it happened, epoch ms. */
  time: number;
  data: JsonValue;
}
