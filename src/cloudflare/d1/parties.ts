import type { Party, PartyStore } from "../../ports/partners.ts";
import type { Clock } from "../../ports/world.ts";

type Row = { country_code: string; party_id: string; roles: string; business_details: string };

/** Our own parties, in the order they were created: the first with a fitting role speaks where only one can. */
export function partyStore(db: D1Database, clock: Clock): PartyStore {
  return {
    async list() {
      const rows = await db.prepare("SELECT * FROM parties ORDER BY created_at, rowid").all<Row>();
      return rows.results.map(partyOf);
    },

    async put(party) {
      const now = clock.now();
      const [before, written] = await db.batch<Row>([
        db
          .prepare("SELECT * FROM parties WHERE country_code = ? AND party_id = ?")
          .bind(party.country_code, party.party_id),
        db
          .prepare(
            `INSERT INTO parties (country_code, party_id, roles, business_details, created_at, updated_at) VALUES (?, ?, ?, ?, ?5, ?5)
             ON CONFLICT (country_code, party_id) DO UPDATE
                SET roles = excluded.roles, business_details = excluded.business_details, updated_at = excluded.updated_at
              WHERE roles <> excluded.roles OR business_details <> excluded.business_details
             RETURNING *`,
          )
          .bind(
            party.country_code,
            party.party_id,
            JSON.stringify(party.roles),
            JSON.stringify(party.business_details),
            now,
          ),
      ]);
      if (before?.results.length === 0) return "created";
      return written?.results.length === 0 ? "unchanged" : "updated";
    },

    async remove(countryCode, partyId) {
      const [removed, left] = await db.batch([
        db
          .prepare(
            `DELETE FROM parties WHERE country_code = ?1 AND party_id = ?2 AND NOT EXISTS (
               SELECT 1 FROM objects WHERE module IN (SELECT module FROM counts) AND country_code = ?1 AND party_id = ?2
                  AND partner = '' AND deleted = 0)`,
          )
          .bind(countryCode, partyId),
        db.prepare("SELECT 1 FROM parties WHERE country_code = ? AND party_id = ?").bind(countryCode, partyId),
      ]);
      if (removed?.meta.changes === 1) return "removed";
      return left?.results.length === 0 ? "absent" : "owns";
    },
  };
}

function partyOf(row: Row): Party {
  return {
    country_code: row.country_code,
    party_id: row.party_id,
    roles: JSON.parse(row.roles),
    business_details: JSON.parse(row.business_details),
  };
}
