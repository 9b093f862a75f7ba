import type { Actor, Guarded, ListFilter, Page, PageQuery } from "../../ports/objects.ts";
import { authentic, isTimed, listed, onlyPartner, timed } from "./object-filter.ts";
import { type PageColumns, pageColumns, pageRow } from "./object-rows.ts";
import { allOf, prepare, raw, type Sql, sql } from "./sql.ts";

/** A row of a page's statement; `seq` null: the page is empty, the row carries only the total. */
type Row = { total: number | null } & (PageColumns | { seq: null });

/**
 * One page, one call: its rows found in an index that covers every condition, then their texts by rowid; the total beside
 * them from the kept `counts`, or counted when the query has times. An actor that is not authentic any more gets no row.
 */
export async function readPage(
  db: D1Database,
  actor: Actor,
  query: PageQuery & { withTotal: boolean },
): Promise<Guarded<Page>> {
  const found = isTimed(query.filter) ? timedRows(query) : plainRows(query);
  const { results } = await prepare(
    db,
    sql`${found.before} SELECT ${query.withTotal ? raw("total.n") : raw("NULL")} AS total, ${pageColumns(query.module)}
      FROM (SELECT 1 WHERE ${authentic(actor)}) CROSS JOIN total LEFT JOIN (${found.seqs}) k ON 1 LEFT JOIN objects o ON o.seq = k.seq`,
  ).all<Row>();
  const first = results[0];
  if (first === undefined) return { ok: false, why: "stale" };
  // Put in order here: the database would carry every text through a sorter.
  const rows = results.flatMap((row) => (row.seq === null ? [] : [pageRow(row)])).sort((a, b) => a.seq - b.seq);
  const more = rows.length > query.limit;
  return { ok: true, value: { rows: more ? rows.slice(0, query.limit) : rows, total: first.total, more } };
}

/** How the rows of a page are found: what stands before the SELECT (with a table `total`), and their `seq`s. */
interface Found {
  before: Sql;
  seqs: Sql;
}

/** A page of a list with times: what matches is gathered once, and both counted and cut. */
function timedRows({ module, filter, offset, after, limit }: PageQuery): Found {
  const match = allOf([...timed(filter), raw("o.deleted = 0"), ...listed(filter)]);
  return {
    before: sql`WITH found AS MATERIALIZED (SELECT o.seq FROM objects o INDEXED BY objects_updated WHERE o.module = ${module} AND ${match}),
      total AS (SELECT count(*) AS n FROM found)`,
    seqs:
      after === null
        ? sql`SELECT seq FROM found ORDER BY seq LIMIT ${limit + 1} OFFSET ${offset}`
        : sql`SELECT seq FROM found WHERE seq > ${after} ORDER BY seq LIMIT ${limit + 1}`,
  };
}

/**
 * A page of a list without times. Behind a known position it is a range of the index. By offset the index is walked from
 * whichever end is nearer, which the total tells: so the last page costs what the first one costs.
 */
function plainRows({ module, filter, offset, after, limit }: PageQuery): Found {
  const before = sql`WITH total AS MATERIALIZED (SELECT coalesce(sum(o.n), 0) AS n FROM counts o WHERE o.module = ${module} AND ${allOf(listed(filter))})`;
  const rows = matching(module, filter);
  if (after !== null) return { before, seqs: sql`${rows} AND o.seq > ${after} ORDER BY o.seq LIMIT ${limit + 1}` };
  if (offset === 0) return { before, seqs: sql`${rows} ORDER BY o.seq LIMIT ${limit + 1}` };
  const take = limit + 1;
  return {
    before,
    seqs: sql`SELECT seq FROM (${rows} ORDER BY o.seq LIMIT (SELECT CASE WHEN ${offset} * 2 <= n THEN ${take} ELSE 0 END FROM total) OFFSET ${offset})
      UNION ALL SELECT seq FROM (${rows} ORDER BY o.seq DESC
        LIMIT (SELECT CASE WHEN ${offset} * 2 > n THEN max(0, min(${take}, n - ${offset})) ELSE 0 END FROM total)
        OFFSET (SELECT max(0, n - ${offset} - ${take}) FROM total))`,
  };
}

/** The `seq`s of a list without its times, found in the index alone. */
function matching(module: string, filter: ListFilter): Sql {
  const only = onlyPartner(filter);
  const conditions = allOf([raw("o.deleted = 0"), ...listed(filter)]);
  if (only === null) {
    return sql`SELECT o.seq FROM objects o INDEXED BY objects_creation WHERE o.module = ${module} AND ${conditions}`;
  }
  return sql`SELECT o.seq FROM objects o INDEXED BY objects_partner WHERE o.module = ${module} AND o.partner = ${only} AND ${conditions}`;
}
