import type { Commands, SessionName } from "../../ports/commands.ts";
import type { Clock } from "../../ports/world.ts";

/** How long after a command its session may come, ms: a driver may take an hour to plug in. */
const TIE_MS = 6 * 3_600_000;
/** How much clocks may differ, ms. */
const CLOCKS_MS = 5 * 60_000;

const REMEMBER = `INSERT OR IGNORE INTO commands (id, type, direction, partner, reference, token, uid, location, evse, reservation, session, created_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const RESERVATION = `SELECT id FROM commands
  WHERE partner = ? AND direction = ? AND type = 'RESERVE_NOW' AND reservation = ? ORDER BY created_at DESC LIMIT 1`;

const SETTERS = `SELECT DISTINCT partner FROM commands
  WHERE session = ? AND direction = 'in' AND type = 'SET_CHARGING_PROFILE' ORDER BY partner`;

const RELEASE =
  "DELETE FROM commands WHERE partner = ? AND direction = 'in' AND type = 'RESERVE_NOW' AND reservation = ? AND created_at <= ?";

// A reference that is known decides alone; one that is not belongs to no command of ours. A token is the same by its uid or, where one side
// does not say that, by its contract. What was over before the command did not come of it. Asked again, it says the same; and what was tied by
// likelihood gives way to a reference.
const TIE = `UPDATE commands SET session = ?1 WHERE id = (
    SELECT id FROM commands
    WHERE partner = ?2 AND direction = 'out' AND created_at > ?7 AND (session IS NULL OR session = ?1 OR ?3 <> '' AND reference = ?3)
      AND CASE WHEN ?3 <> '' AND reference <> '' THEN reference = ?3
        ELSE CASE WHEN uid <> '' AND ?8 <> '' THEN uid = ?8 ELSE token = ?4 END
          AND location = ?5 AND (evse = '' OR ?6 = '' OR evse = ?6) AND (?9 IS NULL OR created_at <= ?9) END
    ORDER BY reference = ?3 DESC, session IS NULL, failed, evse = ?6 DESC, created_at DESC LIMIT 1)
  AND (?3 <> '' AND reference = ?3 OR NOT EXISTS (SELECT 1 FROM commands o WHERE o.partner = ?2 AND o.session = ?1 AND o.id <> commands.id))
  RETURNING id`;

const FREE = `UPDATE commands SET session = NULL WHERE partner = ?2 AND session = ?1 AND ?3 <> '' AND reference <> ?3
  AND EXISTS (SELECT 1 FROM commands WHERE partner = ?2 AND session = ?1 AND reference = ?3)
  RETURNING id`;

/** A session by its name, however that is spelt. */
const nameOf = ({ country_code, party_id, id }: SessionName): string =>
  `${country_code}/${party_id}/${id}`.toUpperCase();

/** The index of commands in D1: what sessions, and cancellations of reservations, find them by. */
export function commandIndex(
  db: D1Database,
  clock: Clock,
): Pick<Commands, "remember" | "reservation" | "forget" | "doubt" | "release" | "profileSetters" | "tie"> {
  return {
    async remember(keys) {
      const { id, type, direction, partner, reference, token, uid, location, evse, reservation, session, created_at } =
        keys;
      const name = session === null ? null : nameOf(session);
      await db
        .prepare(REMEMBER)
        .bind(id, type, direction, partner, reference, token, uid, location, evse, reservation, name, created_at)
        .run();
    },
    async reservation(partner, direction, reservationId) {
      const found = await db.prepare(RESERVATION).bind(partner, direction, reservationId).first<{ id: string }>();
      return found?.id ?? null;
    },
    async forget(id) {
      await db.prepare("DELETE FROM commands WHERE id = ?").bind(id).run();
    },
    async doubt(id) {
      await db.prepare("UPDATE commands SET failed = 1 WHERE id = ?").bind(id).run();
    },
    async release(partner, reservationId, until) {
      await db.prepare(RELEASE).bind(partner, reservationId, until).run();
    },
    async profileSetters(session) {
      const { results } = await db.prepare(SETTERS).bind(nameOf(session)).all<{ partner: string }>();
      return results.map(({ partner }) => partner);
    },
    async tie(session, { partner, reference, token, uid, location, evse, over }) {
      const name = nameOf(session);
      const since = clock.now() - TIE_MS;
      const until = over === null ? null : over + CLOCKS_MS;
      const [tied, freed] = await db.batch<{ id: string }>([
        db.prepare(TIE).bind(name, partner, reference, token, location, evse, since, uid, until),
        db.prepare(FREE).bind(name, partner, reference),
      ]);
      return { tied: tied?.results[0]?.id ?? null, freed: freed?.results.map(({ id }) => id) ?? [] };
    },
  };
}

/** Forgets by what commands could be found that are older than a moment (epoch ms); for the cron tick. */
export async function pruneCommands(db: D1Database, before: number): Promise<void> {
  await db.prepare("DELETE FROM commands WHERE created_at < ?").bind(before).run();
}
