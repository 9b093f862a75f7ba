import { parseLooseTime } from "../../lib/time.ts";
import type { NewEvent } from "../../ports/evidence.ts";
import type { Actor, ObjectRef, ObjectWrite } from "../../ports/objects.ts";
import { authentic, isWrittenLate } from "./object-filter.ts";
import { isJsonRef, refKeys, wholeTextSql } from "./object-rows.ts";
import { raw, type Sql, sql } from "./sql.ts";

/**
 * Statements of a commit: their number does not grow with the number of writes, but for bodies beyond what one parameter
 * holds. The first gives back `n`, the number of the last write.
 */
export function commitStatements(actor: Actor, writes: ObjectWrite[], events: NewEvent[], now: number): Sql[] {
  const items = writes.map((write, index) => item(write, index, writes.length, now));
  const pick = (wanted: (write: ObjectWrite) => boolean): string[] =>
    items.filter((_, index) => wanted(writes[index] as ObjectWrite));
  return [
    guard(actor, writes),
    ...inPieces(
      pick(({ before }) => before === null),
      insertHeads,
    ),
    ...inPieces(
      pick(({ before }) => before !== null),
      updateHeads,
    ),
    ...inPieces(pick(movesInIndexes), updateIndexedColumns),
    ...inPieces(
      writes.flatMap((write, index) => evseItems(write, index - writes.length + 1)),
      upsertEvses,
    ),
    ...inPieces(countChanges(writes), addCounts),
    ...inPieces(eventItems(writes), (list) => insertObjectEvents(list, now)),
    ...inPieces(
      events.map(({ type, partner, data }) => JSON.stringify([type, partner, JSON.stringify(data)])),
      (list) => insertEvents(list, now),
    ),
  ];
}

/**
 * Takes a number for each write, and aborts the batch when the actor is not authentic any more or an object is not in the
 * state its write was decided on. An error of a function is the only way to abort from within SQL; a condition on the
 * later statements would leave out some of them and keep the others.
 */
function guard(actor: Actor, writes: ObjectWrite[]): Sql {
  const conflicts = [
    ...conflict(
      writes.flatMap(wholeGuard),
      "j LEFT JOIN objects o ON o.seq = j.value->>0 WHERE o.revision IS NOT j.value->>1",
    ),
    ...conflict(
      writes.flatMap(partGuard),
      `j LEFT JOIN objects o ON o.seq = j.value->>0 LEFT JOIN evses e ON e.object = o.seq AND e.uid_key = j.value->>1
       WHERE o.deleted IS NOT 0 OR e.revision IS NOT j.value->>2 OR o.partner IS NOT j.value->>3`,
    ),
    ...conflict(writes.flatMap(absenceGuard), `j CROSS JOIN objects o WHERE ${isJsonRef}`),
    ...conflict(
      ownParties(writes),
      "j WHERE NOT EXISTS (SELECT 1 FROM parties p WHERE p.country_code = j.value->>0 AND p.party_id = j.value->>1)",
    ),
  ];
  return sql`UPDATE counter SET n = CASE WHEN NOT (${authentic(actor)}) THEN json_extract('{}', 'stale')
    ${conflicts.reduce((all, one) => sql`${all} WHEN ${one} THEN json_extract('{}', 'conflict')`, raw(""))}
    ELSE n + ${writes.length} END WHERE id = 1 RETURNING n`;
}

/** Condition that some of the states `j` does not hold any more, told by the rest of a query; none for no states. */
const conflict = (states: unknown[], query: string): Sql[] =>
  states.length === 0 ? [] : [sql`EXISTS (SELECT 1 FROM json_each(${JSON.stringify(states)}) ${raw(query)})`];

const wholeGuard = ({ before, part }: ObjectWrite): unknown[] =>
  before === null || part !== null ? [] : [[before.seq, before.revision]];

const partGuard = ({ before, part }: ObjectWrite): unknown[] =>
  before === null || part === null ? [] : [[before.seq, part.uid_key, part.revision, before.partner ?? ""]];

/** Parties that must be ours still, each once: what a party owns keeps it from being removed, and the other way about. */
function ownParties(writes: ObjectWrite[]): unknown[] {
  const own = writes.filter(({ partner }) => partner === null);
  return [
    ...new Map(
      own.map(({ ref: { country_code, party_id } }) => [`${country_code}*${party_id}`, [country_code, party_id]]),
    ).values(),
  ];
}

const absenceGuard = ({ before, ref }: ObjectWrite): unknown[] => (before === null ? [refKeys(ref)] : []);

/**
 * What of a write goes into `objects`, in the order of the arrays it travels in. Arrays with the body as a string in them are what
 * SQLite reads fastest: it neither parses the body nor writes it anew, which takes four times as long as all the rest.
 */
const fields = [
  "place",
  "seq",
  "is_part",
  "module",
  "country_code",
  "party_id",
  "id_key",
  "recipient",
  "id",
  "alias",
  "partner",
  "origin",
  "audience",
  "last_updated",
  "updated_ms",
  "received_ms",
  "changed_ms",
  "deleted",
  "body",
] as const;

/** A field of the write at hand, in SQL. */
const the = (field: (typeof fields)[number]): Sql => raw(`(j.value->>${fields.indexOf(field)})`);

/** A write as JSON text, {@link fields} by {@link fields}. `place`: its number is what the counter stands at, plus this. */
function item(write: ObjectWrite, index: number, total: number, now: number): string {
  const updated = parseLooseTime(write.last_updated) ?? now;
  return JSON.stringify([
    index - total + 1,
    write.before?.seq ?? null,
    write.part === null ? 0 : 1,
    ...refKeys(write.ref),
    write.id,
    write.alias,
    write.partner ?? "",
    write.origin,
    write.audience,
    write.last_updated,
    updated,
    now,
    isWrittenLate(write.ref.module, write.partner, updated, now) ? Math.max(updated, now) : updated,
    write.deleted ? 1 : 0,
    write.body === null ? null : JSON.stringify(write.body),
  ]);
}

const insertHeads = (list: string): Sql => sql`INSERT INTO objects
  (module, country_code, party_id, id_key, recipient, id, alias, partner, origin, audience,
    body, last_updated, updated_ms, received_ms, changed_ms, deleted, revision)
  SELECT ${the("module")}, ${the("country_code")}, ${the("party_id")}, ${the("id_key")}, ${the("recipient")}, ${the("id")}, ${the("alias")},
    ${the("partner")}, ${the("origin")}, ${the("audience")}, ${the("body")}, ${the("last_updated")}, ${the("updated_ms")},
    ${the("received_ms")}, ${the("changed_ms")}, ${the("deleted")}, c.n + ${the("place")}
  FROM counter c CROSS JOIN json_each(${list}) j WHERE c.id = 1`;

/**
 * What changes with every write. Columns of the indexes that pages walk are not among it. A write of a part does not know the
 * Location's time as it stands now, and never sets it back.
 */
const updateHeads = (
  list: string,
): Sql => sql`UPDATE objects SET body = coalesce(${the("body")}, body), last_updated = iif(${keepsTime}, last_updated, ${the("last_updated")}),
    updated_ms = iif(${keepsTime}, updated_ms, ${the("updated_ms")}), received_ms = ${the("received_ms")},
    changed_ms = iif(${keepsTime}, max(changed_ms, ${the("changed_ms")}), ${the("changed_ms")}),
    revision = (SELECT n FROM counter WHERE id = 1) + ${the("place")}
  FROM json_each(${list}) j WHERE objects.seq = ${the("seq")}`;

const keepsTime = sql`${the("is_part")} AND updated_ms > ${the("updated_ms")}`;

const updateIndexedColumns = (
  list: string,
): Sql => sql`UPDATE objects SET id = ${the("id")}, alias = ${the("alias")}, partner = ${the("partner")},
    origin = ${the("origin")}, audience = ${the("audience")}, deleted = ${the("deleted")}
  FROM json_each(${list}) j WHERE objects.seq = ${the("seq")}`;

function movesInIndexes({ before, ...write }: ObjectWrite): boolean {
  if (before === null) return false;
  const kept = ["id", "partner", "origin", "audience", "deleted"] as const;
  return kept.some((column) => before[column] !== write[column]);
}

/**
 * EVSEs of a write: module and place of their object, then their own columns. The object is found by the number it has just
 * been given, since the `seq` of a new one is not known before.
 */
function evseItems({ ref, evses }: ObjectWrite, place: number): string[] {
  return evses.map(({ uid_key, uid, pos, body }) =>
    JSON.stringify([ref.module, place, uid_key, uid, pos, JSON.stringify(body)]),
  );
}

const upsertEvses = (list: string): Sql => sql`INSERT INTO evses (object, uid_key, uid, pos, body, revision)
  SELECT o.seq, j.value->>2, j.value->>3, coalesce(j.value->>4, (SELECT max(e.pos) + 1 FROM evses e WHERE e.object = o.seq), 0),
    j.value->>5, o.revision
  FROM counter c CROSS JOIN json_each(${list}) j CROSS JOIN objects o
  WHERE c.id = 1 AND o.module = j.value->>0 AND o.revision = c.n + (j.value->>1)
  ON CONFLICT (object, uid_key) DO UPDATE SET uid = excluded.uid, pos = excluded.pos, body = excluded.body, revision = excluded.revision`;

/** What the writes change in `counts`: exact, since the guard has proved the states before; an ordinary update changes nothing. */
function countChanges(writes: ObjectWrite[]): string[] {
  const changes = new Map<string, number>();
  const add = (ref: ObjectRef, partner: string | null, audience: string, n: number): void => {
    const key = JSON.stringify([ref.module, ref.country_code, ref.party_id, ref.recipient, partner ?? "", audience]);
    changes.set(key, (changes.get(key) ?? 0) + n);
  };
  for (const { ref, before, partner, audience, deleted } of writes) {
    if (before !== null && !before.deleted) add(ref, before.partner, before.audience, -1);
    if (!deleted) add(ref, partner, audience, 1);
  }
  return [...changes].filter(([, n]) => n !== 0).map(([key, n]) => `[${key},${n}]`);
}

const addCounts = (
  list: string,
): Sql => sql`INSERT INTO counts (module, country_code, party_id, recipient, partner, audience, n)
  SELECT j.value->>'$[0][0]', j.value->>'$[0][1]', j.value->>'$[0][2]', j.value->>'$[0][3]', j.value->>'$[0][4]', j.value->>'$[0][5]', j.value->>'$[1]'
  FROM json_each(${list}) j WHERE 1
  ON CONFLICT (module, country_code, party_id, recipient, partner, audience) DO UPDATE SET n = n + excluded.n`;

const eventItems = (writes: ObjectWrite[]): string[] =>
  writes.flatMap(({ ref, event }, index) =>
    event === null ? [] : [JSON.stringify([ref.module, index - writes.length + 1, event])],
  );

/** Events with the objects as they stand now, written by the database: nothing is sent to it twice. */
const insertObjectEvents = (list: string, now: number): Sql => sql`INSERT INTO events (type, time_ms, partner, data)
  SELECT j.value->>2, ${now}, nullif(o.partner, ''), '{' || CASE o.partner WHEN '' THEN '' ELSE '"partner":' || json_quote(o.partner) || ',' END
    || json_quote(substr(j.value->>2, 1, instr(j.value->>2, '.') - 1)) || ':' || ${raw(wholeTextSql)} || '}'
  FROM counter c CROSS JOIN json_each(${list}) j CROSS JOIN objects o
  WHERE c.id = 1 AND o.module = j.value->>0 AND o.revision = c.n + (j.value->>1)`;

const insertEvents = (list: string, now: number): Sql => sql`INSERT INTO events (type, time_ms, partner, data)
  SELECT j.value->>0, ${now}, j.value->>1, j.value->>2 FROM json_each(${list}) j`;

/** D1 takes 2 MB in one parameter; this many characters of JSON stay below it in any script. */
const MAX_PARAMETER = 600_000;

/** A statement over a JSON array of items, several when they do not fit into one parameter; none when there are no items. */
function inPieces(items: string[], statement: (list: string) => Sql): Sql[] {
  const pieces: Sql[] = [];
  let piece: string[] = [];
  let length = 0;
  for (const text of items) {
    if (length > 0 && length + text.length > MAX_PARAMETER) {
      pieces.push(statement(`[${piece.join(",")}]`));
      piece = [];
      length = 0;
    }
    piece.push(text);
    length += text.length + 1;
  }
  if (piece.length > 0) pieces.push(statement(`[${piece.join(",")}]`));
  return pieces;
}
