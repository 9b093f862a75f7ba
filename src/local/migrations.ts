import { createHash, createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Brings the local D1 database up to date: every `*.sql` of a directory, in the order of their names, each once and each
 * as one transaction with its row in `d1_migrations`, the table `wrangler d1 migrations` keeps.
 *
 * It writes the file of the database before the runtime opens it. So no request and no alarm ever meets an older schema,
 * and a start costs milliseconds instead of a second round through the runtime.
 * @param state directory that Miniflare persists to
 * @returns the names of the migrations that were applied now
 * @throws when a migration fails; it leaves no trace, those before it stay
 */
export function applyMigrations(state: string, database: { id: string; migrations: string }): string[] {
  const directory = join(state, "d1", databaseClass);
  mkdirSync(directory, { recursive: true });
  const db = new DatabaseSync(join(directory, `${objectId(databaseClass, database.id)}.sqlite`), { timeout: 5_000 });
  try {
    db.exec(`CREATE TABLE IF NOT EXISTS "d1_migrations"(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);`);
    const done = new Set(
      db
        .prepare("SELECT name FROM d1_migrations")
        .all()
        .map(({ name }) => name),
    );
    const pending = migrationNames(database.migrations).filter((name) => !done.has(name));
    for (const name of pending) applyOne(db, name, readFileSync(join(database.migrations, name), "utf8"));
    return pending;
  } finally {
    db.close();
  }
}

/** The class of the Durable Object in which Miniflare keeps a D1 database, and the name of its folder. */
const databaseClass = "miniflare-D1DatabaseObject";

function migrationNames(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".sql"))
    .sort();
}

function applyOne(db: DatabaseSync, name: string, sql: string): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    db.exec(sql);
    db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").run(name);
    db.exec("COMMIT");
  } catch (cause) {
    db.exec("ROLLBACK");
    throw new Error(`Migration ${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** The id of a Durable Object from its name, as workerd computes it: a MAC of the name, then a MAC of that. */
function objectId(uniqueKey: string, name: string): string {
  const key = createHash("sha256").update(uniqueKey).digest();
  const mac = (data: string | Buffer): Buffer => createHmac("sha256", key).update(data).digest().subarray(0, 16);
  const base = mac(name);
  return Buffer.concat([base, mac(base)]).toString("hex");
}
