// What the core asks of the machine it runs on: time, chance, secrets, the network, work after the answer. Times are epoch
// milliseconds unless a name says otherwise.

export interface Clock {
  now(): number;
}

export interface Ids {
  /** A UUID: request, correlation, partner, pull, command ids. */
  uuid(): string;
  /** 32 random bytes as base64url (43 printable characters): a credentials token. */
  token(): string;
  /** A number in [0, 1): jitter. */
  random(): number;
}

export interface Secrets {
  /** Keyed hash of a credentials token we issued: what is stored instead of it. */
  hash(token: string): Promise<string>;
  /** Encrypts a partner's token at rest; `boundTo` (the partner id) must be the same to open it. */
  seal(text: string, boundTo: string): Promise<string>;
  open(sealed: string, boundTo: string): Promise<string>;
}

/** One HTTP request to a host we do not control. The URL has passed {@link UrlRules}. */
export interface OutboundRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** Most bytes of the answer that are read. */
  maxBytes: number;
  /** Hosts (name:port as in a URL) this request may go to; any other is `refused` without a connection. */
  allowHosts: string[];
}

/** What came of an {@link OutboundRequest}; never thrown. */
export type OutboundOutcome =
  | { kind: "answer"; status: number; headers: Headers; body: string; url: string }
  | { kind: "timeout" | "network" | "too_large" | "redirect" | "refused"; detail: string };

export interface Fetcher {
  fetch(request: OutboundRequest): Promise<OutboundOutcome>;
}

/** Tells the delivery side that the feed moved; loss of a notice costs seconds, never data. */
export interface FeedNotice {
  notify(modules: string[]): Promise<void>;
}

/** Runs work after the response has been sent (waitUntil); a failure there is logged, never lost silently. */
export interface Background {
  run(work: Promise<unknown>): void;
}

export interface Log {
  /** One JSON line. Allow-listed fields only: never header values, tokens or bodies. */
  write(
    level: "info" | "warn" | "error",
    message: string,
    fields?: Record<string, string | number | boolean | null>,
  ): void;
}

/** Settings of this deployment, parsed and checked once. */
export interface Config {
  /** Base URL partners reach us at, without a trailing slash; null: the origin of the request at hand. */
  publicUrl: string | null;
  allowPrivateNetwork: boolean;
  /** Bytes. */
  bodyLimits: { objects: number; small: number };
  journalDays: number;
}
