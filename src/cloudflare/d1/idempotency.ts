import type { IdempotencyStore } from "../../operator/idempotency.ts";
import type { Clock } from "../../ports/world.ts";

/** Status of a row whose request is still being answered. */
const RUNNING = 0;
/** Milliseconds after which a request that never finished no longer holds its key. */
const CLAIM_MS = 120_000;

// One statement decides and tells: a row of our own making (claimed) or the one that stood there.
const CLAIM = `INSERT INTO idempotency (key, request_hash, status, body, created_at) VALUES (?1, ?2, ${RUNNING}, '', ?3)
  ON CONFLICT (key) DO UPDATE SET created_at = excluded.created_at
    WHERE idempotency.status = ${RUNNING} AND idempotency.request_hash = excluded.request_hash AND idempotency.created_at < ?4
  RETURNING key`;

/** Kept answers to POSTs with an Idempotency-Key, on D1. */
export function idempotencyStore(db: D1Database, clock: Clock): IdempotencyStore {
  return {
    async claim(key, requestHash) {
      const now = clock.now();
      const [claimed, stored] = await db.batch<{ request_hash: string; status: number; body: string }>([
        db.prepare(CLAIM).bind(key, requestHash, now, now - CLAIM_MS),
        db.prepare("SELECT request_hash, status, body FROM idempotency WHERE key = ?").bind(key),
      ]);
      if (claimed && claimed.results.length > 0) return { state: "taken" };
      const row = stored?.results[0];
      if (!row || row.request_hash !== requestHash) return { state: "different" };
      return row.status === RUNNING ? { state: "running" } : { state: "answered", answer: row };
    },

    async keep(key, { status, body }) {
      await db.prepare("UPDATE idempotency SET status = ?2, body = ?3 WHERE key = ?1").bind(key, status, body).run();
    },

    async release(key) {
      await db.prepare(`DELETE FROM idempotency WHERE key = ? AND status = ${RUNNING}`).bind(key).run();
    },
  };
}

/** Forgets answers given before a moment (epoch ms); for the cron tick. Returns how many. */
export async function pruneIdempotency(db: D1Database, before: number): Promise<number> {
  const { meta } = await db.prepare("DELETE FROM idempotency WHERE created_at < ?").bind(before).run();
  return meta.changes;
}
