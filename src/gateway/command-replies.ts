import type { JsonObject } from "../lib/json.ts";
import type { Command, StepOutcome } from "../ports/commands.ts";
import type { Ports } from "../ports.ts";
import { keyIn, keysOfCommand } from "./command-types.ts";

/**
 * Takes the back office's result of a partner's command; the gateway posts it to the partner from there on. One Durable Object call;
 * one of D1 when a reservation ends by it or a charging profile is set.
 */
export async function answerCommand(
  ports: Pick<Ports, "commands">,
  { id, type, partner, body }: Command,
  result: JsonObject,
): Promise<{ outcome: StepOutcome; command: Command } | null> {
  const answered = await ports.commands.step(id, { direction: "in" }, { kind: "result", result });
  // When it is said again, too: the first time something may have come between.
  if (type === "SET_CHARGING_PROFILE" && answered?.command.result?.result === "ACCEPTED")
    await ports.commands.remember(keysOfCommand(answered.command));
  if (answered?.outcome !== "changed") return answered;
  const isAccepted = result.result === "ACCEPTED";
  const reservation = keyIn(body, "reservation_id");
  if (type === "RESERVE_NOW" && answered.command.later.length > 0) await ports.commands.release(partner, reservation);
  else if (type === "RESERVE_NOW" && !isAccepted) await ports.commands.forget(id);
  else if (type === "CANCEL_RESERVATION" && isAccepted) await ports.commands.release(partner, reservation);
  return answered;
}
