import type { JsonObject } from "../lib/json.ts";
import type { Command, CommandType, StepOutcome } from "../ports/commands.ts";
import type { Ports } from "../ports.ts";
import { isLookedFor, keyIn, keysOfCommand } from "./command-types.ts";

/**
 * Takes the back office's result of a partner's command; the gateway posts it to the partner from there on. One Durable Object call;
 * one of D1 when a reservation ends by it or a charging profile is set.
 */
export async function answerCommand(
  ports: Pick<Ports, "commands">,
  { id, type, partner, body, created_at }: Command,
  result: JsonObject,
): Promise<{ outcome: StepOutcome; command: Command } | null> {
  const answered = await ports.commands.step(id, { direction: "in" }, { kind: "result", result });
  // When it is said again, too: the first time something may have come between.
  if (answered?.outcome !== "changed" && answered?.outcome !== "unchanged") return answered;
  const { command } = answered;
  const reservation = keyIn(body, "reservation_id");
  const isAccepted = command.result?.result === "ACCEPTED";
  if (type === "SET_CHARGING_PROFILE" && isAccepted) await ports.commands.remember(keysOfCommand(command));
  else if (type === "RESERVE_NOW" && command.later.length > 0)
    await ports.commands.release(partner, reservation, created_at);
  else if (type === "RESERVE_NOW" && !isAccepted) await ports.commands.forget(id);
  else if (type === "CANCEL_RESERVATION" && isAccepted) await ports.commands.release(partner, reservation, created_at);
  return answered;
}

/**
 * Takes a partner's result for a command of ours; null: there is no such command of this partner and type. One Durable Object call; one D1 call
 * when nothing comes of what may have brought a session.
 */
export async function takeResult(
  ports: Pick<Ports, "commands">,
  id: string,
  of: { partner: string; type: CommandType },
  result: JsonObject,
): Promise<{ outcome: StepOutcome; command: Command } | null> {
  const { partner, type } = of;
  const done = await ports.commands.step(id, { direction: "out", partner, types: [type] }, { kind: "result", result });
  if ((done?.outcome !== "changed" && done?.outcome !== "unchanged") || !isLookedFor(done.command)) return done;
  const said = done.command.result?.result;
  // The charge point did not answer: it may have done it all the same.
  if (said === "TIMEOUT") await ports.commands.doubt(id);
  else if (said !== "ACCEPTED") await ports.commands.forget(id);
  return done;
}
