import type { JsonObject } from "../lib/json.ts";
import type { NewEvent } from "./evidence.ts";

/** What a command asks for. The last three are the charging profiles' requests, which go the same way. */
export type CommandType =
  | "START_SESSION"
  | "STOP_SESSION"
  | "RESERVE_NOW"
  | "CANCEL_RESERVATION"
  | "UNLOCK_CONNECTOR"
  | "SET_CHARGING_PROFILE"
  | "GET_CHARGING_PROFILE"
  | "CLEAR_CHARGING_PROFILE";

/** SENDING: the partner has not answered yet; nobody outside is told of it before it has. */
export type CommandStatus = "SENDING" | "ACCEPTED" | "REJECTED" | "DONE" | "TIMED_OUT" | "FAILED";

/** A session as another object names it. */
export interface SessionName extends JsonObject {
  country_code: string;
  party_id: string;
  id: string;
}

/** Why there is no response, or why our result could not be handed over. */
export interface CommandError extends JsonObject {
  message: string;
  http_status: number | null;
  ocpi_status: number | null;
}

/** A command as it is kept. Times are epoch ms. */
export interface Command {
  id: string;
  type: CommandType;
  /** `out`: we sent it; `in`: a partner sent it. */
  direction: "out" | "in";
  /** Partner id. */
  partner: string;
  /** What is asked, as the model says it, without `response_url`. */
  body: JsonObject;
  /** Where the partner wants the result (`in`). */
  response_url: string | null;
  /** Whom it is from and to, where the message said it (`in`) or it is known (`out`). */
  from: { country_code: string; party_id: string } | null;
  to: { country_code: string; party_id: string } | null;
  correlation_id: string;
  status: CommandStatus;
  /** CommandResponse or ChargingProfileResponse. */
  response: JsonObject | null;
  /** CommandResult, or the result of a charging profile's request. */
  result: JsonObject | null;
  /** The result came when nobody waited any more. */
  late: boolean;
  /** Results after the first that mean something: CANCELED_RESERVATION. */
  later: JsonObject[];
  error: CommandError | null;
  /** The session the command is about, or that came of it. */
  session: SessionName | null;
  created_at: number;
  /** When the result is no longer waited for; while SENDING: when the answer is not. */
  expires_at: number;
}

/** What happens to a command. */
export type CommandEvent =
  /** The partner answered; `timeout_s`: how long it takes for the result. */
  | { kind: "response"; response: JsonObject; timeout_s: number }
  /** It did not, or not by a response. */
  | { kind: "failure"; error: CommandError }
  /** The result: of the partner (`out`), or of the back office (`in`). */
  | { kind: "result"; result: JsonObject }
  | { kind: "timeout"; result: JsonObject }
  /** A session came of it; null: none that is known, for the one that was thought to came of another command. */
  | { kind: "session"; session: SessionName | null }
  /** The result could not be handed to the partner. */
  | { kind: "unposted"; error: CommandError };

/**
 * changed, or unchanged (a repetition, or too late to mean anything); conflict: another result is there already; gone: the
 * time for a result is over.
 */
export type StepOutcome = "changed" | "unchanged" | "conflict" | "gone";

/** By what a command can be found again: a coming session, or a later command, does not know its id. Upper case, '' where not said. */
export interface CommandKeys {
  id: string;
  type: CommandType;
  direction: "out" | "in";
  /** Partner id. */
  partner: string;
  /** `authorization_reference`. */
  reference: string;
  /** Contract of the token, and its uid. */
  token: string;
  uid: string;
  location: string;
  evse: string;
  /** `reservation_id`. */
  reservation: string;
  /** The session it is about, where that is known. */
  session: SessionName | null;
  created_at: number;
}

/** Commands, one Durable Object each, named by its id; and the D1 index of what they can be found by. */
export interface Commands {
  /** Keeps a new command and raises `events`. One Durable Object call, with events one of D1. */
  open(command: Command, events: NewEvent[]): Promise<void>;
  /**
   * Applies an event and does what follows from it. Null: no such command, or not of this direction or partner, which looks the
   * same. One Durable Object call; one of D1 when the back office is told.
   */
  step(
    id: string,
    of: { direction: "out" | "in"; partner?: string; types?: readonly CommandType[] },
    event: CommandEvent,
  ): Promise<{ outcome: StepOutcome; command: Command } | null>;
  /** The command, or null; waits up to `waitMs` for its final state. One Durable Object call. */
  read(id: string, waitMs: number): Promise<Command | null>;

  /** Makes a command findable. One D1 call. */
  remember(keys: CommandKeys): Promise<void>;
  /** The command of a reservation that stands, a partner's here or ours there, by its id. One D1 call. */
  reservation(partner: string, direction: "out" | "in", reservationId: string): Promise<string | null>;
  /** What was refused comes to nothing: no session comes of it, and a reservation of the same id before it stands. One D1 call. */
  forget(id: string): Promise<void>;
  /** No response came: it is less likely than another one that a session came of it. One D1 call. */
  doubt(id: string): Promise<void>;
  /** A reservation of a partner stands no longer; one that came after `until` (epoch ms) does. One D1 call. */
  release(partner: string, reservationId: string, until: number): Promise<void>;
  /** Partners that have set the charging profile of a session of ours. One D1 call. */
  profileSetters(session: SessionName): Promise<string[]>;
  /**
   * Ties a session to the command of ours it came of, as far as it can be told: by the reference, else by token, Location and
   * EVSE, the likeliest first; each command has one session. `freed`: commands that it was tied to by likelihood, and is no more. `over`: when a
   * session ended that is over, epoch ms; null: it goes on. One D1 call.
   */
  tie(
    session: SessionName,
    keys: Pick<CommandKeys, "partner" | "reference" | "token" | "uid" | "location" | "evse"> & { over: number | null },
  ): Promise<{ tied: string | null; freed: string[] }>;
}
