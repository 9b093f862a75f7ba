import type { JsonObject } from "../lib/json.ts";
import { parseLooseTime } from "../lib/time.ts";
import { NOT_AVAILABLE } from "../model/cdrs.ts";
import { classShape } from "../ocpi/shape.ts";
import { codecOf, versionByNumber } from "../ocpi/versions.ts";
import type { Ports } from "../ports.ts";
import { keyIn, tokenKeys } from "./command-types.ts";
import { hasEnded } from "./session-state.ts";

/** Whether a change of a partner's session says something new of the command it came of. */
export const mayTie = (before: JsonObject | null, after: JsonObject): boolean =>
  before === null ||
  (keyIn(after, "authorization_reference") !== "" &&
    keyIn(after, "authorization_reference") !== keyIn(before, "authorization_reference"));

/**
 * Ties a partner's session to the command of ours it came of: then the command shows it. By the authorization_reference where the
 * partner says one, else by token, Location and EVSE.
 * One D1 call, and one Durable Object call when there is such a command; one more when it was taken for that of another.
 * @param session the model Session
 * @param origin version number it is said in
 * @returns the command's id; null: the session came of none of ours
 */
export async function tieSession(
  ports: Pick<Ports, "commands">,
  partner: string,
  session: JsonObject,
  origin: string,
): Promise<string | null> {
  const { country_code, party_id, id, start_date_time: start, end_date_time: end } = session;
  if (typeof country_code !== "string" || typeof party_id !== "string" || typeof id !== "string") return null;
  const name = { country_code: country_code.toUpperCase(), party_id: party_id.toUpperCase(), id };
  const { token, uid } = tokenKeys(session.cdr_token);
  const ended = end ?? start;
  const { tied, freed } = await ports.commands.tie(name, {
    partner,
    reference: keyIn(session, "authorization_reference"),
    token,
    uid: saysCard(origin) ? uid : "",
    location: keyIn(session, "location_id"),
    // What is not there has its own name. Spec: 2.2.1 transport_and_format, No data available.
    evse: session.evse_uid === NOT_AVAILABLE ? "" : keyIn(session, "evse_uid"),
    over: hasEnded(session) && typeof ended === "string" ? (parseLooseTime(ended) ?? null) : null,
  });
  const of = { direction: "out", partner } as const;
  for (const one of freed) await ports.commands.step(one, of, { kind: "session", session: null });
  if (tied !== null) await ports.commands.step(tied, of, { kind: "session", session: name });
  return tied;
}

/** Whether sessions of a version name the very token; in others it is what we made of its contract. */
function saysCard(origin: string): boolean {
  const version = versionByNumber(origin);
  const codec = version && codecOf(version, "Session");
  return codec !== undefined && classShape(codec.schema).fields.has("cdr_token");
}
