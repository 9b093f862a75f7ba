import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { formatTime } from "../lib/time.ts";
import { withoutBeside } from "../model/beside.ts";
import type { Kind } from "../ocpi/codec.ts";
import { classShape } from "../ocpi/shape.ts";
import { codecOf, type Version } from "../ocpi/versions.ts";
import type { Command, CommandKeys, CommandType } from "../ports/commands.ts";
import type { Partner } from "../ports/partners.ts";
import { keyOf } from "./keys.ts";

/** What is to be known of a type of command: its module, and the kinds of body that go to and fro. */
export interface CommandKind {
  readonly module: "commands" | "chargingprofiles";
  /** Null: nothing, all is in the URL. */
  readonly request: Kind | null;
  readonly response: Kind;
  readonly result: Kind;
  /** The result the gateway reports when the back office stays silent. */
  readonly silence: string;
}

const command = {
  module: "commands",
  response: "CommandResponse",
  result: "CommandResult",
  silence: "TIMEOUT",
} as const;
// Charging profiles know no TIMEOUT. Spec: 2.2.1 mod_charging_profiles, ChargingProfileResultType.
const profile = { module: "chargingprofiles", response: "ChargingProfileResponse", silence: "UNKNOWN" } as const;

/** The commands there are. Spec: 2.2.1 mod_commands, CommandType; mod_charging_profiles, Receiver interface. */
export const COMMANDS: Readonly<Record<CommandType, CommandKind>> = {
  START_SESSION: { ...command, request: "StartSession" },
  STOP_SESSION: { ...command, request: "StopSession" },
  RESERVE_NOW: { ...command, request: "ReserveNow" },
  CANCEL_RESERVATION: { ...command, request: "CancelReservation" },
  UNLOCK_CONNECTOR: { ...command, request: "UnlockConnector" },
  SET_CHARGING_PROFILE: { ...profile, request: "SetChargingProfile", result: "ChargingProfileResult" },
  GET_CHARGING_PROFILE: { ...profile, request: null, result: "ActiveChargingProfileResult" },
  CLEAR_CHARGING_PROFILE: { ...profile, request: null, result: "ClearProfileResult" },
};

/** Types a partner's `/{command}` may name. */
export const commandNames = (Object.keys(COMMANDS) as CommandType[]).filter(
  (type) => COMMANDS[type].module === "commands",
);

/** The command a URL names; undefined: none that is known. */
export const commandNamed = (name: string): CommandType | undefined => commandNames.find((type) => type === name);

/**
 * Quirk of a partner (`settings.quirks`) that knows commands as the first edition of 2.1.1 had them: responses and results are bare texts.
 * What such a partner itself says is understood without.
 */
const COMMANDS_AS_TEXT = "commands_as_text";

/** A response or result as a partner's platform wants it, in a version whose responses say nothing but their result. */
export function spokenTo({ settings }: Partner, version: Version, said: JsonValue): JsonValue {
  if (!settings.quirks?.includes(COMMANDS_AS_TEXT) || !isObject(said)) return said;
  const codec = codecOf(version, "CommandResponse");
  const isBare = codec !== undefined && !classShape(codec.schema).fields.has("timeout");
  return isBare ? (said.result ?? null) : said;
}

/** A command as the back office sees it. */
export function commandView(command: Command): JsonObject {
  const { id, type, direction, partner, status, response, result, late, later, error, session } = command;
  return withoutBeside({
    id,
    type,
    direction,
    partner,
    status,
    response,
    result,
    late,
    ...(later.length === 0 ? {} : { later }),
    ...(error === null ? {} : { error }),
    ...(session === null ? {} : { session }),
    created_at: formatTime(command.created_at),
    expires_at: formatTime(command.expires_at),
  });
}

/** A partner's command as it is handed to the back office: what is asked, and until when an answer is taken. */
export const receivedView = ({ id, type, body, expires_at }: Command): JsonObject => ({
  ...withoutBeside(body),
  id,
  type,
  expires_at: formatTime(expires_at),
});

/** Whether a command will be looked for from the moment it is there: a session comes of it, or it is cancelled. */
export const isLookedFor = ({ type, direction }: Command): boolean =>
  type === "RESERVE_NOW" || (type === "START_SESSION" && direction === "out");

/** By what a command can be found besides its id. */
export function keysOfCommand(command: Command): CommandKeys {
  const { id, type, direction, partner, body, session, created_at } = command;
  return {
    id,
    type,
    direction,
    partner,
    reference: keyIn(body, "authorization_reference"),
    ...tokenKeys(body.token),
    location: keyIn(body, "location_id"),
    evse: keyIn(body, "evse_uid"),
    reservation: keyIn(body, "reservation_id"),
    session,
    created_at,
  };
}

/** A token as sessions name it: by its uid, or by its contract alone. Spec: 2.1.1 mod_sessions, Session, `auth_id`; 2.2 mod_cdrs, CdrToken. */
export function tokenKeys(token: unknown): { token: string; uid: string } {
  if (!isObject(token)) return { token: "", uid: "" };
  const uid = keyIn(token, "uid");
  return { token: keyIn(token, "contract_id") || uid, uid };
}

/** A field as a key; '' where it is not said. */
export const keyIn = (object: JsonObject, name: string): string =>
  typeof object[name] === "string" || typeof object[name] === "number" ? keyOf(String(object[name]), true) : "";
