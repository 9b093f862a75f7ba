import { defaultSettings } from "../../gateway/settings.ts";
import { isObject, type JsonObject } from "../../lib/json.ts";
import { mergePatch } from "../../lib/merge-patch.ts";
import type { Settings, SettingsStore } from "../../ports/settings.ts";
import type { Config } from "../../ports/world.ts";

// SQLite's json_patch is RFC 7396: two changes at once both count.
const PATCH = `INSERT INTO settings (id, body) VALUES (1, json_patch('{}', ?1))
  ON CONFLICT (id) DO UPDATE SET body = json_patch(settings.body, ?1)
  RETURNING body`;

/** The settings on D1: one row with what was changed, so that a default of a later release reaches those who did not. */
export function settingsStore(db: D1Database, config: Pick<Config, "journalDays">): SettingsStore {
  const whole = (row: { body: string } | null): Settings => {
    const defaults = defaultSettings(config.journalDays) as unknown as JsonObject;
    const changed = row === null ? {} : JSON.parse(row.body);
    return mergePatch(defaults, isObject(changed) ? changed : {}) as unknown as Settings;
  };
  return {
    get: async () => whole(await db.prepare("SELECT body FROM settings WHERE id = 1").first<{ body: string }>()),
    patch: async (change) => whole(await db.prepare(PATCH).bind(JSON.stringify(change)).first<{ body: string }>()),
  };
}
