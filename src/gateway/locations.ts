import { deepEqual, isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import type { Fault } from "../ocpi/codec.ts";
import type { StoredEvse } from "../ports/objects.ts";
import { keyOf } from "./keys.ts";
import { isLater, type Stamp, TIMELESS } from "./stamp.ts";

// What a Location is made of, and what a PUT does to its parts. Pure.

/** `pos` of an EVSE that is not stored yet and goes behind the last. */
export const LAST = -1;

/** A Location as it is kept: its own fields, and its EVSEs apart. */
export interface Parts {
  body: JsonObject;
  evses: JsonObject[];
}

/** A Location taken apart; its `last_updated` is kept beside both. */
export function takeApart(model: JsonObject): Parts {
  const { evses, last_updated: _, ...body } = model;
  return { body, evses: Array.isArray(evses) ? evses.filter(isObject) : [] };
}

/** A Location put together again. `wholeText` in cloudflare/d1/object-rows.ts does the same to its text. */
export function putTogether(body: JsonObject, evses: readonly StoredEvse[], lastUpdated: string): JsonObject {
  const list = evses.map((evse) => evse.body);
  return { ...body, ...(list.length > 0 && { evses: list }), last_updated: lastUpdated };
}

/** What is wrong with the EVSEs of a Location: no uid, or one said twice, so that nobody could tell which is meant. */
export function evseFaults(evses: readonly JsonObject[], ciIds: boolean): Fault[] {
  const seen = new Set<string>();
  return evses.flatMap(({ uid }, index) => {
    const pointer = `/evses/${index}/uid`;
    if (typeof uid !== "string" || uid === "") return [{ pointer, message: "is missing" }];
    const key = keyOf(uid, ciIds);
    if (seen.has(key)) return [{ pointer, message: `is the uid of another EVSE of this Location (${uid})` }];
    seen.add(key);
    return [];
  });
}

/** Whether two objects say the same but for their `last_updated`. */
export function sameContent(a: JsonObject, b: JsonObject): boolean {
  return deepEqual({ ...a, ...TIMELESS }, { ...b, ...TIMELESS });
}

/** A part that came without `last_updated` gets one: the stored one when it says the same, else that of the change. */
function stamped(part: JsonObject, stored: JsonObject | undefined, stamp: Stamp): JsonObject {
  if (typeof part.last_updated === "string") return part;
  const kept = stored !== undefined && sameContent(part, stored) ? stored.last_updated : undefined;
  return { ...part, last_updated: kept ?? stamp.text };
}

/** The Connectors of an EVSE; none when the field is missing or null. */
export const connectorsOf = (evse: JsonObject): JsonObject[] =>
  Array.isArray(evse.connectors) ? evse.connectors.filter(isObject) : [];

/** The Connector of an id. */
export function connectorOf(evse: JsonObject, id: string, ciIds: boolean): JsonObject | undefined {
  const key = keyOf(id, ciIds);
  return connectorsOf(evse).find((connector) => typeof connector.id === "string" && keyOf(connector.id, ciIds) === key);
}

/** An EVSE as it will be stored: it and its Connectors have a `last_updated`. */
export function stampedEvse(
  evse: JsonObject,
  stored: JsonObject | undefined,
  stamp: Stamp,
  ciIds: boolean,
): JsonObject {
  if (!Array.isArray(evse.connectors)) return stamped(evse, stored, stamp);
  const connectors: JsonValue[] = evse.connectors.map((connector) => {
    if (!isObject(connector)) return connector;
    const known = stored && typeof connector.id === "string" ? connectorOf(stored, connector.id, ciIds) : undefined;
    return stamped(connector, known, stamp);
  });
  return stamped({ ...evse, connectors }, stored, stamp);
}

/**
 * The EVSEs of a Location after a PUT of it. One that is left out is kept as REMOVED, behind the others: Sessions and CDRs
 * go on referring to it. EVSEs that stay as they are are handed back as the same values.
 * Spec: 2.2.1 mod_locations, PUT Method; EVSE, `status` REMOVED.
 */
export function replaceEvses(
  stored: readonly StoredEvse[],
  incoming: readonly JsonObject[],
  stamp: Stamp,
  ciIds: boolean,
): StoredEvse[] {
  const known = new Map(stored.map((evse) => [evse.uid_key, evse]));
  const after = incoming.map((evse, pos) => {
    const uid = String(evse.uid);
    const before = known.get(keyOf(uid, ciIds));
    known.delete(keyOf(uid, ciIds));
    return replaceEvse(before, { uid, pos, body: stampedEvse(evse, before?.body, stamp, ciIds) }, ciIds);
  });
  for (const before of known.values()) {
    const body =
      before.body.status === "REMOVED" ? before.body : { ...before.body, status: "REMOVED", last_updated: stamp.text };
    after.push(replaceEvse(before, { uid: before.uid, pos: after.length, body }, ciIds));
  }
  return after;
}

/** An EVSE in its new state; the same value as before when nothing differs. */
export function replaceEvse(
  before: StoredEvse | undefined,
  { uid, pos, body }: { uid: string; pos: number; body: JsonObject },
  ciIds: boolean,
): StoredEvse {
  if (before === undefined) return { uid_key: keyOf(uid, ciIds), uid, pos, body, revision: 0 };
  if (before.pos === pos && before.uid === uid && deepEqual(before.body, body)) return before;
  return { ...before, uid, pos, body };
}

/** An EVSE with one Connector put in: in the place of the one with its id, else behind the others; its own time moves along. */
export function withConnector(
  evse: JsonObject,
  id: string,
  connector: JsonObject,
  stamp: Stamp,
  ciIds: boolean,
): JsonObject {
  const before = connectorOf(evse, id, ciIds);
  const others = connectorsOf(evse);
  const connectors =
    before === undefined ? [...others, connector] : others.map((one) => (one === before ? connector : one));
  return { ...evse, connectors, last_updated: isLater(stamp, evse.last_updated) ? stamp.text : evse.last_updated };
}
