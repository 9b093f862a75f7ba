import type { JsonObject, JsonValue } from "../lib/json.ts";
import { compareTimes } from "../lib/time.ts";
import { fingerprint } from "./hash.ts";
import type { Held, HeldEvses } from "./state.ts";

// What has to be sent of an object so that the partner holds its newest state. Pure.

/** An EVSE as it would be sent. */
export interface EvsePart {
  uid: string;
  wire: JsonObject;
  hash: string;
  lastUpdated: string;
}

/** An object as it would be sent, and the fingerprints of its parts. */
export interface Parts {
  /** Id in the partner's version: the one URLs must name. */
  id: string;
  whole: JsonObject;
  head: string;
  lastUpdated: string;
  evses: EvsePart[];
}

/** What to do so that the partner is current. */
export type Plan = { send: "nothing" } | { send: "whole" } | { send: "evses"; evses: EvsePart[] };

/** More changed EVSEs than this are one PUT of the Location: a request each would cost the partner more. */
const MOST_EVSES = 8;

const text = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

/** Takes a wire object apart. `version` is part of every fingerprint: another version's object is never the one held. */
export function partsOf(whole: JsonObject, version: string): Parts {
  const { evses, last_updated: lastUpdated, ...head } = whole;
  const parts = (Array.isArray(evses) ? (evses as JsonObject[]) : []).map(
    (wire): EvsePart => ({
      uid: text(wire.uid),
      wire,
      hash: fingerprint(JSON.stringify(wire)),
      lastUpdated: text(wire.last_updated),
    }),
  );
  return {
    id: text(whole.id) || text(whole.uid),
    whole,
    head: fingerprint(version + JSON.stringify(head)),
    lastUpdated: text(lastUpdated),
    evses: parts,
  };
}

/**
 * Compares with what the partner holds. Only EVSEs are sent when nothing else changed: then the Location's last_updated follows
 * from theirs at the receiver, so it must be that of one of them. Spec: 2.2.1 mod_locations, EVSE and Connector PUT.
 */
export function planFor(held: Held | null, heldEvses: HeldEvses, now: Parts, evsePut: boolean): Plan {
  if (held === null || held.head !== now.head || held.id !== now.id) return { send: "whole" };
  const uids = new Set(now.evses.map(({ uid }) => uid));
  if ([...heldEvses.keys()].some((uid) => !uids.has(uid))) return { send: "whole" };
  const changed = now.evses.filter(({ uid, hash }) => heldEvses.get(uid) !== hash);
  if (changed.length === 0) return { send: held.lastUpdated === now.lastUpdated ? "nothing" : "whole" };
  if (!evsePut || changed.length > MOST_EVSES || uids.size < now.evses.length) return { send: "whole" };
  if (now.lastUpdated !== "" && !changed.some(({ lastUpdated }) => lastUpdated === now.lastUpdated)) {
    return { send: "whole" };
  }
  return { send: "evses", evses: changed.toSorted((a, b) => compareTimes(a.lastUpdated, b.lastUpdated)) };
}

/** Fingerprints of the EVSEs of an object, as {@link HeldEvses}. */
export const evseHashes = (evses: readonly EvsePart[]): Map<string, string> =>
  new Map(evses.map(({ uid, hash }) => [uid, hash]));
