import { DurableObject } from "cloudflare:workers";

/** The D1 database and the Durable Objects of the floor. */
type FloorEnv = { DB: D1Database; OBJECT: DurableObjectNamespace<FloorObject> };

const read = (db: D1Database, table: string, id: string): Promise<string | null> =>
  db.prepare(`SELECT body FROM ${table} WHERE id = ?`).bind(id).first<string>("body");

const upsert = (db: D1Database, id: string, body: string): Promise<unknown> =>
  db
    .prepare("INSERT INTO rows (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body")
    .bind(id, body)
    .run();

/** A Durable Object that does nothing but the one thing it must do: keep a text, and let callers wait for the last one. */
export class FloorObject extends DurableObject<FloorEnv> {
  #waiting: (() => void)[] = [];

  put(body: string): void {
    this.ctx.storage.kv.put("body", body);
  }

  /** Reads a row, and keeps the text. */
  async patch(row: string, body: string): Promise<void> {
    await read(this.env.DB, "rows", row);
    this.put(body);
  }

  /** Keeps the last text, upserts a row with it and lets those go who wait for it. */
  async end(id: string, body: string): Promise<void> {
    this.ctx.storage.kv.put("end", body);
    for (const resume of this.#waiting.splice(0)) resume();
    await upsert(this.env.DB, id, body);
  }

  async wait(): Promise<string> {
    const ended = (): string | undefined => this.ctx.storage.kv.get<string>("end");
    if (ended() === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return ended() ?? "";
  }
}

/**
 * What the gateway is measured against: a Worker that does nothing but what D1, Durable Objects and the network must do anyway. It knows no
 * router, no token, no OCPI. `GET /row/{id}` reads one row by key, `PUT` and `PATCH` of it upsert one row with the body,
 * `GET /page/{id}` reads one row that holds a whole page. `PATCH /object/{id}` reads a row and has a Durable Object keep the body. `POST /relay`
 * has one keep it before and after it posts it to `partner`, whose own POST to `/result/{id}` ends `GET /wait/{id}`. `POST /seed?rows=` fills it
 * with copies of the body, in which `{id}` stands for the id, and with the page `first` of 50 of them.
 */
export const floor: ExportedHandler<FloorEnv> = {
  async fetch(request, env) {
    const { pathname, searchParams, origin } = new URL(request.url);
    const [, kind, id = ""] = pathname.split("/");
    if (kind === "seed") {
      await seed(env.DB, await request.text(), Number(searchParams.get("rows")));
      return new Response("{}");
    }
    const object = (name: string) => env.OBJECT.getByName(name);
    if (kind === "object") {
      await object(id).patch(id, await request.text());
      return new Response("{}");
    }
    if (kind === "relay") {
      const { partner, ...order } = (await request.json()) as { partner: string };
      const own = crypto.randomUUID();
      const body = JSON.stringify({ ...order, response_url: `${origin}/result/${own}` });
      await object(own).put(body);
      const answer = await fetch(partner, { method: "POST", body });
      await object(own).put(await answer.text());
      return Response.json({ id: own });
    }
    if (kind === "result") {
      await object(id).end(id, await request.text());
      return new Response("{}");
    }
    if (kind === "wait") return new Response(await object(id).wait());
    if (request.method === "GET") {
      const body = await read(env.DB, kind === "page" ? "pages" : "rows", id);
      return new Response(body, { status: body === null ? 404 : 200, headers: { "content-type": "application/json" } });
    }
    await upsert(env.DB, id, await request.text());
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
