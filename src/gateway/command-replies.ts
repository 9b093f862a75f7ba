import type { JsonObject } from "../lib/json.ts";
import type { Command, StepOutcome } from "../ports/commands.ts";
import type { Ports } from "../ports.ts";

import { keyIn } from "./command-types.ts";

/**
 * Takes the back office's result of a partner's command; the gateway posts it to the partner from there on. One Durable Object call;
 * one of D1 when a reservation ends by it.
 */
export async function answerCommand(
  ports: Pick<Ports, "commands">,
  { id, type, partner, body }: Command,
  result: JsonObject,
): Promise<{ outcome: StepOutcome; command: Command } | null> {
  const answered = await ports.commands.step(id, { direction: "in" }, { kind: "result", result });
  if (answered?.outcome !== "changed") return answered;
  const reservation = keyIn(body, "reservation_id");
  const isAccepted = result.result === "ACCEPTED";
  if (type === "RESERVE_NOW" && answered.command.later.length > 0) await ports.commands.release(partner, reservation);
  else if (type === "RESERVE_NOW" && !isAccepted) await ports.commands.forget(id);
  else if (type === "CANCEL_RESERVATION" && isAccepted) await ports.commands.release(partner, reservation);
  return answered;
}
