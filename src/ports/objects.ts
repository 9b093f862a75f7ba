import type { JsonObject } from "../lib/json.ts";
import type { TokenReference } from "../ocpi/codec.ts";
import type { NewEvent } from "./evidence.ts";
import type { Partner } from "./partners.ts";

// Roaming objects as they are kept, and what is asked of their store. Times are epoch milliseconds unless a name says otherwise.

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
  /** Sessions that go on and did not change since. Reads all of the module's. */
  silentSince?: number;
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

/** What a request is about: an object, or a part of a Location. Ids as they were said. */
export interface Target {
  module: string;
  country_code: string;
  party_id: string;
  /** Id of the object; uid of a Token. */
  id: string;
  /** An EVSE of a Location. */
  evse_uid?: string;
  /** A Connector of that EVSE. */
  connector_id?: string;
  /** Type of a Token; absent where the version cannot say it (2.0, 2.1.1): then the body's, or whichever is there. */
  type?: string;
  /** Whether the owner's version compares ids without case (`dialect.ciIds`); true for own objects. */
  ciIds: boolean;
  /** Partner a variant is meant for; absent: everyone. */
  recipient?: string;
}

/** Who writes: a partner through OCPI, or the operator (`partner` null). `origin`: number of the version it is said in. */
export interface Writer {
  actor: Actor;
  partner: Partner | null;
  origin: string;
}

/** `older`: what is stored is newer; nothing was changed. */
export type Outcome = "created" | "updated" | "unchanged" | "older";

/** What came of a write, with the object as it stands now. */
export interface Applied {
  outcome: Outcome;
  object: StoredObject;
}
