import type { JsonObject } from "../../lib/json.ts";
import type { ObjectRef, PageRow, StoredEvse, StoredObject } from "../../ports/objects.ts";
import { raw, type Sql, sql } from "./sql.ts";

/** A row of `objects`, columns as {@link columns} names them. */
export interface ObjectRow {
  seq: number;
  module: string;
  country_code: string;
  party_id: string;
  id_key: string;
  recipient: string;
  id: string;
  partner: string;
  origin: string;
  audience: string;
  body: string;
  last_updated: string;
  received_ms: number;
  revision: number;
  deleted: number;
  /** A JSON array of {@link StoredEvse}; null: none, or not asked for. */
  evses: string | null;
}

const head =
  "o.seq, o.module, o.country_code, o.party_id, o.id_key, o.recipient, o.id, o.partner, o.origin, o.audience, o.body, o.last_updated, o.received_ms, o.revision, o.deleted";

// The bodies are joined in as the text they are: JSON functions would parse and write every one of them.
const evse = `'{"uid_key":' || json_quote(e.uid_key) || ',"uid":' || json_quote(e.uid) || ',"pos":' || e.pos || ',"revision":' || e.revision || ',"body":' || e.body || '}'`;

/** Columns of an object (table `o`), with EVSEs as asked: all of them, one by its key, or none. */
export function columns(evses: "all" | "none" | { uid_key: string }): Sql {
  if (evses === "none") return raw(`${head}, NULL AS evses`);
  const one = evses === "all" ? raw("") : sql` AND e.uid_key = ${evses.uid_key}`;
  return sql`${raw(head)}, (SELECT '[' || group_concat(text, ',') || ']' FROM (SELECT ${raw(evse)} AS text FROM evses e WHERE e.object = o.seq${one} ORDER BY e.pos, e.uid_key)) AS evses`;
}

/** The EVSEs of an object (table `o`) as the members of a JSON array; null: none. They lie in the table in their order. */
const evseList =
  "(SELECT group_concat(body, ',') FROM (SELECT e.body FROM evses e WHERE e.object = o.seq ORDER BY e.pos, e.uid_key))";

/** What {@link wholeText} is put together from. */
interface TextRow {
  module: string;
  body: string;
  evse_list: string | null;
  last_updated: string;
}

/**
 * The text of an object as it is sent: the stored body, and of a Location its EVSEs and `last_updated` joined in. Nothing is
 * parsed. The same as `assemble` in gateway/objects.ts, and as {@link wholeTextSql}.
 */
function wholeText({ module, body, evse_list, last_updated }: TextRow): string {
  if (module !== "locations") return body;
  const start = body === "{}" ? "{" : `${body.slice(0, -1)},`;
  const evses = evse_list === null ? "" : `"evses":[${evse_list}],`;
  return `${start}${evses}"last_updated":${JSON.stringify(last_updated)}}`;
}

/** {@link wholeText} put together by the database, for what never leaves it. */
export const wholeTextSql = `CASE o.module WHEN 'locations' THEN
  CASE o.body WHEN '{}' THEN '{' ELSE substr(o.body, 1, length(o.body) - 1) || ',' END
  || coalesce('"evses":[' || ${evseList} || '],', '') || '"last_updated":' || json_quote(o.last_updated) || '}'
ELSE o.body END`;

/** A row of {@link pageColumns}. */
export interface PageColumns extends TextRow {
  seq: number;
  revision: number;
  origin: string;
  partner: string;
}

/** Columns of a {@link PageRow}. */
export const pageColumns = (module: string): Sql =>
  raw(
    `o.seq, o.revision, o.module, o.origin, o.partner, o.body, o.last_updated, ${module === "locations" ? evseList : "NULL"} AS evse_list`,
  );

/** A row of {@link pageColumns} as the core sees it. */
export const pageRow = (row: PageColumns): PageRow => ({
  seq: row.seq,
  revision: row.revision,
  origin: row.origin,
  partner: row.partner === "" ? null : row.partner,
  text: wholeText(row),
});

/** A row as the core sees it. */
export function stored(row: ObjectRow): StoredObject {
  return {
    ...row,
    partner: row.partner === "" ? null : row.partner,
    body: JSON.parse(row.body) as JsonObject,
    deleted: row.deleted !== 0,
    evses: row.evses === null ? [] : (JSON.parse(row.evses) as StoredEvse[]),
  };
}

/** Condition that `o` is the object a ref names. */
export const isRef = (ref: ObjectRef): Sql =>
  sql`o.module = ${ref.module} AND o.country_code = ${ref.country_code} AND o.party_id = ${ref.party_id} AND o.id_key = ${ref.id_key} AND o.recipient = ${ref.recipient}`;

/** Condition that `o` is what `j`, an element of `json_each` over {@link refKeys}, names. */
export const isJsonRef =
  "o.module = j.value->>0 AND o.country_code = j.value->>1 AND o.party_id = j.value->>2 AND o.id_key = j.value->>3 AND o.recipient = j.value->>4";

/** A ref as an element for {@link isJsonRef}. */
export const refKeys = (ref: ObjectRef): string[] => [
  ref.module,
  ref.country_code,
  ref.party_id,
  ref.id_key,
  ref.recipient,
];
