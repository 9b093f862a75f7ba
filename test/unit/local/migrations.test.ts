import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyMigrations } from "../../../src/local/migrations.ts";

let state: string;
let migrations: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "state-"));
  migrations = mkdtempSync(join(tmpdir(), "migrations-"));
});
afterEach(() => {
  for (const directory of [state, migrations]) rmSync(directory, { recursive: true, force: true });
});

const apply = (): string[] => applyMigrations(state, { id: "db", migrations });

function query(sql: string): unknown[] {
  const directory = join(state, "d1/miniflare-D1DatabaseObject");
  const db = new DatabaseSync(join(directory, readdirSync(directory)[0] ?? ""));
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

test("applies each migration once, in the order of names, several statements and triggers included", () => {
  writeFileSync(join(migrations, "0002_b.sql"), "ALTER TABLE a ADD COLUMN m INTEGER;");
  writeFileSync(
    join(migrations, "0001_a.sql"),
    "CREATE TABLE a (n INTEGER);\n--> statement-breakpoint\nCREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET n = 1; END;",
  );
  expect(apply()).toEqual(["0001_a.sql", "0002_b.sql"]);
  expect(apply()).toEqual([]);
  writeFileSync(join(migrations, "0003_c.sql"), "INSERT INTO a (m) VALUES (7);");
  expect(apply()).toEqual(["0003_c.sql"]);
  expect(query("SELECT n, m FROM a")).toEqual([{ n: 1, m: 7 }]);
});

test("a migration that fails leaves no trace, and says which it was", () => {
  writeFileSync(join(migrations, "0001_a.sql"), "CREATE TABLE a (n INTEGER);");
  writeFileSync(join(migrations, "0002_b.sql"), "CREATE TABLE b (n INTEGER); CREATE TABLE a (n INTEGER);");
  expect(apply).toThrow("Migration 0002_b.sql failed");
  expect(query("SELECT name FROM d1_migrations")).toEqual([{ name: "0001_a.sql" }]);
  expect(query("SELECT name FROM sqlite_master WHERE name IN ('a', 'b')")).toEqual([{ name: "a" }]);
});
