import type { JsonObject } from "../lib/json.ts";
import { type PartyRef, sameParty } from "../ocpi/headers.ts";
import { hasInterface } from "../ocpi/interfaces.ts";
import type { Command } from "../ports/commands.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { COMMANDS, keyIn } from "./command-types.ts";
import { driverOf } from "./entitlement.ts";
import { objectNamed } from "./objects.ts";

// Which of our parties asks a partner for something, where we have several that may: the one whose driver it is about.
// Spec: 2.2.1 transport_and_format, Message Routing Headers.

/** The party of ours whose driver a session is; null: it is none of ours. No D1 call once our parties are known. */
export async function ownDriver(ports: Pick<Ports, "parties">, session: JsonObject): Promise<PartyRef | null> {
  const driver = driverOf(session);
  const parties = await ports.parties.list();
  return driver !== null && parties.some((party) => sameParty(party, driver)) ? driver : null;
}

/**
 * Our party that a command without a token is from; null: the first that fits. Where we have but one that may send it that is no question;
 * else one D1 call, and for a reservation one Durable Object call.
 */
export async function speakerFor(
  ports: Pick<Ports, "parties" | "objects" | "commands">,
  partner: Partner,
  { type, body, to }: Pick<Command, "type" | "body"> & { to: PartyRef },
): Promise<PartyRef | null> {
  const parties = await ports.parties.list();
  const able = parties.filter(({ roles }) => hasInterface(roles, COMMANDS[type].module, "SENDER"));
  if (able.length < 2) return null;
  if (type === "STOP_SESSION") {
    const session = await objectNamed(ports, { module: "sessions", ...to, id: String(body.session_id) });
    return session === null ? null : ownDriver(ports, session.body);
  }
  if (type !== "CANCEL_RESERVATION") return null;
  const id = await ports.commands.reservation(partner.id, "out", keyIn(body, "reservation_id"));
  return id === null ? null : ((await ports.commands.read(id, 0))?.from ?? null);
}
