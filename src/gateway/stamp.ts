import type { JsonObject, JsonValue } from "../lib/json.ts";
import { formatTime, parseLooseTime } from "../lib/time.ts";
import { BESIDE } from "../model/beside.ts";

/** The `last_updated` of a change: as text, and as epoch milliseconds to compare by. */
export interface Stamp {
  text: string;
  ms: number;
}

/** A time as it was said; undefined when there is none, or none that can be read. */
export function stampOf(text: JsonValue | undefined): Stamp | undefined {
  if (typeof text !== "string") return undefined;
  const ms = parseLooseTime(text);
  return ms === undefined ? undefined : { text, ms };
}

/**
 * The time of a change that came without one: our clock's, but never before what is stored, for a receiver that compares
 * would refuse it then. Clocks of two machines differ by more than a change takes.
 */
export function stampNow(now: number, stored: JsonValue | undefined): Stamp {
  const before = stampOf(stored);
  return before !== undefined && before.ms > now ? before : { text: formatTime(now), ms: now };
}

/** Four decimals of a second, which clocks do not write: the mark of a time that is ours on an object that is not. */
const MARK = /\.\d{3}0Z$/;

/** The same on a partner's object: marked, for it must not be held against the partner's own times, whose clock may be behind. */
export function stampTheirs(now: number, stored: JsonValue | undefined): Stamp {
  const { text, ms } = stampNow(now, stored);
  return { text: text === stored ? text : new Date(ms).toISOString().replace("Z", "0Z"), ms };
}

/** Whether a stored time was set here, because a partner's message had none. */
export const isMarked = (stored: JsonValue | undefined): boolean => typeof stored === "string" && MARK.test(stored);

/**
 * Where an object with a time of ours keeps the time its partner said last, and a partner's Location always does whose EVSEs may give it a time of
 * ours, which is said beside it. Codecs look at it only while the two are the same time.
 */
const SAID = `${BESIDE}last_updated`;

/**
 * The time a partner said last of an object; undefined: none, or it is not kept (EVSEs and Connectors on their own).
 * @param stored its `last_updated`
 */
export const lastSaid = (stored: JsonValue | undefined, body: JsonObject | undefined): JsonValue | undefined =>
  isMarked(stored) ? body?.[SAID] : stored;

/** What stands beside a time: that which the partner said last, where the time is ours. */
export const besideStamp = ({ text }: Stamp, said: JsonValue | undefined): JsonObject =>
  isMarked(text) ? besideLocation(said) : {};

/** What stands in a partner's Location: the time the partner said last. */
export const besideLocation = (said: JsonValue | undefined): JsonObject =>
  typeof said === "string" ? { [SAID]: said } : {};

/** Whether two bodies say the same of when the partner spoke last. */
export const saysSameTime = (a: JsonObject, b: JsonObject): boolean => a[SAID] === b[SAID];

/** What of an object tells when it changed, as it is kept and as it was said. */
export const TIMELESS = { last_updated: undefined, [SAID]: undefined };

/** Whether a time is later than a stored one; true when there is none stored. */
export const isLater = (stamp: Stamp, stored: JsonValue | undefined): boolean =>
  stamp.ms > (stampOf(stored)?.ms ?? Number.NEGATIVE_INFINITY);

/** Whether a time is earlier than a stored one; false when there is none stored. */
export const isEarlier = (stamp: Stamp, stored: JsonValue | undefined): boolean =>
  stamp.ms < (stampOf(stored)?.ms ?? Number.NEGATIVE_INFINITY);
