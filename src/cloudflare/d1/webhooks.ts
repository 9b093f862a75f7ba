import type { Webhook, WebhookStore } from "../../ports/webhooks.ts";
import type { Clock } from "../../ports/world.ts";

type Row = Omit<Webhook, "types"> & { types: string };

const CREATE = `INSERT INTO webhooks (id, url, types, description, status, secret, after_event, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, 'ENABLED', ?5, (SELECT coalesce(max(id), 0) FROM events), ?6, ?6) RETURNING *`;

// A flag says whether the description changes, for null is one of its values.
const UPDATE = `UPDATE webhooks SET url = coalesce(?2, url), types = coalesce(?3, types), status = coalesce(?4, status),
    description = CASE WHEN ?5 THEN ?6 ELSE description END, updated_at = ?7
  WHERE id = ?1 RETURNING *`;

/** Webhooks on D1. */
export function webhookStore(db: D1Database, clock: Clock): WebhookStore {
  return {
    list: async () => {
      const { results } = await db.prepare("SELECT * FROM webhooks ORDER BY created_at, id").all<Row>();
      return results.map(webhookOf);
    },
    get: async (id) => {
      const row = await db.prepare("SELECT * FROM webhooks WHERE id = ?").bind(id).first<Row>();
      return row && webhookOf(row);
    },
    create: async ({ id, url, types, description, secret }) => {
      const bound = db.prepare(CREATE).bind(id, url, JSON.stringify(types), description, secret, clock.now());
      const row = await bound.first<Row>();
      if (row === null) throw new Error("A webhook just stored is gone");
      return webhookOf(row);
    },
    update: async (id, { url, types, status, description }) => {
      const row = await db
        .prepare(UPDATE)
        .bind(
          id,
          url ?? null,
          types === undefined ? null : JSON.stringify(types),
          status ?? null,
          description === undefined ? 0 : 1,
          description ?? null,
          clock.now(),
        )
        .first<Row>();
      return row && webhookOf(row);
    },
    remove: async (id) => (await db.prepare("DELETE FROM webhooks WHERE id = ?").bind(id).run()).meta.changes === 1,
    enabled: async () => {
      const { results } = await db.prepare("SELECT id FROM webhooks WHERE status = 'ENABLED'").all<{ id: string }>();
      return results.map(({ id }) => id);
    },
  };
}

const webhookOf = (row: Row): Webhook => ({ ...row, types: JSON.parse(row.types) });
