import type { EventStore, NewEvent } from "../../ports/evidence.ts";
import type { Clock } from "../../ports/world.ts";

/** One row per matching event, and the newest id of all; a single row with nulls when nothing matches. */
interface EventRow {
  head: number;
  id: number | null;
  type: string;
  time_ms: number;
  data: string;
}

// The newest id comes along, so that a reader whose filter matches nothing still moves on and never scans the same rows twice.
const LIST = `SELECT h.head, e.id, e.type, e.time_ms, e.data
  FROM (SELECT coalesce(max(id), 0) AS head FROM events) h
  LEFT JOIN (
    SELECT id, type, time_ms, data FROM events
    WHERE id > ?1 AND (?2 = '[]' OR EXISTS (
      SELECT 1 FROM json_each(?2) p
      WHERE p.value = events.type OR p.value = '*'
        OR (substr(p.value, -2) = '.*' AND substr(events.type, 1, length(p.value) - 1) = substr(p.value, 1, length(p.value) - 1))))
    ORDER BY id LIMIT ?3
  ) e ON TRUE
  ORDER BY e.id`;

const APPEND = `INSERT INTO events (type, time_ms, partner, data)
  SELECT value->>'$.type', ?2, value->>'$.partner', value->>'$.data' FROM json_each(?1)`;

/** The operator's event feed on D1. Events of object changes are written by the object store, in the batch of the change. */
export function eventStore(db: D1Database, clock: Clock): EventStore {
  return {
    async append(events) {
      if (events.length === 0) return;
      const rows = events.map((event: NewEvent) => ({ ...event, data: JSON.stringify(event.data) }));
      await db.prepare(APPEND).bind(JSON.stringify(rows), clock.now()).run();
    },

    async list({ after, types, limit }) {
      const { results } = await db.prepare(LIST).bind(after, JSON.stringify(types), limit).all<EventRow>();
      const items = results.flatMap((row) =>
        row.id === null ? [] : [{ id: row.id, type: row.type, time: row.time_ms, data: JSON.parse(row.data) }],
      );
      const lastRead = items.at(-1)?.id ?? after;
      const last = items.length === limit ? lastRead : Math.max(after, results[0]?.head ?? 0);
      return { items, last };
    },
  };
}

/** Forgets events raised before a moment (epoch ms); for the cron tick. Returns how many. */
export async function pruneEvents(db: D1Database, before: number): Promise<number> {
  // Ids grow with time: the first one that is young enough ends the walk, so a tick with nothing to do reads one row.
  const { meta } = await db
    .prepare(
      `DELETE FROM events WHERE id < coalesce(
        (SELECT id FROM events WHERE time_ms >= ? ORDER BY id LIMIT 1), (SELECT max(id) + 1 FROM events))`,
    )
    .bind(before)
    .run();
  return meta.changes;
}
