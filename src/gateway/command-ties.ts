import { isObject, type JsonObject } from "../lib/json.ts";
import { NOT_AVAILABLE } from "../model/cdrs.ts";
import type { Ports } from "../ports.ts";
import { keyIn, tokenKey } from "./command-types.ts";

/**
 * Ties a session that a partner told of for the first time to the command of ours it came of: then the command shows it. By the
 * authorization_reference where the partner says one, else by token, Location and EVSE.
 * One D1 call, and one Durable Object call when there is such a command.
 * @param session the model Session
 * @returns the command's id; null: the session came of none of ours
 */
export async function tieSession(
  ports: Pick<Ports, "commands">,
  partner: string,
  session: JsonObject,
): Promise<string | null> {
  const { country_code, party_id, id } = session;
  if (typeof country_code !== "string" || typeof party_id !== "string" || typeof id !== "string") return null;
  const name = { country_code: country_code.toUpperCase(), party_id: party_id.toUpperCase(), id };
  const found = await ports.commands.tie(name, {
    partner,
    reference: keyIn(session, "authorization_reference"),
    token: isObject(session.cdr_token) ? tokenKey(session.cdr_token) : "",
    location: keyIn(session, "location_id"),
    // What is not there has its own name. Spec: 2.2.1 transport_and_format, No data available.
    evse: session.evse_uid === NOT_AVAILABLE ? "" : keyIn(session, "evse_uid"),
  });
  if (found !== null)
    await ports.commands.step(found, { direction: "out", partner }, { kind: "session", session: name });
  return found;
}
