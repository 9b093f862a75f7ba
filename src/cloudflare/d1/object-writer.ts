import type { Actor, Guarded, Loaded, ObjectRef, ObjectWriter } from "../../ports/objects.ts";
import type { Clock } from "../../ports/world.ts";
import { authentic } from "./object-filter.ts";
import { type EvsesAsked, type LoadRow, objectMemory } from "./object-memory.ts";
import { columns, isJsonRef, isRef, type ObjectRow, refKeys, stored } from "./object-rows.ts";
import { commitStatements } from "./object-statements.ts";
import { prepare, raw, type Sql, sql } from "./sql.ts";

/**
 * Writes roaming objects to D1; see {@link ObjectWriter}. `load` and `commit` are one call each. Single objects are remembered
 * as they were read or written here, so that the next write of one may do without the `load`.
 */
export function objectWriter(db: D1Database, clock: Clock): ObjectWriter {
  const memory = objectMemory();
  return {
    recall(ref, evses) {
      const row = memory.recall(ref, evses);
      return row === null ? null : found(row);
    },

    async load(actor, refs, evses) {
      const [first] = refs;
      if (first === undefined) return { ok: true, value: [] };
      const single = refs.length === 1;
      const statement = single ? loadOne(actor, first, evses) : loadMany(actor, refs, evses);
      const { results } = await prepare(db, statement).all<LoadRow>();
      if (single && results[0] !== undefined) memory.remember(first, evses, results[0]);
      return loaded(refs, results);
    },

    async commit(actor, writes, events) {
      const [first] = writes;
      if (first === undefined && events.length === 0) return "committed";
      const now = clock.now();
      try {
        const [counted] = await db.batch<{ n: number }>(
          commitStatements(actor, writes, events, now).map((statement) => prepare(db, statement)),
        );
        if (writes.length === 1 && first !== undefined) memory.committed(first, counted?.results[0]?.n ?? 0, now);
        return "committed";
      } catch (cause) {
        const why = refusal(cause);
        if (why === undefined) throw cause;
        for (const { ref } of writes) memory.forget(ref);
        return why;
      }
    },
  };
}

function loadOne(actor: Actor, ref: ObjectRef, evses: EvsesAsked): Sql {
  return sql`SELECT 0 AS i, EXISTS (SELECT 1 FROM parties WHERE country_code = ${ref.country_code} AND party_id = ${ref.party_id}) AS own, ${columns(evses)}
    FROM (SELECT 1) LEFT JOIN objects o ON ${isRef(ref)} WHERE ${authentic(actor)}`;
}

function loadMany(actor: Actor, refs: ObjectRef[], evses: EvsesAsked): Sql {
  const keys = JSON.stringify(refs.map(refKeys));
  return sql`SELECT j.key AS i, EXISTS (SELECT 1 FROM parties WHERE country_code = j.value->>1 AND party_id = j.value->>2) AS own, ${columns(evses)}
    FROM json_each(${keys}) j LEFT JOIN objects o ON ${raw(isJsonRef)} WHERE ${authentic(actor)}`;
}

function loaded(refs: ObjectRef[], rows: LoadRow[]): Guarded<Loaded[]> {
  if (rows.length === 0) return { ok: false, why: "stale" };
  const all: Loaded[] = refs.map(() => ({ object: null, own: false }));
  for (const row of rows) all[row.i] = found(row);
  return { ok: true, value: all };
}

const found = ({ i: _, own, ...row }: LoadRow): Loaded => ({
  object: row.seq === null ? null : stored(row as ObjectRow),
  own: own !== 0,
});

/** Why the guard of a batch aborted it; undefined: it was something else. */
function refusal(cause: unknown): "stale" | "conflict" | undefined {
  const message = cause instanceof Error ? cause.message : "";
  return /JSON path.*'(stale|conflict)'/i.exec(message)?.[1] as "stale" | "conflict" | undefined;
}
