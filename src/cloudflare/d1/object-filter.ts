import type { Actor, ListFilter, Visibility } from "../../ports/objects.ts";
import { raw, type Sql, sql } from "./sql.ts";

// Who sees what, as conditions on columns that `objects` and `counts` have in common: so a page and its total can never
// disagree. The table in question is always called `o` in a statement.

/** Whether the actor still is who was authenticated: one look-up in the statement itself instead of a call before it. */
export function authentic(actor: Actor): Sql {
  if (actor.kind === "operator") return raw("1");
  return sql`EXISTS (SELECT 1 FROM partners WHERE id = ${actor.id} AND epoch = ${actor.epoch})`;
}

/** Values for `IN`: a few are cheapest as parameters of their own; of more there may be any number. */
function listOf(values: readonly string[]): Sql {
  if (values.length > 8) return sql`SELECT value FROM json_each(${JSON.stringify(values)})`;
  return { text: values.map(() => "?").join(", "), params: values };
}

/** Whose objects a reader sees: own ones, and as a hub those of partners that are still with us. */
function source({ own, relayed, reader }: Visibility): Sql {
  const sources: Sql[] = [];
  if (own === null) sources.push(raw("o.partner = ''"));
  else if (own.length > 0) {
    sources.push(sql`o.partner = '' AND o.country_code || '*' || o.party_id IN (${listOf(own)})`);
  }
  if (relayed) {
    sources.push(
      sql`o.partner <> ${reader} AND o.partner IN (SELECT id FROM partners WHERE status IN ('REGISTERED', 'SUSPENDED'))`,
    );
  }
  if (sources.length === 0) return raw("0");
  return sources.reduce((all, one) => sql`(${all}) OR (${one})`);
}

/**
 * Conditions under which a partner is concerned by an object at all: its source and its recipient. The change feed asks no
 * more, for it also tells of objects that are hidden or deleted by now.
 */
export function concerns(visibility: Visibility): Sql[] {
  return [source(visibility), sql`o.recipient = '' OR o.recipient = ${visibility.reader}`];
}

/** Conditions under which a partner sees an object that is not deleted. */
export function visible(visibility: Visibility): Sql[] {
  return [...concerns(visibility), sql`o.audience = '*' OR o.audience IN (${listOf(visibility.audiences)})`];
}

/** Conditions of a list but for its times; they hold for `counts` as well. */
export function listed(filter: ListFilter): Sql[] {
  const conditions = filter.visibility === undefined ? [] : visible(filter.visibility);
  if (filter.country_code !== undefined) conditions.push(sql`o.country_code = ${filter.country_code.toUpperCase()}`);
  if (filter.party_id !== undefined) conditions.push(sql`o.party_id = ${filter.party_id.toUpperCase()}`);
  if (filter.partner !== undefined) conditions.push(sql`o.partner = ${filter.partner}`);
  if (filter.owner === "own") conditions.push(raw("o.partner = ''"));
  if (filter.owner === "partner") conditions.push(raw("o.partner <> ''"));
  return conditions;
}

/** Whether a list asks for times, so that its total has to be counted. */
export const isTimed = ({ updatedFrom, updatedTo, startedFrom, startedTo, silentSince }: ListFilter): boolean =>
  [updatedFrom, updatedTo, startedFrom, startedTo, silentSince].some((time) => time !== undefined);

/** What of a session is written behind its acknowledgement is written so much later at most, ms. */
const BEHIND_MS = 5_000;

/** Whether an object written at `now` may be later there than its `last_updated` tells; both epoch ms. */
export const isWrittenLate = (module: string, partner: string | null, updated: number, now: number): boolean =>
  partner !== null || (module === "sessions" && now - updated <= BEHIND_MS);

/**
 * Conditions of a list's times: `last_updated` lies between the bounds or, for a partner, the time it was written does, where that may be
 * later: a relay keeps `last_updated` as it came, possibly long after, and a session's meter values are written behind. `changed_ms` is the
 * later of both: it is what the index is ordered by.
 */
export function timed(filter: ListFilter): Sql[] {
  const { updatedFrom, updatedTo, startedFrom, startedTo, silentSince, visibility } = filter;
  const started = sql`unixepoch(o.body ->> '$.start_date_time', 'subsec') * 1000`;
  const start = [
    ...(startedFrom === undefined ? [] : [sql`${started} >= ${startedFrom}`]),
    ...(startedTo === undefined ? [] : [sql`${started} < ${startedTo}`]),
  ];
  const open = sql`o.body ->> '$.status' NOT IN ('COMPLETED', 'INVALID')`;
  const silent = silentSince === undefined ? [] : [sql`o.received_ms < ${silentSince}`, open];
  const from = updatedFrom ?? Number.MIN_SAFE_INTEGER;
  const to = updatedTo ?? Number.MAX_SAFE_INTEGER;
  const updated = sql`o.updated_ms >= ${from} AND o.updated_ms < ${to}`;
  const late = sql`o.partner <> '' OR o.module = 'sessions' AND o.received_ms - o.updated_ms <= ${BEHIND_MS}`;
  const received = sql`(${late}) AND o.received_ms >= ${from} AND o.received_ms < ${to}`;
  return [
    ...start,
    ...silent,
    sql`o.changed_ms >= ${from}`,
    visibility === undefined ? updated : sql`(${updated}) OR (${received})`,
  ];
}

/** The only partner (`''`: ourselves) a list can be about; null when it may be about several. */
export function onlyPartner({ partner, owner, visibility }: ListFilter): string | null {
  if (partner !== undefined) return partner;
  if (owner === "own" || visibility?.relayed === false) return "";
  return null;
}
