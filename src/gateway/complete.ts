import type { Discovery } from "../client/discover.ts";
import { hostOf } from "../client/url-rules.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { NewEvent } from "../ports/evidence.ts";
import type { Partner, PartnerRole } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { roleKey } from "./claims.ts";

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
 * `unauthorized` when the token that was presented is no longer good, because another registration used it up. A
 * registration that we began takes the place of one that its roles show to be with the same platform.
 */
export async function completeRegistration(
  ports: CompletionPorts,
  completion: Completion,
): Promise<Result<Partner, Reason>> {
  const written = await write(ports, completion);
  if (written.ok || written.error.kind !== "conflict") return written;
  const known = await samePlatform(ports, completion);
  if (known === null) return written;
  const { usedHash: _, ...rest } = completion;
  await ports.partners.remove(completion.partner.id);
  return write(ports, { ...rest, partner: known });
}

/**
 * The one partner that holds what the completion claims, when the row at hand is that of a registration the operator
 * began at the same host: then that is the platform we register with anew.
 */
async function samePlatform(ports: CompletionPorts, { partner, roles }: Completion): Promise<Partner | null> {
  const host = partner.status === "INVITED" ? hostOf(partner.versions_url) : null;
  if (host === null) return null;
  const claimed = new Set(roles.map(roleKey));
  const others = (await everyPartner(ports)).filter((other) => other.id !== partner.id);
  const [known, ...more] = others.filter((other) => other.roles.some((role) => claimed.has(roleKey(role))));
  return known && more.length === 0 && hostOf(known.versions_url) === host ? known : null;
}

/** All partners, of whatever status; there are few hundred at most. */
export async function everyPartner(ports: Pick<Ports, "partners">): Promise<Partner[]> {
  const all: Partner[] = [];
  for (;;) {
    const after = all.at(-1)?.id;
    const page = await ports.partners.list({ ...(after === undefined ? {} : { after }), limit: 1000 });
    all.push(...page);
    if (page.length < 1000) return all;
  }
}

async function write(ports: CompletionPorts, completion: Completion): Promise<Result<Partner, Reason>> {
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
    if (usedHash !== undefined && (await ports.partners.byTokenHashes([usedHash])) === null)
      return err({ kind: "unauthorized" });
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
