import type { JsonObject } from "../../lib/json.ts";
import { DEFAULT_TIMEOUT } from "../../model/commands.ts";
import { aliasId } from "../alias.ts";
import { IMPLIED } from "../codec.ts";
import type { Bridge, ClassRules } from "../walker/rules.ts";

/** Ids that are numbers are below this; the numbers that stand for other ids are from here to 2^31 - 1. */
const FIRST_ALIAS = 2 ** 30;

/**
 * The whole number a reservation goes by in 2.1.1: its id where that is one, else one made from the id, the same every time.
 * Spec: 2.1.1 mod_commands, ReserveNow.
 */
export function reservationNumber(id: string): number {
  if (/^(0|[1-9]\d{0,9})$/.test(id) && Number(id) < FIRST_ALIAS) return Number(id);
  let hash = 0x811c9dc5;
  for (const character of aliasId(id)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return FIRST_ALIAS + ((hash >>> 0) % FIRST_ALIAS);
}

/** `reservation_id` is a whole number here, text later. Spec: 2.1.1 and 2.2 mod_commands, ReserveNow. */
export const numberedReservation: Bridge = {
  wire: ["reservation_id"],
  model: ["reservation_id"],
  up: ({ reservation_id: id }) => ({ reservation_id: typeof id === "number" ? String(id) : id }),
  down: ({ reservation_id: id }, run) => {
    if (typeof id !== "string") return {};
    const number = reservationNumber(id);
    if (String(number) !== id) {
      run.losses.push({ pointer: "/reservation_id", reason: `is no whole number: goes by ${number}` });
    }
    return { reservation_id: number };
  },
};

/** A response says no timeout here. Spec: 2.1.1 mod_commands, CommandResponse. */
export const untimedResponse: ClassRules = {
  produce: (): JsonObject => ({ timeout: DEFAULT_TIMEOUT }),
  absent: { timeout: (value, _, run) => (value === DEFAULT_TIMEOUT ? IMPLIED : `${run.version} has no timeouts`) },
};
