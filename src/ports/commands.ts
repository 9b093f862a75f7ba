import type { Command, CommandEvent, CommandType, SessionName, StepOutcome } from "../gateway/command-state.ts";
import type { NewEvent } from "./evidence.ts";

/** By what a command can be found again: a coming session, or a later command, does not know its id. Upper case, '' where not said. */
export interface CommandKeys {
  id: string;
  type: CommandType;
  direction: "out" | "in";
  /** Partner id. */
  partner: string;
  /** `authorization_reference`. */
  reference: string;
  /** Contract of the token. */
  token: string;
  location: string;
  evse: string;
  /** `reservation_id`. */
  reservation: string;
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
  /** A reservation of a partner that stands here, by its id. One D1 call. */
  reservation(partner: string, reservationId: string): Promise<string | null>;
  /** A reservation that was refused never stood; one of the same id before it still does. One D1 call. */
  forget(id: string): Promise<void>;
  /** A reservation of a partner stands no longer. One D1 call. */
  release(partner: string, reservationId: string): Promise<void>;
  /**
   * Ties a session to the command of ours it came of, as far as it can be told: by the reference, else by token, Location and
   * EVSE, the newest first; each command has one session. One D1 call.
   */
  tie(
    session: SessionName,
    keys: Pick<CommandKeys, "partner" | "reference" | "token" | "location" | "evse">,
  ): Promise<string | null>;
}
