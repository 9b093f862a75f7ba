import { err, ok, type Result } from "../lib/result.ts";
import type { Discovery } from "../client/discover.ts";
import type { Reason } from "../ocpi/status.ts";
import type { NewEvent, Partner, PartnerRole, Ports } from "../ports.ts";

/** The end of a handshake, in either direction: all that is known when both sides have said yes. */
export interface Completion {
  partner: Partner;
  discovery: Discovery;
  /** The partner's versions URL. */
  versionsUrl: string;
  side: "CPO" | "EMSP" | null;
  roles: PartnerRole[];
  /** Token we present from now on, clear. */
  outboundToken: string;
  /** Hash of the token the partner presents from now on. */
  inboundHash: string;
  /** Hash of the token it presented for this. */
  usedHash?: string;
  /** POST: `registered`, PUT: `updated`. */
  event: "partner.registered" | "partner.updated";
}

export type CompletionPorts = Pick<Ports, "secrets" | "partners" | "events" | "hosts" | "log">;

/** How often a registration is tried again because the partner's settings changed under it. */
const ATTEMPTS = 4;

/**
 * Writes a registration in one guarded batch and tells the rest of the house. Refused when a role of a party is taken;
 * `unauthorized` when the token that was presented is no longer good, because another registration used it up.
 */
export async function completeRegistration(ports: CompletionPorts, completion: Completion): Promise<Result<Partner, Reason>> {
  const { discovery, usedHash } = completion;
  const { id } = completion.partner;
  const outbound_token = await ports.secrets.seal(completion.outboundToken, id);
  let partner: Partner | null = completion.partner;
  for (let attempt = 0; attempt < ATTEMPTS && partner !== null; attempt++) {
    const outcome = await ports.partners.register({
      partner: id,
      epoch: partner.epoch,
      version: discovery.version.number,
      versions_url: completion.versionsUrl,
      side: completion.side,
      roles: completion.roles,
      endpoints: discovery.endpoints,
      token_encoding: discovery.encoding,
      outbound_token,
      inbound_hash: completion.inboundHash,
      ...(usedHash === undefined ? {} : { used_hash: usedHash }),
    });
    if (outcome.ok) return ok(await announce(ports, completion));
    if (outcome.why === "taken") return err({ kind: "conflict", message: outcome.detail });
    if (usedHash !== undefined && (await ports.partners.byTokenHashes([usedHash])) === null) return err({ kind: "unauthorized" });
    partner = await ports.partners.get(id);
    if (partner?.status === "UNREGISTERED") return err({ kind: "unauthorized" });
  }
  return err({ kind: "unavailable", message: "The partner kept changing; try again" });
}

async function announce(ports: CompletionPorts, completion: Completion): Promise<Partner> {
  const { event } = completion;
  const partner = await ports.partners.get(completion.partner.id);
  if (!partner) throw new Error("A partner just registered is gone");
  // The pump counts from here, so it comes before anybody can hear of the registration and rely on it.
  await tellHost(ports, partner.id, event === "partner.registered" ? "registered" : "changed");
  await ports.events.append([partnerEvent(event, partner)]);
  return partner;
}

/** What the operator's event feed says of a partner. */
export function partnerEvent(type: string, partner: Partner): NewEvent {
  const { id, name, status, version } = partner;
  const roles = partner.roles.map(({ role, country_code, party_id }) => ({ role, country_code, party_id }));
  return { type, partner: id, data: { partner: id, name, status, version, roles } };
}

/** Tells a partner's pump; the registration stands whether or not that works, and the pump finds out by itself. */
export async function tellHost(
  ports: Pick<Ports, "hosts" | "log">,
  partner: string,
  what: "registered" | "changed" | "stopped",
): Promise<void> {
  await ports.hosts.reconfigure(partner, what).catch((error: unknown) => {
    ports.log.write("error", "The partner's pump could not be told", { partner, what, error: String(error) });
  });
}
