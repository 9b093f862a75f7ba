import type { ObjectRef, ObjectWrite, StoredEvse } from "../../ports/objects.ts";
import { type ObjectRow, refKeys } from "./object-rows.ts";

/** Which EVSEs of a Location are loaded with it. */
export type EvsesAsked = "all" | "none" | { uid_key: string };

/** A row of what is loaded; `seq` null: there is no such object. `own`: its party is one of ours. */
export type LoadRow = Omit<ObjectRow, "seq"> & { seq: number | null; i: number; own: number };

/** Characters of JSON that are remembered in all. */
const CAPACITY = 4_000_000;

/**
 * Objects as this isolate last read or wrote them, the least used forgotten first. It may be wrong by now, for others write
 * too: what is decided on it holds only if a commit, which checks the state it was decided on, goes through. Kept as
 * text, so that nobody changes what is remembered by changing what was read from it.
 */
export function objectMemory(capacity = CAPACITY) {
  const places = new Map<string, Map<string, LoadRow>>();
  let size = 0;

  const drop = (place: string): void => {
    for (const row of places.get(place)?.values() ?? []) size -= sizeOf(row);
    places.delete(place);
  };

  const keep = (place: string, mode: string, row: LoadRow): void => {
    const rows = places.get(place) ?? new Map<string, LoadRow>();
    const before = rows.get(mode);
    size += sizeOf(row) - (before === undefined ? 0 : sizeOf(before));
    rows.set(mode, row);
    places.delete(place);
    places.set(place, rows);
    for (const oldest of places.keys()) {
      if (size <= capacity) break;
      drop(oldest);
    }
  };

  return {
    recall(ref: ObjectRef, evses: EvsesAsked): LoadRow | null {
      return places.get(placeOf(ref))?.get(modeOf(evses)) ?? null;
    },

    remember(ref: ObjectRef, evses: EvsesAsked, row: LoadRow): void {
      if (row.seq !== null) keep(placeOf(ref), modeOf(evses), row);
    },

    forget(ref: ObjectRef): void {
      drop(placeOf(ref));
    },

    /** Notes what a commit has made of an object. Of a part only the part: what else changed beside it nobody has looked at. */
    committed(write: ObjectWrite, revision: number, now: number): void {
      const place = placeOf(write.ref);
      const mode = write.part === null ? (write.ref.module === "locations" ? "all" : "none") : modeOf(write.part);
      const before = places.get(place)?.get(mode);
      if (write.part === null) drop(place);
      else {
        const whole = places.get(place)?.get("all");
        if (whole !== undefined) size -= sizeOf(whole);
        places.get(place)?.delete("all");
      }
      // Where a new EVSE has come to lie, behind the last, only the table knows.
      const isWhole = write.evses.every(({ pos }) => pos !== null);
      if (before !== undefined && isWhole) keep(place, mode, after(before, write, revision, now));
      else if (before !== undefined) drop(place);
    },
  };
}

const placeOf = (ref: ObjectRef): string => refKeys(ref).join("\u0000");

const modeOf = (evses: EvsesAsked): string => (typeof evses === "string" ? evses : `evse ${evses.uid_key}`);

const sizeOf = ({ body, evses }: LoadRow): number => body.length + (evses?.length ?? 0) + 500;

/** A row after a write of it. */
function after(row: LoadRow, write: ObjectWrite, revision: number, now: number): LoadRow {
  return {
    ...row,
    id: write.id,
    partner: write.partner ?? "",
    origin: write.origin,
    audience: write.audience,
    body: write.body === null ? row.body : JSON.stringify(write.body),
    last_updated: write.last_updated,
    received_ms: now,
    revision,
    deleted: write.deleted ? 1 : 0,
    evses: write.evses.length === 0 ? row.evses : evsesAfter(row, write, revision),
  };
}

function evsesAfter(row: LoadRow, write: ObjectWrite, revision: number): string {
  const evses = new Map((JSON.parse(row.evses ?? "[]") as StoredEvse[]).map((evse) => [evse.uid_key, evse]));
  for (const { pos, ...evse } of write.evses) evses.set(evse.uid_key, { ...evse, pos: pos ?? 0, revision });
  return JSON.stringify([...evses.values()].sort((a, b) => a.pos - b.pos || (a.uid_key < b.uid_key ? -1 : 1)));
}
