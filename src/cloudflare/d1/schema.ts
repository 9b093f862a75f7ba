import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

// The storage schema. What each table and column means, with an example row and its lifetime, is told in README.md
// beside this file; migrations/ is generated from here and a test fails when the two drift apart.
// Times are epoch milliseconds; parties are stored in upper case (CiString).

/** Our own parties: who we are towards partners. */
export const parties = sqliteTable(
  "parties",
  {
    countryCode: text("country_code").notNull(),
    partyId: text("party_id").notNull(),
    roles: text("roles").notNull(),
    businessDetails: text("business_details").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.countryCode, t.partyId] })],
);

/** Remote OCPI platforms. `epoch` grows with every change that authentication must notice at once. */
export const partners = sqliteTable("partners", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  status: text("status").notNull(),
  side: text("side"),
  version: text("version"),
  versionsUrl: text("versions_url"),
  roles: text("roles").notNull(),
  endpoints: text("endpoints").notNull(),
  tokenEncoding: text("token_encoding").notNull(),
  outboundToken: text("outbound_token"),
  allow: text("allow").notNull(),
  settings: text("settings").notNull(),
  epoch: integer("epoch").notNull(),
  createdAt: integer("created_at").notNull(),
  lastSeenAt: integer("last_seen_at"),
  feedStart: integer("feed_start"),
});

/** Who a partner speaks for: a role of a party belongs to one partner. */
export const partnerRoles = sqliteTable(
  "partner_roles",
  {
    role: text("role").notNull(),
    countryCode: text("country_code").notNull(),
    partyId: text("party_id").notNull(),
    partner: text("partner").notNull(),
  },
  (t) => [primaryKey({ columns: [t.role, t.countryCode, t.partyId] }), index("partner_roles_partner").on(t.partner)],
);

/** Credentials tokens partners present to us, by keyed hash. `kind`: INVITE (token A), PENDING, CURRENT, PREVIOUS. */
export const credentialsTokens = sqliteTable(
  "credentials_tokens",
  {
    hash: text("hash").primaryKey(),
    partner: text("partner").notNull(),
    kind: text("kind").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    claimedUntil: integer("claimed_until"),
  },
  (t) => [index("credentials_tokens_partner").on(t.partner)],
);

/** One row: the number the last write took. Its order is the order of commits. */
export const counter = sqliteTable("counter", {
  id: integer("id").primaryKey(),
  n: integer("n").notNull(),
});

/**
 * Roaming objects of every module, own (`partner` is '') and received. The columns behind the first ones of
 * `objects_creation`, `objects_partner` and `objects_updated` are there so that a page finds its rows, and skips others, in
 * the index alone; those of the first two never change on an ordinary update, which therefore leaves these indexes alone.
 */
export const objects = sqliteTable(
  "objects",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    module: text("module").notNull(),
    countryCode: text("country_code").notNull(),
    partyId: text("party_id").notNull(),
    idKey: text("id_key").notNull(),
    id: text("id").notNull(),
    alias: text("alias"),
    recipient: text("recipient").notNull(),
    partner: text("partner").notNull(),
    origin: text("origin").notNull(),
    audience: text("audience").notNull(),
    body: text("body").notNull(),
    lastUpdated: text("last_updated").notNull(),
    updatedMs: integer("updated_ms").notNull(),
    receivedMs: integer("received_ms").notNull(),
    changedMs: integer("changed_ms").notNull(),
    revision: integer("revision").notNull(),
    deleted: integer("deleted").notNull(),
  },
  (t) => {
    const seen = [t.deleted, t.recipient, t.audience, t.countryCode, t.partyId] as const;
    return [
      uniqueIndex("objects_key").on(t.module, t.countryCode, t.partyId, t.idKey, t.recipient),
      index("objects_feed").on(t.module, t.revision, t.partner),
      index("objects_creation").on(t.module, t.seq, t.partner, ...seen),
      index("objects_partner").on(t.module, t.partner, t.seq, ...seen),
      index("objects_updated").on(t.module, t.changedMs, t.updatedMs, t.receivedMs, t.partner, ...seen),
      index("objects_contract").on(sql`upper(body ->> '$.contract_id')`).where(sql`module = 'tokens'`),
      index("objects_alias").on(t.module, t.alias).where(sql`alias is not null`),
    ];
  },
);

/**
 * EVSEs of Locations, a row each, so that a status change rewrites one EVSE and not the Location. Kept WITHOUT ROWID (0001 says
 * so, for drizzle cannot): those of a Location lie side by side in their order, and are read as they lie.
 */
export const evses = sqliteTable(
  "evses",
  {
    object: integer("object").notNull(),
    uidKey: text("uid_key").notNull(),
    uid: text("uid").notNull(),
    pos: integer("pos").notNull(),
    body: text("body").notNull(),
    revision: integer("revision").notNull(),
  },
  (t) => [primaryKey({ columns: [t.object, t.pos, t.uidKey] }), uniqueIndex("evses_uid").on(t.object, t.uidKey)],
);

/** How many objects that are not deleted stand behind each combination a reader's rights are made of. */
export const counts = sqliteTable(
  "counts",
  {
    module: text("module").notNull(),
    countryCode: text("country_code").notNull(),
    partyId: text("party_id").notNull(),
    recipient: text("recipient").notNull(),
    partner: text("partner").notNull(),
    audience: text("audience").notNull(),
    n: integer("n").notNull(),
  },
  (t) => [primaryKey({ columns: [t.module, t.countryCode, t.partyId, t.recipient, t.partner, t.audience] })],
);

/** What happened, for the back office: the operator's event feed. */
export const events = sqliteTable("events", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  type: text("type").notNull(),
  timeMs: integer("time_ms").notNull(),
  partner: text("partner"),
  data: text("data").notNull(),
});

/** The journal of OCPI exchanges in both directions, secrets redacted. */
export const messages = sqliteTable(
  "messages",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    timeMs: integer("time_ms").notNull(),
    partner: text("partner"),
    direction: text("direction").notNull(),
    module: text("module"),
    method: text("method").notNull(),
    url: text("url").notNull(),
    httpStatus: integer("http_status"),
    ocpiStatus: integer("ocpi_status"),
    durationMs: integer("duration_ms").notNull(),
    requestId: text("request_id"),
    correlationId: text("correlation_id"),
    error: text("error"),
    losses: text("losses").notNull(),
    findings: text("findings").notNull(),
    requestBody: text("request_body"),
    responseBody: text("response_body"),
  },
  (t) => [
    index("messages_partner").on(t.partner, t.id),
    index("messages_correlation").on(t.correlationId),
    index("messages_time").on(t.timeMs),
  ],
);

/** Pulls of a partner's objects, running and done. */
export const pulls = sqliteTable(
  "pulls",
  {
    id: text("id").primaryKey(),
    partner: text("partner").notNull(),
    mode: text("mode").notNull(),
    status: text("status").notNull(),
    modules: text("modules").notNull(),
    startedAt: integer("started_at").notNull(),
    finishedAt: integer("finished_at"),
    error: text("error"),
  },
  (t) => [index("pulls_partner").on(t.partner, t.startedAt)],
);

/** Answers already given to a POST with an Idempotency-Key. */
export const idempotency = sqliteTable("idempotency", {
  key: text("key").primaryKey(),
  requestHash: text("request_hash").notNull(),
  status: integer("status").notNull(),
  body: text("body").notNull(),
  createdAt: integer("created_at").notNull(),
});

/** What the owner changed of the gateway's settings, as one JSON object; a single row, absent until then. */
export const settings = sqliteTable("settings", {
  id: integer("id").primaryKey(),
  body: text("body").notNull(),
});

/** Where events are sent to. How far each has come is kept by its Durable Object. */
export const webhooks = sqliteTable("webhooks", {
  id: text("id").primaryKey(),
  url: text("url").notNull(),
  types: text("types").notNull(),
  description: text("description"),
  status: text("status").notNull(),
  secret: text("secret").notNull(),
  afterEvent: integer("after_event").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** By what a command is found that somebody names by something else than its id; the command itself is in its Durable Object. */
export const commands = sqliteTable(
  "commands",
  {
    id: text("id").primaryKey(),
    type: text("type").notNull(),
    /** 'out': we sent it; 'in': the partner did. */
    direction: text("direction").notNull(),
    partner: text("partner").notNull(),
    /** authorization_reference, contract and uid of the token, Location, EVSE, reservation: upper case, '' where not said. */
    reference: text("reference").notNull(),
    token: text("token").notNull(),
    uid: text("uid").notNull().default(""),
    location: text("location").notNull(),
    evse: text("evse").notNull(),
    reservation: text("reservation").notNull(),
    /** `CC/PID/id` of the session that came of it, or that it is about. */
    session: text("session"),
    /** 1: no response came, and whether the partner got it is not known. */
    failed: integer("failed").notNull().default(0),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("commands_partner").on(table.partner, table.direction, table.createdAt),
    index("commands_age").on(table.createdAt),
    index("commands_session").on(table.session).where(sql`session is not null`),
  ],
);
