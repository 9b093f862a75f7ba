import { deepEqual, type JsonObject } from "../lib/json.ts";
import type { Command, CommandError, CommandEvent, StepOutcome } from "../ports/commands.ts";

// The life of a command, pure. A command that we sent (`out`) waits for the partner's response, then for its result; one that
// we received (`in`) was accepted at once and waits for the back office. Both end when their time is over.
//
// | sent, status | response ACCEPTED | other response | no response | result             | time is over |
// | ------------ | ----------------- | -------------- | ----------- | ------------------ | ------------ |
// | SENDING      | ACCEPTED          | REJECTED       | FAILED      | DONE               | FAILED       |
// | ACCEPTED     | -                 | -              | -           | DONE               | TIMED_OUT    |
// | DONE         | noted if first    | noted if first | noted       | the first stays    | -            |
// | TIMED_OUT    | -                 | -              | -           | noted as late      | -            |
// | REJECTED     | -                 | -              | -           | noted as late      | -            |
// | FAILED       | -                 | -              | -           | noted as late      | -            |
//
// | received, status | result of the back office                   | time is over             |
// | ---------------- | ------------------------------------------- | ------------------------ |
// | ACCEPTED         | DONE, posted to the partner                 | TIMED_OUT, posted as such |
// | DONE             | the same again is fine, another a conflict  | -                        |
// | TIMED_OUT        | gone                                        | -                        |
//
// "-": nothing changes. A result CANCELED_RESERVATION may follow the one of a RESERVE_NOW, in both directions: it is kept
// beside the first. A session is tied to a command whatever its status: it may come before the result, or after the timeout.

/** What is to be done because of an event, exactly once or again after a crash. */
export type Effect =
  /** Tell the back office: where a command has got to, or that its result could not be handed over. */
  | { kind: "tell"; what: "result" | "unposted" }
  /** Post a result to the partner's response_url. */
  | { kind: "post"; result: JsonObject };

export interface Step {
  outcome: StepOutcome;
  command: Command;
  effects: Effect[];
}

/** Longest time a result is waited for, whatever the partner says, s. */
const LONGEST_WAIT_S = 86_400;

/** Whether nothing more is waited for. */
export const isFinal = ({ status }: Pick<Command, "status">): boolean => status !== "SENDING" && status !== "ACCEPTED";

/** The next state. Pure: `now` is epoch ms. */
export function step(command: Command, event: CommandEvent, now: number): Step {
  switch (event.kind) {
    case "session":
      return deepEqual(command.session, event.session)
        ? unchanged(command)
        : changed({ ...command, session: event.session });
    case "unposted":
      return changed({ ...command, error: event.error }, [{ kind: "tell", what: "unposted" }]);
    case "timeout":
      return now < command.expires_at ? unchanged(command) : timedOut(command, event.result);
    case "result":
      return command.direction === "out" ? received(command, event.result) : answered(command, event.result, now);
    case "response":
      return responded(command, event.response, event.timeout_s, now);
    case "failure":
      return failed(command, event.error);
  }
}

function responded(command: Command, response: JsonObject, timeoutS: number, now: number): Step {
  if (command.response !== null || command.direction === "in") return unchanged(command);
  // The result was faster than the response: it stands.
  if (command.status === "DONE") return changed({ ...command, response });
  if (command.status !== "SENDING") return unchanged(command);
  if (response.result !== "ACCEPTED") return changed({ ...command, response, status: "REJECTED", expires_at: now });
  const wait = Math.min(Math.max(timeoutS, 1), LONGEST_WAIT_S);
  return changed({ ...command, response, status: "ACCEPTED", expires_at: now + wait * 1000 });
}

function failed(command: Command, error: CommandError): Step {
  if (command.response !== null || command.error !== null || command.direction === "in") return unchanged(command);
  if (command.status === "DONE") return changed({ ...command, error });
  return command.status === "SENDING" ? changed({ ...command, error, status: "FAILED" }) : unchanged(command);
}

/** A result of the partner for a command of ours. */
function received(command: Command, result: JsonObject): Step {
  const tell: Effect[] = [{ kind: "tell", what: "result" }];
  if (command.result !== null) {
    if (!isCancellation(command, result)) return unchanged(command);
    return changed({ ...command, later: [...command.later, result] }, tell);
  }
  if (isFinal(command)) return changed({ ...command, result, late: true }, tell);
  return changed({ ...command, result, status: "DONE" }, tell);
}

/** A result of the back office for a command of a partner. */
function answered(command: Command, result: JsonObject, now: number): Step {
  if (command.status === "TIMED_OUT") return { outcome: "gone", command, effects: [] };
  const post: Effect[] = [{ kind: "post", result }];
  if (command.status === "DONE") {
    const said = [command.result, ...command.later].map((one) => JSON.stringify(one));
    if (said.includes(JSON.stringify(result))) return unchanged(command);
    if (!isCancellation(command, result)) return { outcome: "conflict", command, effects: [] };
    return changed({ ...command, later: [...command.later, result] }, post);
  }
  // The alarm that ends it may be late.
  if (now >= command.expires_at) return { outcome: "gone", command, effects: [] };
  return changed({ ...command, result, status: "DONE" }, post);
}

function timedOut(command: Command, result: JsonObject): Step {
  if (isFinal(command)) return unchanged(command);
  const tell: Effect[] = [{ kind: "tell", what: "result" }];
  if (command.direction === "in") {
    return changed({ ...command, status: "TIMED_OUT", result }, [...tell, { kind: "post", result }]);
  }
  if (command.status === "ACCEPTED") return changed({ ...command, status: "TIMED_OUT" }, tell);
  const error = { message: "It is not known whether the partner got it", http_status: null, ocpi_status: null };
  // Whoever sent it has had no answer.
  return changed({ ...command, status: "FAILED", error }, tell);
}

/** A reservation that stood is taken back: the one second result there is. Spec: 2.2.1 mod_commands, CANCELED_RESERVATION. */
const isCancellation = (command: Command, result: JsonObject): boolean =>
  command.type === "RESERVE_NOW" &&
  result.result === "CANCELED_RESERVATION" &&
  command.result?.result === "ACCEPTED" &&
  command.later.length === 0;

const unchanged = (command: Command): Step => ({ outcome: "unchanged", command, effects: [] });

const changed = (command: Command, effects: Effect[] = []): Step => ({ outcome: "changed", command, effects });
