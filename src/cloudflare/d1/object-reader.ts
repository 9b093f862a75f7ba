import { keyOf } from "../../gateway/keys.ts";
import type { Actor, Guarded, ObjectReader, Visibility } from "../../ports/objects.ts";
import { authentic, concerns, visible } from "./object-filter.ts";
import { readPage } from "./object-pages.ts";
import { columns, isRef, type ObjectRow, type PageColumns, pageColumns, pageRow, stored } from "./object-rows.ts";
import { findTokens } from "./object-tokens.ts";
import { allOf, prepare, raw, type Sql, sql } from "./sql.ts";

/** Conditions a single object must meet to be given out. */
const givenOut = (visibility: Visibility | undefined): Sql =>
  allOf([raw("o.deleted = 0"), ...(visibility === undefined ? [] : visible(visibility))]);

/** EVSEs of a whole object: only Locations have any. */
const whole = (module: string): Sql => columns(module === "locations" ? "all" : "none");

/**
 * One row always comes back from an authentic actor, filled or not, and none from another: so the answer to "who are you" and
 * the object are one call.
 */
function guarded<Row extends { seq: number | null }, T>(
  rows: Row[],
  read: (row: Row & { seq: number }) => T,
): Guarded<T | null> {
  const row = rows[0];
  if (row === undefined) return { ok: false, why: "stale" };
  return { ok: true, value: row.seq === null ? null : read(row as Row & { seq: number }) };
}

/** Reads roaming objects in D1; see {@link ObjectReader}. Every function is one call. */
export function objectReader(db: D1Database): ObjectReader {
  const one = async (actor: Actor, wanted: Sql, found: Sql): Promise<{ results: unknown[] }> =>
    prepare(
      db,
      sql`SELECT ${wanted} FROM (SELECT 1) LEFT JOIN objects o ON ${found} WHERE ${authentic(actor)} ORDER BY o.seq LIMIT 1`,
    ).all();

  return {
    async get(actor, ref, visibility) {
      const { results } = await one(actor, whole(ref.module), allOf([isRef(ref), givenOut(visibility)]));
      return guarded(results as ObjectRow[], stored);
    },

    async find(actor, module, idKey, visibility) {
      const { results } = await one(actor, whole(module), allOf([hasId(module, idKey), givenOut(visibility)]));
      return guarded(results as ObjectRow[], stored);
    },

    async getText(actor, ref, visibility) {
      const { results } = await one(actor, pageColumns(ref.module), allOf([isRef(ref), givenOut(visibility)]));
      return guarded(results as PageColumns[], pageRow);
    },

    page: (actor, query) => readPage(db, actor, query),

    async many(module, keys) {
      if (keys.length === 0) return [];
      const list = JSON.stringify(keys.map((key) => [key.country_code, key.party_id, key.id_key]));
      const { results } = await prepare(
        db,
        sql`SELECT ${whole(module)} FROM json_each(${list}) j CROSS JOIN objects o
          WHERE o.module = ${module} AND o.country_code = j.value->>0 AND o.party_id = j.value->>1 AND o.id_key = j.value->>2
            AND o.recipient = '' AND o.deleted = 0`,
      ).all<ObjectRow>();
      return results.map(stored);
    },

    tokens: (wanted) => findTokens(db, wanted),

    async changes({ module, after, upTo, limit, visibility }) {
      const { results } = await prepare(
        db,
        sql`SELECT ${columns("none")} FROM objects o INDEXED BY objects_feed
          WHERE o.module = ${module} AND o.revision > ${after} AND o.revision <= ${upTo} AND ${allOf(concerns(visibility))}
          ORDER BY o.revision LIMIT ${limit}`,
      ).all<ObjectRow>();
      return results.map(stored);
    },

    async bySeq(seqs) {
      if (seqs.length === 0) return [];
      const { results } = await prepare(
        db,
        sql`SELECT ${columns("all")} FROM json_each(${JSON.stringify(seqs)}) j CROSS JOIN objects o WHERE o.seq = j.value`,
      ).all<ObjectRow>();
      return results.map(stored);
    },

    async head() {
      const row = await db.prepare("SELECT n FROM counter WHERE id = 1").first<{ n: number }>();
      if (row === null) throw new Error("The counter row is missing: migrations were not applied");
      return row.n;
    },
  };
}

/**
 * Condition that `o` has an id, in upper case (owner with CiString ids), exactly, or by its alias. Owners are few and known, so
 * theirs are looked up one after the other by key: an index on ids alone would cost every write.
 */
function hasId(module: string, idKey: string): Sql {
  const keys = JSON.stringify([...new Set([idKey, keyOf(idKey, true)])]);
  return sql`o.seq IN (
    SELECT k.seq FROM (SELECT country_code, party_id FROM parties UNION SELECT country_code, party_id FROM partner_roles) p
      CROSS JOIN json_each(${keys}) j CROSS JOIN objects k
      WHERE k.module = ${module} AND k.country_code = p.country_code AND k.party_id = p.party_id AND k.id_key = j.value
    UNION ALL SELECT a.seq FROM objects a INDEXED BY objects_alias WHERE a.module = ${module} AND a.alias = ${idKey})`;
}
