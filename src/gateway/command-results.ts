import { type CallResult, notSent } from "../client/exchange.ts";
import { type CallPorts, callPartner } from "../client/request.ts";
import type { JsonObject } from "../lib/json.ts";
import { formatTime } from "../lib/time.ts";
import type { Codec } from "../ocpi/codec.ts";
import { findEndpoint } from "../ocpi/urls.ts";
import { codecOf, newest, versionByNumber } from "../ocpi/versions.ts";
import type { Command } from "../ports/commands.ts";
import type { NewEvent } from "../ports/evidence.ts";
import type { Ports } from "../ports.ts";
import type { Effect } from "./command-state.ts";
import { COMMANDS, commandView, spokenTo } from "./command-types.ts";

/** The event a command's effect is told by; the back office reads the command in it. */
export function eventOf(command: Command, { what }: Extract<Effect, { kind: "tell" }>, now: number): NewEvent {
  const { partner, type, session } = command;
  if (what === "unposted") return unpostedEvent(command, now);
  const resource = COMMANDS[type].module === "commands" ? "command" : "charging_profile";
  const about = session === null ? {} : { session };
  const data = { partner, command: commandView(command), ...(resource === "command" ? {} : about) };
  return { type: `${resource}.${what}`, partner, data };
}

/** A result that a partner did not take, as any other delivery that failed; its id and key are the command's. */
function unpostedEvent({ id, partner, type, error }: Command, now: number): NewEvent {
  const delivery = {
    id,
    partner,
    module: COMMANDS[type].module,
    key: id,
    state: "STALE",
    last_status: error?.http_status ?? null,
    last_error: error?.message ?? null,
    next_attempt_at: null,
    updated_at: formatTime(now),
  };
  return { type: "delivery.failed", partner, data: { partner, delivery } };
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
    wire: spokenTo(partner, version, codec.body(down.wire)),
    losses: down.losses,
    correlationId,
    // What was addressed answers; what asked is answered.
    ...(to === null ? {} : { from: to }),
    ...(from === null ? {} : { to: from }),
  });
}
