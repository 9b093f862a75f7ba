import type { BusinessDetails } from "../model/credentials.ts";

// Who takes part: our own parties, and the platforms of others. Times are epoch milliseconds.

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
