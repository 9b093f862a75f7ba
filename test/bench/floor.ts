/** The D1 database of the floor. */
type FloorEnv = { DB: D1Database };

/**
 * What the gateway is measured against: a Worker that does nothing but the one thing D1 must do anyway. It knows no
 * router, no token, no OCPI. `GET /row/{id}` reads one row by key, `PUT` and `PATCH` of it upsert one row with the body,
 * `GET /page/{id}` reads one row that holds a whole page. `POST /seed?rows=` fills it with copies of the
 * body, in which `{id}` stands for the id, and with the page `first` of 50 of them.
 */
export const floor: ExportedHandler<FloorEnv> = {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const [, kind, id = ""] = pathname.split("/");
    if (kind === "seed") {
      await seed(env.DB, await request.text(), Number(searchParams.get("rows")));
      return new Response("{}");
    }
    if (request.method === "GET") {
      const table = kind === "page" ? "pages" : "rows";
      const body = await env.DB.prepare(`SELECT body FROM ${table} WHERE id = ?`).bind(id).first<string>("body");
      return new Response(body, { status: body === null ? 404 : 200, headers: { "content-type": "application/json" } });
    }
    const upsert = "INSERT INTO rows (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
    await env.DB.prepare(upsert)
      .bind(id, await request.text())
      .run();
    return new Response("{}", { headers: { "content-type": "application/json" } });
  },
};

async function seed(db: D1Database, template: string, rows: number): Promise<void> {
  await db.batch([
    db.prepare("CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT NOT NULL)"),
    db.prepare("CREATE TABLE pages (id TEXT PRIMARY KEY, body TEXT NOT NULL)"),
    db
      .prepare(
        `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
         INSERT INTO rows SELECT format('LOC%06d', i), replace(?2, '{id}', format('LOC%06d', i)) FROM n`,
      )
      .bind(rows, template),
    db.prepare(
      `INSERT INTO pages
       SELECT 'first', '[' || group_concat(body, ',') || ']' FROM (SELECT body FROM rows ORDER BY id LIMIT 50)`,
    ),
  ]);
}
