import type { JsonObject } from "../lib/json.ts";
import type { Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Loaded, ObjectRef, ObjectWrite, Outcome, StoredObject, Target, Writer } from "../ports/objects.ts";
import { applyPut, isIdle, refOfPut, writeOf } from "./apply.ts";

// Many objects at once: how they are cut into windows, and what a window does to the state that was loaded for it. Pure.

/** A whole object of a bulk. */
export interface Item {
  target: Target;
  model: object;
  /** Characters of the model as JSON, where the caller knows them; else they are counted. */
  size?: number;
}

/**
 * Most objects that are stored at once: one load and one commit. Large, since an invocation of the Worker may ask D1 a
 * thousand times and a bulk of small objects (Tokens) would get there soon.
 */
const WINDOW = 2_000;
/** Most characters of JSON in a window, so that a bulk of large Locations stays as small in memory as one of small ones. */
const WINDOW_CHARACTERS = 1_500_000;

/** Cuts a bulk into windows by number and size. */
export function* windows(items: readonly Item[]): Generator<Item[]> {
  let window: Item[] = [];
  let size = 0;
  for (const item of items) {
    const length = item.size ?? JSON.stringify(item.model).length;
    if (window.length > 0 && (window.length === WINDOW || size + length > WINDOW_CHARACTERS)) {
      yield window;
      window = [];
      size = 0;
    }
    window.push(item);
    size += length;
  }
  if (window.length > 0) yield window;
}

/** The places a window is about, each once however often it is named; the order is that of their first naming. */
export function placesOf(items: readonly Item[]): ObjectRef[] {
  return [...new Map(items.map(refOfItem).map((ref) => [placeOf(ref), ref])).values()];
}

const refOfItem = ({ target, model }: Item): ObjectRef => refOfPut(target, model as JsonObject);

const placeOf = (ref: ObjectRef): string => JSON.stringify([ref.country_code, ref.party_id, ref.id_key, ref.recipient]);

/** What came of each item of a window, and what must be stored for it. */
export interface AppliedWindow {
  results: Result<Outcome, Reason>[];
  writes: ObjectWrite[];
}

/** Applies the items of a window one after the other to what was loaded for its {@link placesOf}, in that order. */
export function applyWindow(
  writer: Writer,
  items: readonly Item[],
  loaded: readonly Loaded[],
  now: number,
): AppliedWindow {
  const before = new Map(placesOf(items).map((ref, index) => [placeOf(ref), loaded[index] as Loaded]));
  const after = new Map<string, StoredObject>();
  const results = items.map((item): Result<Outcome, Reason> => {
    const place = placeOf(refOfItem(item));
    const found = before.get(place) as Loaded;
    const state = { ...found, object: after.get(place) ?? found.object };
    const applied = applyPut(writer, item.target, state, item.model as JsonObject, now);
    if (!applied.ok) return applied;
    const { outcome, object } = applied.value;
    if (!isIdle(outcome)) after.set(place, object);
    return { ok: true, value: outcome };
  });
  const writes = [...after].map(([place, object]) => writeOf(before.get(place)?.object ?? null, object));
  return { results, writes };
}
