import type { Journal, JournalEntry } from "../../ports/evidence.ts";
import type { Background, Clock } from "../../ports/world.ts";

/** Entries that are written together at most. */
const BATCH = 100;
/** Milliseconds an entry waits for company. */
const WAIT_MS = 50;
/** A flush that was promised longer ago than this was lost with the request that promised it. */
const LOST_MS = 2_000;
/**
 * Entries in one statement: D1 binds 100 values at most. Plain values cost a quarter of what one JSON text taken apart by
 * json_each does, a tenth when bodies are long.
 */
const ROWS = 6;

const COLUMNS = {
  time: "time_ms",
  partner: "partner",
  direction: "direction",
  module: "module",
  method: "method",
  url: "url",
  http_status: "http_status",
  ocpi_status: "ocpi_status",
  duration_ms: "duration_ms",
  request_id: "request_id",
  correlation_id: "correlation_id",
  error: "error",
  losses: "losses",
  findings: "findings",
  request_body: "request_body",
  response_body: "response_body",
} satisfies Record<keyof JournalEntry, string>;

const FIELDS = Object.keys(COLUMNS) as (keyof JournalEntry)[];
const ROW = `(${FIELDS.map(() => "?").join(", ")})`;
const insert = (rows: number): string =>
  `INSERT INTO messages (${Object.values(COLUMNS).join(", ")}) VALUES ${Array(rows).fill(ROW).join(", ")}`;
const SELECT = `SELECT id, ${FIELDS.map((field) => `${COLUMNS[field]} AS ${field}`).join(", ")} FROM messages`;

/**
 * Entries recorded in this isolate and not yet stored. It outlives a request on purpose: a busy isolate writes many
 * requests' entries in one statement. Plain data only, so that any request may write what another one recorded.
 */
interface Buffer {
  entries: JournalEntry[];
  /** When a flush was last promised (epoch ms); null: none is on its way. */
  promisedAt: number | null;
}

const buffers = new WeakMap<D1Database, Buffer>();

/**
 * The journal of OCPI exchanges on D1. `record` returns at once; entries are stored in batches, after the response.
 * @param around `background` keeps the request (or Durable Object) alive until what was recorded in it is stored
 */
export function journal(db: D1Database, around: { background: Background; clock: Clock }): Journal {
  const { background, clock } = around;
  const buffer = buffers.get(db) ?? { entries: [], promisedAt: null };
  buffers.set(db, buffer);

  const flush = async (): Promise<void> => {
    buffer.promisedAt = null;
    const entries = buffer.entries.splice(0);
    if (entries.length > 0) await store(db, entries);
  };

  return {
    record(entry) {
      buffer.entries.push(entry);
      if (buffer.entries.length >= BATCH) {
        background.run(flush());
        return;
      }
      const now = clock.now();
      if (buffer.promisedAt !== null && now - buffer.promisedAt < LOST_MS) return;
      buffer.promisedAt = now;
      background.run(new Promise<void>((settle) => setTimeout(settle, WAIT_MS)).then(flush));
    },

    async list({ partner, correlation_id, direction, module, before, limit }) {
      // What this isolate has just done is to be seen: the reader often asks right after.
      await flush();
      const given = Object.entries({ partner, correlation_id, direction, module }).filter(
        ([, value]) => value !== undefined,
      );
      const conditions = [...given.map(([column]) => `${column} = ?`), ...(before === undefined ? [] : ["id < ?"])];
      const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
      const values = [...given.map(([, value]) => value), ...(before === undefined ? [] : [before]), limit];
      const statement = db.prepare(`${SELECT} ${where} ORDER BY id DESC LIMIT ?`).bind(...values);
      const { results } = await statement.all<Record<string, unknown>>();
      return results.map(
        (row) =>
          ({
            ...row,
            losses: JSON.parse(row.losses as string),
            findings: JSON.parse(row.findings as string),
          }) as JournalEntry & { id: number },
      );
    },
  };
}

async function store(db: D1Database, entries: JournalEntry[]): Promise<void> {
  const statements: D1PreparedStatement[] = [];
  for (let at = 0; at < entries.length; at += ROWS) {
    const rows = entries.slice(at, at + ROWS);
    statements.push(db.prepare(insert(rows.length)).bind(...rows.flatMap(valuesOf)));
  }
  await db.batch(statements);
}

const valuesOf = (entry: JournalEntry): (string | number | null)[] =>
  FIELDS.map((field) => {
    const value = entry[field];
    return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as string | number | null);
  });

/** Forgets exchanges journalled before a moment (epoch ms); for the cron tick. Returns how many. */
export async function pruneMessages(db: D1Database, before: number): Promise<number> {
  const { meta } = await db.prepare("DELETE FROM messages WHERE time_ms < ?").bind(before).run();
  return meta.changes;
}
