import type { JsonObject, JsonValue } from "./lib/json.ts";
import type { BusinessDetails } from "./model/credentials.ts";
import type { Fault, Loss, TokenReference } from "./ocpi/codec.ts";
import type { Commands } from "./ports/commands.ts";
import type { Sessions } from "./ports/sessions.ts";
import type { SettingsStore } from "./ports/settings.ts";
import type { WebhookHosts, WebhookStore } from "./ports/webhooks.ts";

// What the core asks of the world. Everything below `src/cloudflare/` reaches storage, network, clock and chance only
// through these interfaces, so that use cases run unchanged in workerd, in tests, and on another platform.
// Times are epoch milliseconds unless a name says otherwise.

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

// ---- parties and partners ------------------------------------------------------------------------------------

export type Role = string;

/** One of our own parties. */
export interface Party {
  country_code: string;
  party_id: string;
  roles: Role[];
  business_details: BusinessDetails;
}

export type PartnerStatus = "INVITED" | "REGISTERED" | "SUSPENDED" | "UNREGISTERED";

export interface PartnerRole {
  role: Role;
  country_code: string;
  party_id: string;
  business_details?: BusinessDetails | null;
}

export interface PartnerEndpoint {
  identifier: string;
  /** Absent below 2.2. */
  role?: "SENDER" | "RECEIVER" | null;
  url: string;
}

export interface PartnerSettings {
  token_encoding: "auto" | "base64" | "raw";
  /** Whether changes are pushed at all. */
  push: boolean;
  /** Off: a failed push is not repeated, the partner re-syncs by GET (the standard's letter). */
  retry: boolean;
  /** What a new partner gets first: nothing (it GETs), or everything pushed. */
  initial: "none" | "push";
  /** Modules shared with the partner; absent: all that its role implies. */
  modules?: string[];
  /** Own parties (`NL*TNM`) whose objects the partner sees; absent: all. */
  share?: { parties?: string[] };
  allow_hosts?: string[];
  rate_per_second?: number;
  quirks?: string[];
}

/** A remote OCPI platform we hold, or are about to hold, credentials with. */
export interface Partner {
  id: string;
  name: string;
  status: PartnerStatus;
  /** The partner's role on a connection that cannot say it (2.0, 2.1.1). */
  side: "CPO" | "EMSP" | null;
  version: string | null;
  versions_url: string | null;
  roles: PartnerRole[];
  endpoints: PartnerEndpoint[];
  /** How tokens are written in Authorization towards this partner: learned, or set. */
  token_encoding: "raw" | "base64";
  /** Encrypted token we present to the partner ({@link Secrets.open} with the partner id); null before registration. */
  outbound_token: string | null;
  allow: { versions?: string[]; parties?: string[] };
  settings: PartnerSettings;
  /** Grows with every change authentication must notice. */
  epoch: number;
  created_at: number;
  last_seen_at: number | null;
  /** Number of the last write when it registered: what came after is pushed, even if its pump was not told in time. */
  feed_start?: number | null;
}

/**
 * INVITE: token A. PENDING: sent out in a handshake of ours whose answer is not here (yet), good from then on. CURRENT: the one
 * in use. PREVIOUS: good until the current one is first used.
 */
export type TokenKind = "INVITE" | "PENDING" | "CURRENT" | "PREVIOUS";

export interface NewPartner {
  id: string;
  name: string;
  side: "CPO" | "EMSP" | null;
  /** Where the partner is registered with, when it invited us. */
  versions_url?: string | null;
  allow: Partner["allow"];
  settings: PartnerSettings;
}

/** All that a completed handshake changes, written in one batch. */
export interface Registration {
  partner: string;
  /** Only if the partner still has this epoch; else nothing is written. */
  epoch: number;
  version: string;
  versions_url: string;
  side: "CPO" | "EMSP" | null;
  roles: PartnerRole[];
  endpoints: PartnerEndpoint[];
  token_encoding: "raw" | "base64";
  /** Sealed token we present from now on. */
  outbound_token: string;
  /** Hash of the token the partner presents from now on. */
  inbound_hash: string;
  /** Hash of the token presented now: an INVITE dies, a CURRENT becomes PREVIOUS until the new one is first used. */
  used_hash?: string;
}

export interface PartnerStore {
  /** The partner behind any of these token hashes, with the kind of token; null when none is known or it expired. */
  byTokenHashes(hashes: string[]): Promise<{ partner: Partner; kind: TokenKind; hash: string } | null>;
  get(id: string): Promise<Partner | null>;
  list(query: { after?: string; limit: number }): Promise<Partner[]>;
  /** All partners a change can concern (REGISTERED), whole; few hundred at most, read in one call. */
  registered(): Promise<Partner[]>;
  create(partner: NewPartner, inviteHash: string | null, expiresAt: number | null): Promise<Partner>;
  /** A fresh INVITE token for a partner; older INVITE tokens of it die. */
  invite(id: string, hash: string, expiresAt: number): Promise<void>;
  /** Reserves a token for one registration at a time; false when somebody else holds it. Ends by itself at `until`. */
  claim(hash: string, until: number): Promise<boolean>;
  release(hash: string): Promise<void>;
  /** A token usable before its registration is complete (the peer calls back while our POST is open). */
  addToken(partner: string, hash: string, kind: TokenKind): Promise<void>;
  dropToken(hash: string): Promise<void>;
  /** 'taken': a role of a party belongs to another partner (or to us); 'stale': the partner changed meanwhile. */
  register(registration: Registration): Promise<{ ok: true } | { ok: false; why: "taken" | "stale"; detail: string }>;
  /** First use of the new token: PREVIOUS ones die. */
  confirmToken(partner: string, hash: string): Promise<void>;
  update(
    id: string,
    change: {
      name?: string;
      settings?: PartnerSettings;
      status?: PartnerStatus;
      side?: "CPO" | "EMSP";
      token_encoding?: "raw" | "base64";
    },
  ): Promise<Partner | null>;
  /** Tokens die, roles are freed, status UNREGISTERED; what was received stays, marked, and is served no more. */
  unregister(id: string): Promise<void>;
  /** Forgets the partner's row (an invitation nobody used, or after unregistering). */
  remove(id: string): Promise<void>;
}

export interface PartyStore {
  list(): Promise<Party[]>;
  put(party: Party): Promise<"created" | "updated" | "unchanged">;
  /** 'owns': it still owns objects. */
  remove(countryCode: string, partyId: string): Promise<"removed" | "absent" | "owns">;
}

// ---- roaming objects -----------------------------------------------------------------------------------------

/** Where an object lives. `id_key` is computed by `gateway/keys.ts`; parties in upper case. */
export interface ObjectRef {
  module: string;
  country_code: string;
  party_id: string;
  id_key: string;
  /** '' for everyone, or the partner a variant is meant for. */
  recipient: string;
}

export interface StoredEvse {
  uid_key: string;
  uid: string;
  pos: number;
  body: JsonObject;
  revision: number;
}

export interface StoredObject extends ObjectRef {
  seq: number;
  id: string;
  /** Partner it came from; null: our own. */
  partner: string | null;
  /** Number of the version it was said in. */
  origin: string;
  audience: string;
  /** Model object; of a Location without `evses` and `last_updated`. */
  body: JsonObject;
  last_updated: string;
  received_ms: number;
  revision: number;
  deleted: boolean;
  evses: StoredEvse[];
}

/**
 * Who reads or writes. A partner's calls check its epoch in the same statement: a changed partner gets 'stale', and
 * the caller authenticates anew.
 */
export type Actor = { kind: "operator" } | { kind: "partner"; id: string; epoch: number };

/** 'stale': the partner changed since it was authenticated. */
export type Guarded<T> = { ok: true; value: T } | { ok: false; why: "stale" };

/** What a partner may see of a module, as one predicate ({@link visibility} in gateway/entitlement.ts builds it). */
export interface Visibility {
  /** Own parties (`NL*TNM`) whose objects are seen; null: all own ones; []: none. */
  own: string[] | null;
  /** Whether other partners' objects are seen too (we are a hub). */
  relayed: boolean;
  /** The reading partner: never sees its own objects here, and variants meant for others never. */
  reader: string;
  /** Values of `audience` that include the reader: '*', its roles, its parties. */
  audiences: string[];
}

export interface ListFilter {
  /** Sender side of a partner; absent for the operator. */
  visibility?: Visibility;
  country_code?: string;
  party_id?: string;
  partner?: string;
  owner?: "own" | "partner";
  /** Inclusive / exclusive bounds on last_updated; relayed objects also match by the time we received them. */
  updatedFrom?: number;
  updatedTo?: number;
  /** The same on `start_date_time`, of Sessions and CDRs: what 2.0 asks by. Reads all of the module's. */
  startedFrom?: number;
  startedTo?: number;
}

export interface PageQuery {
  module: string;
  filter: ListFilter;
  /** Rows to skip, where no keyset position is known. */
  offset: number;
  /** Creation order position to start after: wins over offset. */
  after: number | null;
  limit: number;
}

/** Objects as JSON text, whole (evses and last_updated joined in), in creation order, with what translation needs. */
export interface PageRow {
  seq: number;
  /** Number of its last write: no two texts have the same. */
  revision: number;
  origin: string;
  partner: string | null;
  text: string;
}

export interface Page {
  rows: PageRow[];
  /** All that match, whatever the page; null when the query did not ask. */
  total: number | null;
  /** Whether there is more behind the last row. */
  more: boolean;
}

export interface ObjectReader {
  /** One object (for Locations with all EVSEs), deleted ones not; `visibility` as in lists. One D1 call. */
  get(actor: Actor, ref: ObjectRef, visibility?: Visibility): Promise<Guarded<StoredObject | null>>;
  /** The same by id alone (Sender single objects know no owner); several matches: the visible one created first. */
  find(actor: Actor, module: string, idKey: string, visibility: Visibility): Promise<Guarded<StoredObject | null>>;
  /** As {@link get}, as text ready to send when no translation is needed. */
  getText(actor: Actor, ref: ObjectRef, visibility?: Visibility): Promise<Guarded<PageRow | null>>;
  page(actor: Actor, query: PageQuery & { withTotal: boolean }): Promise<Guarded<Page>>;
  /** Objects named by a codec's `needs`, of one module, in one call; variants meant for one partner not. */
  many(module: string, keys: { country_code: string; party_id: string; id_key: string }[]): Promise<StoredObject[]>;
  /** Tokens by contract, and by uid as far as it is known, each the one that fits best; null where none does. One call. */
  tokens(wanted: readonly TokenReference[]): Promise<(StoredObject | null)[]>;
  /**
   * The change feed of a module behind `after`, oldest first: heads with their revision, including deleted ones and
   * ones hidden since (audience '-'). `evses` empty. One call.
   */
  changes(query: {
    module: string;
    after: number;
    upTo: number;
    limit: number;
    visibility: Visibility;
  }): Promise<StoredObject[]>;
  /** Objects whole by seq, for the pump: one call for a round's window. */
  bySeq(seqs: number[]): Promise<StoredObject[]>;
  /** The number of the last write. */
  head(): Promise<number>;
}

/** What {@link ObjectWriter.load} found for a ref. */
export interface Loaded {
  /** Null: nothing there, and nothing ever was. */
  object: StoredObject | null;
  /** Whether the ref's party is one of ours. */
  own: boolean;
}

export interface ObjectWrite {
  ref: ObjectRef;
  /** The state the decision was made on; null: it was absent. Another one aborts the whole batch. */
  before: Pick<StoredObject, "seq" | "revision" | "id" | "partner" | "origin" | "audience" | "deleted"> | null;
  /**
   * The EVSE that alone was decided on, in the state it had (null: it was absent): then the rest of the Location may have
   * changed meanwhile, and keeps a later `last_updated`. Null: the whole object was decided on.
   */
  part: { uid_key: string; revision: number | null } | null;
  id: string;
  alias: string | null;
  partner: string | null;
  origin: string;
  audience: string;
  /** Null: as stored, only what is beside it changed (an EVSE, `last_updated`). */
  body: JsonObject | null;
  last_updated: string;
  deleted: boolean;
  /** EVSEs that are new or changed; others stay as they are. `pos` null: behind the last. */
  evses: { uid_key: string; uid: string; pos: number | null; body: JsonObject }[];
  /** Type of the event raised with the whole object as it stands after this write (`location.changed`); null: none. */
  event: string | null;
}

export interface ObjectWriter {
  /**
   * What {@link load} would find as far as this isolate remembers, without a call; null: it does not. It may be wrong by now,
   * and the actor is not checked: of what is decided on it only a {@link commit} that goes through holds.
   */
  recall(ref: ObjectRef, evses: "all" | "none" | { uid_key: string }): Loaded | null;
  /** State to decide on: heads and, as asked, EVSEs (all, one by key, none). Includes deleted ones. One call. */
  load(actor: Actor, refs: ObjectRef[], evses: "all" | "none" | { uid_key: string }): Promise<Guarded<Loaded[]>>;
  /** All of it or nothing, with events in the same batch: those of the writes, then `events`. One call. */
  commit(actor: Actor, writes: ObjectWrite[], events: NewEvent[]): Promise<"committed" | "conflict" | "stale">;
}

// ---- events, journal, delivery ---------------------------------------------------------------------------------

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

/** Everything, as the composition root builds it. Use cases ask for the few they need by `Pick<Ports, ...>`. */
export interface Ports {
  config: Config;
  clock: Clock;
  ids: Ids;
  secrets: Secrets;
  fetcher: Fetcher;
  parties: PartyStore;
  partners: PartnerStore;
  settings: SettingsStore;
  commands: Commands;
  objects: ObjectReader & ObjectWriter;
  sessions: Sessions;
  events: EventStore;
  journal: Journal;
  hosts: PartnerHosts;
  webhooks: WebhookStore;
  webhookHosts: WebhookHosts;
  feed: FeedNotice;
  background: Background;
  log: Log;
}
