import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { MessageIds, Routing } from "../ocpi/headers.ts";
import { classShape } from "../ocpi/shape.ts";
import type { Reason } from "../ocpi/status.ts";
import { codecOf, type Version } from "../ocpi/versions.ts";
import type { Command, CommandType } from "../ports/commands.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import {
  checkPlace,
  checkReservation,
  checkResponseUrl,
  checkToken,
  findSession,
  type Refused,
  rejected,
  textIn,
} from "./command-checks.ts";
import { COMMANDS, isLookedFor, keyIn, keysOfCommand, receivedView } from "./command-types.ts";
import { commandId } from "./commands.ts";
import { hasEnded } from "./session-state.ts";

// Commands that partners send us, the CPO.

type ReceivePorts = Pick<
  Ports,
  "clock" | "ids" | "config" | "parties" | "partners" | "objects" | "settings" | "commands" | "log"
>;

/** A command of a partner, read by its codec. */
export interface Received {
  partner: Partner;
  version: Version;
  type: CommandType;
  /** Model object without response_url. */
  body: JsonObject;
  response_url: unknown;
  /** The session in the URL of a charging profile's request. */
  session_id?: string;
  routing: Routing;
  ids: MessageIds;
  /** Where partners reach this gateway. */
  base: string;
}

/** What is answered at once. */
export interface Response {
  /** Model object: `{ result, timeout, message? }`. */
  response: JsonObject;
  /** 2003 goes with it. */
  unknownLocation: boolean;
  message: string | null;
}

/**
 * Checks a command as far as the standard lets us, keeps it, and hands it to the back office. At most two D1 calls to check it, one Durable
 * Object call and one of D1 to keep it and tell of it; one more of D1 for a reservation.
 * @returns what to answer at once; a Reason where the request itself is at fault
 */
export async function receiveCommand(
  ports: ReceivePorts,
  received: Received,
): Promise<Result<Response, Reason | "stale">> {
  const { partner, type } = received;
  const { commands: settings } = await ports.settings.get();
  const answer = (result: string, message: string | null = null, unknownLocation = false): Response => ({
    response: {
      result,
      timeout: settings.timeout_s,
      ...(message === null || COMMANDS[type].module !== "commands"
        ? {}
        : { message: [{ language: "en", text: message }] }),
    },
    unknownLocation,
    message,
  });
  const checked = await check(ports, received);
  if (!checked.ok) {
    const refused = checked.error;
    if (refused.kind === "reason") return err(refused.reason);
    return ok(answer(refused.result, refused.message, refused.unknownLocation));
  }
  if (settings.accept === "NEVER") return ok(answer("REJECTED", "Commands are not taken at present"));

  const session = checked.value;
  const command = newCommand(ports, received, session, settings.timeout_s);
  const told =
    COMMANDS[type].module === "commands"
      ? { type: "command.received", data: { partner: partner.id, command: receivedView(command) } }
      : { type: "charging_profile.received", data: { partner: partner.id, command: receivedView(command), session } };
  // Findable before anybody hears of it: its cancellation may follow at once.
  if (isLookedFor(command)) await ports.commands.remember(keysOfCommand(command));
  await ports.commands.open(command, [{ ...told, partner: partner.id }]);
  return ok(answer("ACCEPTED"));
}

/** The checks of a command's type; the session it is about, where there is one. */
async function check(ports: ReceivePorts, received: Received): Promise<Result<JsonObject | null, Refused>> {
  const { partner, version, type, body, base, routing } = received;
  const early = checkResponseUrl(ports, partner, received.response_url, base) ?? checkToken(partner, body.token);
  if (early !== null) return err(early);
  const party = routing.to;
  const location_id = textIn(body, "location_id");
  if (location_id !== undefined) {
    const { request } = COMMANDS[type];
    const codec = request === null ? undefined : codecOf(version, request);
    const place = {
      location_id,
      evse_uid: textIn(body, "evse_uid"),
      connector_id: textIn(body, "connector_id"),
      party,
      canNameConnector:
        type === "START_SESSION" && codec !== undefined && classShape(codec.schema).fields.has("connector_id"),
    };
    const refused = await checkPlace(ports, partner, place);
    return refused === null ? ok(null) : err(refused);
  }
  if (type === "CANCEL_RESERVATION") {
    const refused = await checkReservation(ports, partner, keyIn(body, "reservation_id"));
    return refused === null ? ok(null) : err(refused);
  }
  const id = received.session_id ?? textIn(body, "session_id") ?? "";
  const found = await findSession(ports, partner, id, party);
  if (!found.ok) return found;
  const session = found.value.body;
  return hasEnded(session) ? err(rejected(`Session ${id} is ${session.status}`)) : ok(session);
}

function newCommand(
  ports: Pick<Ports, "clock" | "ids">,
  { partner, type, body, response_url, routing, ids }: Received,
  session: JsonObject | null,
  timeoutS: number,
): Command {
  const now = ports.clock.now();
  const { country_code, party_id, id } = session ?? {};
  return {
    id: commandId(ports),
    type,
    direction: "in",
    partner: partner.id,
    body,
    response_url: String(response_url),
    from: routing.from,
    to: routing.to,
    correlation_id: ids.correlationId,
    status: "ACCEPTED",
    response: { result: "ACCEPTED", timeout: timeoutS },
    result: null,
    late: false,
    later: [],
    error: null,
    session:
      session === null ? null : { country_code: String(country_code), party_id: String(party_id), id: String(id) },
    created_at: now,
    expires_at: now + timeoutS * 1000,
  };
}
