import { type CallResult, notSent } from "../client/exchange.ts";
import { type CallPorts, callPartner } from "../client/request.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Codec } from "../ocpi/codec.ts";
import { findEndpoint } from "../ocpi/urls.ts";
import { codecOf, newest, versionByNumber } from "../ocpi/versions.ts";
import type { Command } from "../ports/commands.ts";
import type { NewEvent } from "../ports/evidence.ts";
import type { Ports } from "../ports.ts";
import type { Effect } from "./command-state.ts";
import { COMMANDS, commandView } from "./command-types.ts";

/** The event a command's effect is told by; the back office reads the command in it. */
export function eventOf(command: Command, { what }: Extract<Effect, { kind: "tell" }>): NewEvent {
  const { partner, type, session } = command;
  const resource = COMMANDS[type].module === "commands" ? "command" : "charging_profile";
  const about = session === null ? {} : { session };
  const data = { partner, command: commandView(command), ...(resource === "command" ? {} : about) };
  return { type: `${resource}.${what}`, partner, data };
}

/**
 * Posts a result to where the partner wants it, in the shape of the version it speaks now. One D1 call.
 * Spec: 2.2.1 mod_commands, Sender interface, POST.
 */
export async function postResult(
  ports: CallPorts & Pick<Ports, "partners">,
  command: Command,
  result: JsonObject,
): Promise<CallResult> {
  const { response_url: url, type, from, to, correlation_id: correlationId } = command;
  const partner = await ports.partners.get(command.partner);
  const version = versionByNumber(partner?.version ?? "");
  if (partner === null || partner.status !== "REGISTERED" || version === undefined || url === null)
    return notSent("The partner is not connected any more");
  const { module, result: kind } = COMMANDS[type];
  const operation = module === "commands" ? "postCommandResult" : "postChargingProfileResult";
  const row = findEndpoint(version.endpoints, { module, role: "SENDER", operation });
  const codec = codecOf(version, kind) as Codec | undefined;
  if (row === undefined || codec === undefined) return notSent(`OCPI ${version.number} has no ${kind}`);
  const down = codec.down(result as never, { origin: newest.number });
  if (down.refused) return notSent(`It cannot be said in OCPI ${version.number}: ${down.refused.reason}`);
  return callPartner(ports, partner, {
    row,
    url,
    wire: codec.body(down.wire) as JsonObject,
    losses: down.losses,
    correlationId,
    // What was addressed answers; what asked is answered.
    ...(to === null ? {} : { from: to }),
    ...(from === null ? {} : { to: from }),
  });
}
