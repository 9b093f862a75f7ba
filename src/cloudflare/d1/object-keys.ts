import { MODULES } from "../../gateway/keys.ts";
import { versionByNumber, versions } from "../../ocpi/versions.ts";
import { prepare, type Sql, sql } from "./sql.ts";

/**
 * Statements for the batch that gives a partner another version, before it does: where ids are compared with case in one and
 * without in the other, the keys of the partner's objects are made anew, or a PUT would store each a second time. They do
 * nothing in any other case. Of two objects that only case told apart one keeps its old key and is out of reach.
 */
export function rekeyStatements(db: D1Database, partner: string, version: string): D1PreparedStatement[] {
  const ciIds = versionByNumber(version)?.dialect.ciIds ?? true;
  const others = versions.filter(({ dialect }) => dialect.ciIds !== ciIds).map(({ number }) => number);
  const differs = sql`EXISTS (SELECT 1 FROM partners WHERE id = ${partner} AND version IN (SELECT value FROM json_each(${JSON.stringify(others)})))`;
  const rekeyed = Object.keys(MODULES).filter((module) => MODULES[module]?.ciIds === false);
  const modules = sql`(SELECT value FROM json_each(${JSON.stringify(rekeyed)}))`;
  const own = sql`SELECT seq FROM objects WHERE module IN ${modules} AND partner = ${partner} AND ${differs}`;
  const key = (column: "id" | "uid"): Sql => ({ text: ciIds ? `upper(${column})` : column, params: [] });
  return [
    prepare(
      db,
      sql`UPDATE OR IGNORE objects SET id_key = CASE module WHEN 'tokens' THEN substr(id_key, 1, instr(id_key, '/')) ELSE '' END || ${key("id")}
        WHERE seq IN (${own})`,
    ),
    prepare(db, sql`UPDATE OR IGNORE evses SET uid_key = ${key("uid")} WHERE object IN (${own})`),
  ];
}
