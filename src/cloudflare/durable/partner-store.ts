import type { Found, PumpStore, Row, Told } from "../../delivery/state.ts";
import type { DeliveryState } from "../../ports/evidence.ts";

// The SQLite of a PartnerObject: what its partner holds, what waits, how far the feed is read. Every method is one
// transaction; a Durable Object lets no request out before what was written ahead of it is durable.

type Value = string | number | null;

/** The part of a Durable Object's storage that is used: synchronous SQL and transactions. */
export interface Sqlite {
  exec(sql: string, ...bindings: Value[]): { toArray(): Record<string, unknown>[] };
  transaction<T>(work: () => T): T;
}

/** {@link Sqlite} of a Durable Object. */
export const sqliteOf = (storage: DurableObjectStorage): Sqlite => ({
  exec: (sql, ...bindings) => storage.sql.exec(sql, ...bindings),
  transaction: (work) => storage.transactionSync(work),
});

const TABLES = `
CREATE TABLE IF NOT EXISTS memory (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors (module TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
  n INTEGER PRIMARY KEY AUTOINCREMENT, module TEXT NOT NULL, seq INTEGER NOT NULL UNIQUE, key TEXT NOT NULL,
  wanted INTEGER NOT NULL, sent INTEGER NOT NULL, state TEXT NOT NULL, queued INTEGER NOT NULL,
  attempts INTEGER NOT NULL, faults INTEGER NOT NULL, last_status INTEGER, last_error TEXT, next_attempt_at INTEGER,
  queued_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, losses TEXT, held_id TEXT, held_head TEXT, held_updated TEXT);
CREATE INDEX IF NOT EXISTS held_queue ON held (module, queued) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS held_due ON held (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS held_state ON held (state, n);
CREATE TABLE IF NOT EXISTS held_evses (n INTEGER NOT NULL, uid TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (n, uid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (n INTEGER PRIMARY KEY, version TEXT NOT NULL, said TEXT, location TEXT, taken TEXT);
`;

// A key that waits keeps its place, however often it changes, and its backoff; one that rests goes to the end of the
// queue. What has been sent already (the round read a newer state than the feed had told of) stays at rest.
const TAKE = `
INSERT INTO held (module, seq, key, wanted, sent, state, queued, attempts, faults, next_attempt_at, queued_at, updated_at)
VALUES (?1, ?2, ?3, ?4, 0, 'PENDING', ?5, 0, 0, ?6, ?6, ?6)
ON CONFLICT (seq) DO UPDATE SET
  key = excluded.key, wanted = max(wanted, excluded.wanted), updated_at = excluded.updated_at,
  state = CASE WHEN next_attempt_at IS NULL THEN 'PENDING' ELSE state END,
  queued = CASE WHEN next_attempt_at IS NULL THEN excluded.queued ELSE queued END,
  queued_at = CASE WHEN next_attempt_at IS NULL THEN excluded.queued_at ELSE queued_at END,
  attempts = CASE WHEN next_attempt_at IS NULL THEN 0 ELSE attempts END,
  faults = CASE WHEN next_attempt_at IS NULL THEN 0 ELSE faults END,
  next_attempt_at = coalesce(next_attempt_at, excluded.next_attempt_at)
WHERE excluded.wanted > sent`;

// Writing what stands there already costs nothing.
const REMEMBER = `INSERT INTO memory (name, value) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`;

/** A record in these states needs not be said again. */
const ANSWERED: readonly DeliveryState[] = ["DELIVERED", "REJECTED"];

const WAITS = "next_attempt_at IS NOT NULL";

/** The store of one partner's pump; creates its tables. */
export function partnerPumpStore(sqlite: Sqlite): PumpStore {
  for (const statement of TABLES.split(";\n")) if (statement.trim()) sqlite.exec(statement);
  const all = (sql: string, ...bindings: Value[]) => sqlite.exec(sql, ...bindings).toArray();
  const number = (sql: string, ...bindings: Value[]) => all(sql, ...bindings)[0]?.value as number | null | undefined;
  const lastPlace = () => number("SELECT max(queued) AS value FROM held") ?? 0;

  const store: PumpStore = {
    get: <T>(name: string) => {
      const text = all("SELECT value FROM memory WHERE name = ?", name)[0]?.value as string | undefined;
      return text === undefined ? null : (JSON.parse(text) as T);
    },
    set: (name, value) => {
      if (value === null) sqlite.exec("DELETE FROM memory WHERE name = ?", name);
      else sqlite.exec(REMEMBER, name, JSON.stringify(value));
    },

    cursor: (module) => number("SELECT revision AS value FROM cursors WHERE module = ?", module) ?? null,
    setCursor: (module, revision) =>
      void sqlite.exec("INSERT OR REPLACE INTO cursors (module, revision) VALUES (?, ?)", module, revision),
    dropCursor: (module) => void sqlite.exec("DELETE FROM cursors WHERE module = ?", module),

    cursorModules: () => all("SELECT module FROM cursors").map(({ module }) => module as string),

    take: (module, found, cursor, now) =>
      sqlite.transaction(() => {
        let place = lastPlace();
        for (const change of found) {
          if (change.gone && !change.tellAnyway && !maybeHeld(change)) continue;
          sqlite.exec(TAKE, module, change.seq, change.key, change.revision, ++place, now);
        }
        store.setCursor(module, cursor);
      }),
    waiting: (module) => number(`SELECT count(*) AS value FROM held WHERE module = ? AND ${WAITS}`, module) ?? 0,
    due: (module, now, after, upTo, limit) =>
      all(
        `SELECT * FROM held INDEXED BY held_queue WHERE module = ? AND ${WAITS} AND next_attempt_at <= ? AND queued > ? AND queued <= ?
         ORDER BY queued LIMIT ?`,
        module,
        now,
        after,
        upTo,
        limit,
      ).map(rowOf),
    leastTried: (now) =>
      all(`SELECT * FROM held WHERE ${WAITS} AND next_attempt_at <= ? ORDER BY attempts, queued LIMIT 1`, now).map(
        rowOf,
      )[0] ?? null,
    lastPlace,
    row: (n) => all("SELECT * FROM held WHERE n = ?", n).map(rowOf)[0] ?? null,
    heldEvses: (n) =>
      new Map(
        all("SELECT uid, hash FROM held_evses WHERE n = ?", n).map(({ uid, hash }) => [uid as string, hash as string]),
      ),

    told: (n) => (all("SELECT version, said, location, taken FROM told WHERE n = ?", n)[0] as Told | undefined) ?? null,
    tell: (n, { version, said, location, taken }) =>
      void sqlite.exec(
        "INSERT OR REPLACE INTO told (n, version, said, location, taken) VALUES (?, ?, ?, ?, ?)",
        n,
        version,
        said,
        location,
        taken,
      ),

    sending: (row, id, evses) =>
      sqlite.transaction(() => {
        if (evses === null)
          sqlite.exec("UPDATE held SET held_id = ?, held_head = '', held_updated = '' WHERE n = ?", id, row.n);
        else sqlite.exec("UPDATE held SET held_updated = '' WHERE n = ?", row.n);
        for (const uid of evses ?? []) putEvse(row.n, uid, "");
      }),
    settle: (settled, evses) =>
      sqlite.transaction(() => {
        const wanted = number("SELECT wanted AS value FROM held WHERE n = ?", settled.n) ?? 0;
        // The feed has told of a newer state since this one was read: that one is still owed.
        const isOwed = settled.nextAttemptAt === null && wanted > settled.sent;
        const due = { state: "PENDING", attempts: 0, faults: 0, nextAttemptAt: settled.updatedAt } as const;
        const row = isOwed ? { ...settled, ...due } : settled;
        const { held } = row;
        if (ANSWERED.includes(settled.state)) sqlite.exec("UPDATE told SET said = NULL WHERE n = ?", row.n);
        sqlite.exec(
          `UPDATE held SET sent = ?, state = ?, attempts = ?, faults = ?, last_status = ?, last_error = ?, next_attempt_at = ?,
             updated_at = ?, losses = ?, held_id = ?, held_head = ?, held_updated = ?
           WHERE n = ?`,
          row.sent,
          row.state,
          row.attempts,
          row.faults,
          row.lastStatus,
          row.lastError,
          row.nextAttemptAt,
          row.updatedAt,
          row.losses,
          held?.id ?? null,
          held?.head ?? null,
          held?.lastUpdated ?? null,
          row.n,
        );
        if (evses?.whole) sqlite.exec("DELETE FROM held_evses WHERE n = ?", row.n);
        for (const [uid, hash] of evses?.hashes ?? []) putEvse(row.n, uid, hash);
      }),

    earliest: () => number(`SELECT min(next_attempt_at) AS value FROM held WHERE ${WAITS}`) ?? null,
    pending: () => {
      const found = all(`SELECT count(*) AS count, min(queued_at) AS oldest FROM held WHERE ${WAITS}`)[0];
      return { count: found?.count as number, oldest: found?.oldest as number | null };
    },
    list: ({ state, module, after, limit }) =>
      all(
        "SELECT * FROM held WHERE n > ?1 AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR module = ?3) ORDER BY n LIMIT ?4",
        after,
        state ?? null,
        module ?? null,
        limit,
      ).map(rowOf),
    requeue: (which, now) => {
      // Asked for one by name, it is sent even if it is held: the hash is forgotten, or nothing would be found to send.
      const set =
        "UPDATE held SET state = 'PENDING', next_attempt_at = ?, attempts = 0, faults = 0, updated_at = ?, queued_at = ?";
      if ("n" in which) {
        const again = "held_head = CASE WHEN held_head IS NULL THEN NULL ELSE '' END";
        return all(`${set}, ${again} WHERE n = ? RETURNING n`, now, now, now, which.n).length;
      }
      return all(
        `${set} WHERE state IN (SELECT value FROM json_each(?)) RETURNING n`,
        now,
        now,
        now,
        JSON.stringify(which.states),
      ).length;
    },
    abandon: (error, except, now) =>
      all(
        `UPDATE held SET state = 'STALE', next_attempt_at = NULL, last_error = ?, updated_at = ?
         WHERE ${WAITS} AND module NOT IN (SELECT value FROM json_each(?)) RETURNING n`,
        error,
        now,
        JSON.stringify(except),
      ).length,
    forget: (records, now) =>
      sqlite.transaction(() => {
        const among = "module IN (SELECT value FROM json_each(?))";
        const modules = JSON.stringify(records);
        sqlite.exec(`DELETE FROM held WHERE NOT (${among} AND state <> 'DELIVERED')`, modules);
        sqlite.exec(
          "UPDATE held SET state = 'PENDING', next_attempt_at = ?, attempts = 0, faults = 0 WHERE state <> 'REJECTED'",
          now,
        );
        sqlite.exec("DELETE FROM held_evses");
        sqlite.exec("DELETE FROM told WHERE n NOT IN (SELECT n FROM held)");
        sqlite.exec(`DELETE FROM cursors WHERE NOT ${among}`, modules);
      }),
  };

  function maybeHeld(change: Found): boolean {
    return (
      all("SELECT 1 FROM held WHERE seq = ? AND (held_head IS NOT NULL OR next_attempt_at IS NOT NULL)", change.seq)
        .length > 0
    );
  }

  function putEvse(n: number, uid: string, hash: string): void {
    sqlite.exec("INSERT OR REPLACE INTO held_evses (n, uid, hash) VALUES (?, ?, ?)", n, uid, hash);
  }

  return store;
}

function rowOf(found: Record<string, unknown>): Row {
  const head = found.held_head as string | null;
  return {
    n: found.n as number,
    module: found.module as string,
    seq: found.seq as number,
    key: found.key as string,
    wanted: found.wanted as number,
    sent: found.sent as number,
    state: found.state as DeliveryState,
    queued: found.queued as number,
    attempts: found.attempts as number,
    faults: found.faults as number,
    lastStatus: found.last_status as number | null,
    lastError: found.last_error as string | null,
    nextAttemptAt: found.next_attempt_at as number | null,
    updatedAt: found.updated_at as number,
    losses: found.losses as string | null,
    held: head === null ? null : { id: found.held_id as string, head, lastUpdated: found.held_updated as string },
  };
}
