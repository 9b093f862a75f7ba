import type { PullStore } from "../../delivery/state.ts";
import type { Pull, PullModuleCounts } from "../../ports/evidence.ts";

interface PullRow {
  id: string;
  partner: string;
  status: Pull["status"];
  modules: string;
  started_at: number;
  finished_at: number | null;
  error: string | null;
}

/** Pulls in D1. Only the host of the partner writes its pulls, one after the other, so a save overwrites. */
export function pullStore(db: D1Database): PullStore {
  return {
    async save(pull, mode) {
      const { id, partner, status, modules, started_at, finished_at, error } = pull;
      await db
        .prepare(
          `INSERT INTO pulls (id, partner, mode, status, modules, started_at, finished_at, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET status = excluded.status, modules = excluded.modules,
             finished_at = excluded.finished_at, error = excluded.error`,
        )
        .bind(id, partner, mode, status, JSON.stringify(modules), started_at, finished_at, error)
        .run();
    },
    async get(partner, id) {
      const row = await db
        .prepare(
          "SELECT id, partner, status, modules, started_at, finished_at, error FROM pulls WHERE id = ? AND partner = ?",
        )
        .bind(id, partner)
        .first<PullRow>();
      return row && { ...row, modules: JSON.parse(row.modules) as Record<string, PullModuleCounts> };
    },
  };
}
