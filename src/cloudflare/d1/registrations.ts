import type { PartnerStore, Registration } from "../../ports/partners.ts";
import { rekeyStatements } from "./object-keys.ts";

/**
 * Writes a completed handshake: roles, endpoints, tokens and the partner's row, all or nothing. Refused when the partner has
 * another epoch by now, or the token it presented is gone (`stale`), and when a role of a party belongs to another
 * partner or to us (`taken`).
 */
export async function register(
  db: D1Database,
  registration: Registration,
  now: number,
): ReturnType<PartnerStore["register"]> {
  try {
    await db.batch(statements(db, registration, now));
    return { ok: true };
  } catch (error) {
    if (!isGuard(error)) throw error;
  }
  const holder = await takenBy(db, registration);
  if (holder === null) return { ok: false, why: "stale", detail: "the partner changed meanwhile" };
  return { ok: false, why: "taken", detail: holder };
}

/** Roles of the registration, one per row of `r`, beside whoever holds them: another partner, or one of our own parties. */
const HOLDERS = `
  SELECT r.value ->> 'role' AS role, r.value ->> 'country_code' AS cc, r.value ->> 'party_id' AS pid, held.partner AS partner
    FROM json_each(?1) r JOIN partner_roles held
      ON held.role = r.value ->> 'role' AND held.country_code = r.value ->> 'country_code' AND held.party_id = r.value ->> 'party_id'
   WHERE held.partner <> ?2
  UNION ALL
  SELECT r.value ->> 'role', own.country_code, own.party_id, NULL
    FROM json_each(?1) r JOIN parties own
      ON own.country_code = r.value ->> 'country_code' AND own.party_id = r.value ->> 'party_id'
   WHERE r.value ->> 'role' IN (SELECT value FROM json_each(own.roles))`;

// A guard that fails aborts the whole batch; a WHERE on each statement would skip one and run the others.
function statements(db: D1Database, registration: Registration, now: number): D1PreparedStatement[] {
  const { partner, epoch, used_hash, inbound_hash } = registration;
  const roles = JSON.stringify(registration.roles);
  return [
    db
      .prepare(
        `SELECT CASE WHEN EXISTS (SELECT 1 FROM partners WHERE id = ?1 AND epoch = ?2)
                      AND (?3 IS NULL OR EXISTS (SELECT 1 FROM credentials_tokens WHERE hash = ?3 AND partner = ?1))
                     THEN 1 ELSE json('stale') END`,
      )
      .bind(partner, epoch, used_hash ?? null),
    db.prepare(`SELECT CASE WHEN EXISTS (${HOLDERS}) THEN json('taken') ELSE 1 END`).bind(roles, partner),
    db.prepare("DELETE FROM partner_roles WHERE partner = ?").bind(partner),
    db
      .prepare(
        `INSERT INTO partner_roles (role, country_code, party_id, partner)
         SELECT value ->> 'role', value ->> 'country_code', value ->> 'party_id', ?2 FROM json_each(?1)`,
      )
      .bind(roles, partner),
    ...rekeyStatements(db, partner, registration.version),
    db
      .prepare(
        `UPDATE partners SET status = iif(status = 'SUSPENDED', 'SUSPENDED', 'REGISTERED'), side = ?2, version = ?3, versions_url = ?4,
                roles = ?5, endpoints = ?6, token_encoding = ?7, outbound_token = ?8, epoch = epoch + 1, last_seen_at = ?9,
                feed_start = (SELECT n FROM counter)
          WHERE id = ?1`,
      )
      .bind(
        partner,
        registration.side,
        registration.version,
        registration.versions_url,
        roles,
        JSON.stringify(registration.endpoints),
        registration.token_encoding,
        registration.outbound_token,
        now,
      ),
    db.prepare("DELETE FROM credentials_tokens WHERE partner = ? AND kind = 'INVITE'").bind(partner),
    db
      .prepare(
        "UPDATE credentials_tokens SET kind = 'PREVIOUS', claimed_until = NULL WHERE partner = ? AND kind <> 'INVITE' AND hash <> ?",
      )
      .bind(partner, inbound_hash),
    db
      .prepare(
        `INSERT INTO credentials_tokens (hash, partner, kind, created_at) VALUES (?, ?, 'CURRENT', ?)
         ON CONFLICT (hash) DO UPDATE SET partner = excluded.partner, kind = 'CURRENT', expires_at = NULL, claimed_until = NULL`,
      )
      .bind(inbound_hash, partner, now),
  ];
}

/** Who holds a role the registration claims, as text for the message; null: nobody, so the partner itself had changed. */
async function takenBy(db: D1Database, registration: Registration): Promise<string | null> {
  const row = await db
    .prepare(`${HOLDERS} LIMIT 1`)
    .bind(JSON.stringify(registration.roles), registration.partner)
    .first<{ role: string; cc: string; pid: string; partner: string | null }>();
  if (!row) return null;
  return `${row.cc}*${row.pid} as ${row.role} belongs to ${row.partner === null ? "this gateway" : "another partner"}`;
}

function isGuard(error: unknown): boolean {
  return error instanceof Error && /malformed JSON|partner_roles/i.test(error.message);
}
