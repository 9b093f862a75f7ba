import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "drizzle-kit/api";
import { expect, test } from "vitest";
import * as schema from "../../../../src/cloudflare/d1/schema.ts";

const directory = join(import.meta.dirname, "../../../../migrations");
type Snapshot = Awaited<ReturnType<typeof generateSQLiteDrizzleJson>>;

function lastSnapshot(): Snapshot {
  const name = readdirSync(join(directory, "meta"))
    .filter((file) => file.endsWith("_snapshot.json"))
    .sort()
    .at(-1);
  return JSON.parse(readFileSync(join(directory, "meta", name ?? ""), "utf8"));
}

/** Tables with their columns and keys, and indexes with theirs, as a database has them. */
function shapeOf(db: DatabaseSync): unknown {
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();
  return tables.map(({ name }) => ({
    table: name,
    columns: db
      .prepare('SELECT name, lower(type) AS type, "notnull", pk FROM pragma_table_info(?) ORDER BY name')
      .all(String(name)),
    indexes: db
      .prepare(
        `SELECT l.name, l."unique", l.partial, (SELECT group_concat(i.name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) AS columns
         FROM pragma_index_list(?) l WHERE l.origin = 'c' ORDER BY l.name`,
      )
      .all(String(name)),
  }));
}

function databaseOf(statements: string[]): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  for (const statement of statements) db.exec(statement);
  return db;
}

const migrations = (): string[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => readFileSync(join(directory, file), "utf8"));

test("the migrations say all that the schema says: else run `npm run db:generate -- --name <what_changes>`", async () => {
  const now = await generateSQLiteDrizzleJson(schema as Record<string, unknown>);
  expect(await generateSQLiteMigration(lastSnapshot(), now)).toEqual([]);
});

test("what the migrations build is what the schema would, hand-written ones included", async () => {
  const empty = await generateSQLiteDrizzleJson({});
  const fresh = await generateSQLiteMigration(
    empty,
    await generateSQLiteDrizzleJson(schema as Record<string, unknown>),
  );
  expect(shapeOf(databaseOf(migrations()))).toEqual(shapeOf(databaseOf(fresh)));
});

test("a new database has its counter, standing at 0", () => {
  expect(databaseOf(migrations()).prepare("SELECT id, n FROM counter").all()).toEqual([{ id: 1, n: 0 }]);
});

test("every table, and every column of it, is documented", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../../../src/cloudflare/d1/README.md"), "utf8");
  const shape = shapeOf(databaseOf(migrations())) as { table: string; columns: { name: string }[] }[];
  const missing = shape.flatMap(({ table, columns }) => {
    const section = readme.split(/^## /m).find((part) => part.startsWith(`\`${table}\``));
    if (section === undefined) return [table];
    return columns.filter(({ name }) => !section.includes(`| \`${name}\` |`)).map(({ name }) => `${table}.${name}`);
  });
  expect(missing).toEqual([]);
});
