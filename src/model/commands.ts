import type * as v from "valibot";
import { closedEnum, dateTime, id, integer, list, object, optional, url } from "./atoms.ts";
import { DisplayText } from "./common.ts";
import { commandResponseTypes, commandResultTypes } from "./enums.ts";
import { Token } from "./tokens.ts";

/** Seconds a command is given where the version does not say a timeout (2.1.1). */
export const DEFAULT_TIMEOUT = 60;

/** Start charging for this token. Since 2.1.1; `connector_id` since 2.2.1. Spec: 2.3.0 mod_commands, StartSession. */
export const StartSession = object("StartSession", {
  response_url: optional(url()),
  token: optional(Token),
  location_id: optional(id(36)),
  evse_uid: optional(id(36)),
  connector_id: optional(id(36)),
  authorization_reference: optional(id(36)),
});

/** Stop this session. Since 2.1.1. Spec: 2.3.0 mod_commands, StopSession. */
export const StopSession = object("StopSession", { response_url: optional(url()), session_id: optional(id(36)) });

/** Keep an EVSE free for this token. `reservation_id` is a whole number in 2.1.1. Spec: 2.3.0 mod_commands, ReserveNow. */
export const ReserveNow = object("ReserveNow", {
  response_url: optional(url()),
  token: optional(Token),
  expiry_date: optional(dateTime()),
  reservation_id: optional(id(36)),
  location_id: optional(id(36)),
  evse_uid: optional(id(36)),
  authorization_reference: optional(id(36)),
});

/** Give up a reservation. Since 2.2. Spec: 2.3.0 mod_commands, CancelReservation. */
export const CancelReservation = object("CancelReservation", {
  response_url: optional(url()),
  reservation_id: optional(id(36)),
});

/** Let go of a cable that is stuck. Since 2.1.1. Spec: 2.3.0 mod_commands, UnlockConnector. */
export const UnlockConnector = object("UnlockConnector", {
  response_url: optional(url()),
  location_id: optional(id(36)),
  evse_uid: optional(id(36)),
  connector_id: optional(id(36)),
});

/** What the CPO says of a command at once; `timeout` in seconds. TIMEOUT is said by 2.1.1 only, and REJECTED here. Spec: 2.3.0 mod_commands, CommandResponse. */
export const CommandResponse = object("CommandResponse", {
  result: optional(closedEnum("CommandResponseType", commandResponseTypes)),
  timeout: optional(integer()),
  message: list(DisplayText),
});

/** What became of a command. UNKNOWN_SESSION is said by 2.1.1 only, and FAILED here. Spec: 2.3.0 mod_commands, CommandResult. */
export const CommandResult = object("CommandResult", {
  result: optional(closedEnum("CommandResultType", commandResultTypes)),
  message: list(DisplayText),
});

export type StartSession = v.InferOutput<typeof StartSession>;
export type StopSession = v.InferOutput<typeof StopSession>;
export type ReserveNow = v.InferOutput<typeof ReserveNow>;
export type CancelReservation = v.InferOutput<typeof CancelReservation>;
export type UnlockConnector = v.InferOutput<typeof UnlockConnector>;
export type CommandResponse = v.InferOutput<typeof CommandResponse>;
export type CommandResult = v.InferOutput<typeof CommandResult>;
