import type { NewPartner, Partner, PartnerStore, TokenKind } from "../../ports/partners.ts";
import type { Clock } from "../../ports/world.ts";
import { register } from "./registrations.ts";

/** How often `last_seen_at` is brought up to date, at most: a write per minute, not per request. */
const SEEN_EVERY_MS = 60_000;

type Row = Record<string, string | number | null>;

/**
 * Partners, their roles and the tokens they present. Whatever authentication must notice grows the partner's `epoch`
 * in the same batch. See README.md beside this file for the tables.
 */
export function partnerStore(db: D1Database, clock: Clock): PartnerStore {
  return {
    async byTokenHashes(hashes) {
      const now = clock.now();
      const known = "SELECT t.partner FROM credentials_tokens t WHERE t.hash IN (SELECT value FROM json_each(?1))";
      const [found] = await db.batch<Row>([
        db
          .prepare(
            `SELECT p.*, t.hash AS token_hash, t.kind AS token_kind
               FROM json_each(?1) h JOIN credentials_tokens t ON t.hash = h.value JOIN partners p ON p.id = t.partner
              WHERE t.expires_at IS NULL OR t.expires_at > ?2 ORDER BY h.key LIMIT 1`,
          )
          .bind(JSON.stringify(hashes), now),
        db
          .prepare(
            `UPDATE partners SET last_seen_at = ?2
              WHERE id IN (${known} AND (t.expires_at IS NULL OR t.expires_at > ?2))
                AND (last_seen_at IS NULL OR last_seen_at < ?3)`,
          )
          .bind(JSON.stringify(hashes), now, now - SEEN_EVERY_MS),
      ]);
      const row = found?.results[0];
      if (!row) return null;
      return { partner: partnerOf(row), kind: row.token_kind as TokenKind, hash: row.token_hash as string };
    },

    async get(id) {
      return read(db, id);
    },

    async list({ after, limit }) {
      const rows = await db
        .prepare(
          `SELECT * FROM partners
            WHERE ?1 IS NULL OR (created_at, id) > ((SELECT created_at FROM partners WHERE id = ?1), ?1)
            ORDER BY created_at, id LIMIT ?2`,
        )
        .bind(after ?? null, limit)
        .all<Row>();
      return rows.results.map(partnerOf);
    },

    async registered() {
      const rows = await db
        .prepare("SELECT * FROM partners WHERE status = 'REGISTERED' ORDER BY created_at, id")
        .all<Row>();
      return rows.results.map(partnerOf);
    },

    async create(partner, inviteHash, expiresAt) {
      await db.batch([
        insertPartner(db, partner, clock.now()),
        ...(inviteHash === null ? [] : [insertToken(db, clock, partner.id, inviteHash, "INVITE", expiresAt)]),
      ]);
      const created = await read(db, partner.id);
      if (!created) throw new Error("A partner just created is gone");
      return created;
    },

    async invite(id, hash, expiresAt) {
      await db.batch([
        db.prepare("DELETE FROM credentials_tokens WHERE partner = ? AND kind = 'INVITE'").bind(id),
        insertToken(db, clock, id, hash, "INVITE", expiresAt),
        db
          .prepare(
            "UPDATE partners SET epoch = epoch + 1, status = iif(status = 'UNREGISTERED', 'INVITED', status) WHERE id = ?",
          )
          .bind(id),
      ]);
    },

    async claim(hash, until) {
      const now = clock.now();
      const { meta } = await db
        .prepare(
          `UPDATE credentials_tokens SET claimed_until = ?2
            WHERE hash = ?1 AND (claimed_until IS NULL OR claimed_until <= ?3) AND (expires_at IS NULL OR expires_at > ?3)`,
        )
        .bind(hash, until, now)
        .run();
      return meta.changes === 1;
    },

    async release(hash) {
      await db.prepare("UPDATE credentials_tokens SET claimed_until = NULL WHERE hash = ?").bind(hash).run();
    },

    async addToken(partner, hash, kind) {
      await insertToken(db, clock, partner, hash, kind, null).run();
    },

    async dropToken(hash) {
      await db.batch([
        db
          .prepare(
            "UPDATE partners SET epoch = epoch + 1 WHERE id = (SELECT partner FROM credentials_tokens WHERE hash = ?)",
          )
          .bind(hash),
        db.prepare("DELETE FROM credentials_tokens WHERE hash = ?").bind(hash),
      ]);
    },

    register: (registration) => register(db, registration, clock.now()),

    async confirmToken(partner, hash) {
      const dying = "SELECT 1 FROM credentials_tokens WHERE partner = ?1 AND kind = 'PREVIOUS'";
      const current = "SELECT 1 FROM credentials_tokens WHERE hash = ?2 AND partner = ?1 AND kind = 'CURRENT'";
      await db.batch([
        db
          .prepare(`UPDATE partners SET epoch = epoch + 1 WHERE id = ?1 AND EXISTS (${dying}) AND EXISTS (${current})`)
          .bind(partner, hash),
        db
          .prepare(`DELETE FROM credentials_tokens WHERE partner = ?1 AND kind = 'PREVIOUS' AND EXISTS (${current})`)
          .bind(partner, hash),
      ]);
    },

    async update(id, change) {
      const row = await db
        .prepare(
          `UPDATE partners SET name = coalesce(?2, name), settings = coalesce(?3, settings), status = coalesce(?4, status),
                  side = coalesce(?5, side), token_encoding = coalesce(?6, token_encoding), epoch = epoch + 1
            WHERE id = ?1 RETURNING *`,
        )
        .bind(
          id,
          change.name ?? null,
          change.settings ? JSON.stringify(change.settings) : null,
          change.status ?? null,
          change.side ?? null,
          change.token_encoding ?? null,
        )
        .first<Row>();
      return row ? partnerOf(row) : null;
    },

    async unregister(id) {
      await db.batch([
        db.prepare("DELETE FROM credentials_tokens WHERE partner = ?").bind(id),
        db.prepare("DELETE FROM partner_roles WHERE partner = ?").bind(id),
        db
          .prepare(
            `UPDATE partners SET status = 'UNREGISTERED', outbound_token = NULL, roles = '[]', endpoints = '[]', epoch = epoch + 1
              WHERE id = ?`,
          )
          .bind(id),
      ]);
    },

    async remove(id) {
      await db.batch([
        db.prepare("DELETE FROM credentials_tokens WHERE partner = ?").bind(id),
        db.prepare("DELETE FROM partner_roles WHERE partner = ?").bind(id),
        db.prepare("DELETE FROM partners WHERE id = ?").bind(id),
      ]);
    },
  };
}

async function read(db: D1Database, id: string): Promise<Partner | null> {
  const row = await db.prepare("SELECT * FROM partners WHERE id = ?").bind(id).first<Row>();
  return row ? partnerOf(row) : null;
}

function insertPartner(db: D1Database, partner: NewPartner, now: number): D1PreparedStatement {
  const { id, name, side, versions_url, allow, settings } = partner;
  return db
    .prepare(
      `INSERT INTO partners (id, name, status, side, version, versions_url, roles, endpoints, token_encoding, outbound_token,
                             allow, settings, epoch, created_at, last_seen_at)
       VALUES (?, ?, 'INVITED', ?, NULL, ?, '[]', '[]', ?, NULL, ?, ?, 1, ?, NULL)`,
    )
    .bind(
      id,
      name,
      side,
      versions_url ?? null,
      settings.token_encoding === "raw" ? "raw" : "base64",
      JSON.stringify(allow),
      JSON.stringify(settings),
      now,
    );
}

function insertToken(
  db: D1Database,
  clock: Clock,
  partner: string,
  hash: string,
  kind: TokenKind,
  expiresAt: number | null,
) {
  return db
    .prepare("INSERT INTO credentials_tokens (hash, partner, kind, created_at, expires_at) VALUES (?, ?, ?, ?, ?)")
    .bind(hash, partner, kind, clock.now(), expiresAt);
}

function partnerOf(row: Row): Partner {
  const json = (column: string) => JSON.parse(row[column] as string);
  return {
    id: row.id as string,
    name: row.name as string,
    status: row.status as Partner["status"],
    side: row.side as Partner["side"],
    version: row.version as string | null,
    versions_url: row.versions_url as string | null,
    roles: json("roles"),
    endpoints: json("endpoints"),
    token_encoding: row.token_encoding as Partner["token_encoding"],
    outbound_token: row.outbound_token as string | null,
    allow: json("allow"),
    settings: json("settings"),
    epoch: row.epoch as number,
    created_at: row.created_at as number,
    last_seen_at: row.last_seen_at as number | null,
    feed_start: row.feed_start as number | null,
  };
}
