import type { JsonObject } from "../lib/json.ts";
import type { Ports } from "../ports.ts";
import type { Command, StepOutcome } from "./command-state.ts";
import { keyIn } from "./command-types.ts";

/**
 * Takes the back office's result of a partner's command; the gateway posts it to the partner from there on. One Durable Object call; one or
 * two of D1 when a reservation ends by it.
 */
export async function answerCommand(
  ports: Pick<Ports, "commands">,
  { id, type, partner, body }: Command,
  result: JsonObject,
): Promise<{ outcome: StepOutcome; command: Command } | null> {
  const answered = await ports.commands.step(id, { direction: "in" }, { kind: "result", result });
  if (answered?.outcome !== "changed") return answered;
  const isDone = result.result === "ACCEPTED";
  if (type === "RESERVE_NOW" && !isDone) await ports.commands.forget(id);
  if (type === "CANCEL_RESERVATION" && isDone) {
    const reservation = await ports.commands.reservation(partner, keyIn(body, "reservation_id"));
    if (reservation !== null) await ports.commands.forget(reservation);
  }
  return answered;
}
