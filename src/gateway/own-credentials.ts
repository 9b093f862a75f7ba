import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Credentials, CredentialsRole } from "../model/credentials.ts";
import type { Reason } from "../ocpi/status.ts";
import { type Side, versionsUrl } from "../ocpi/urls.ts";
import { newest, type Version } from "../ocpi/versions.ts";
import type { Partner, Party } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { partyKey } from "./keys.ts";

/** Where and as what we are seen by a partner. */
export interface Face {
  /** Scheme and host partners reach us at, no slash at the end. */
  base: string;
  /** What we are in the URL that was used; null where it does not say. */
  side: Side;
}

const HUB = "HUB";

/** Our parties that a partner is told of, in the order they were created. */
export function sharedParties(parties: readonly Party[], partner: Pick<Partner, "settings">): Party[] {
  const shared = partner.settings.share?.parties?.map((party) => party.toUpperCase());
  return parties.filter((party) => !shared || shared.includes(partyKey(party.country_code, party.party_id)));
}

/**
 * The one role of a partner on a connection that cannot say roles (2.0, 2.1.1): as the operator said or an earlier
 * registration showed, else by the URL it used, else the only one it named in a version that says roles, else the opposite
 * of the only role our parties have. null: unknown.
 */
export function partnerRole(
  parties: readonly Party[],
  partner: Pick<Partner, "side" | "settings" | "roles">,
  side: Side,
): "CPO" | "EMSP" | null {
  if (partner.side !== null) return partner.side;
  if (side !== null) return side === "cpo" ? "EMSP" : "CPO";
  const named = onlySide(partner.roles.map(({ role }) => role));
  if (named !== null) return named;
  const ours = onlySide(sharedParties(parties, partner).flatMap((party) => party.roles));
  return ours === null ? null : ours === "CPO" ? "EMSP" : "CPO";
}

/** CPO or EMSP, whichever alone is among roles; null: neither, or both. */
function onlySide(roles: readonly string[]): "CPO" | "EMSP" | null {
  if (roles.includes("CPO") === roles.includes("EMSP")) return null;
  return roles.includes("CPO") ? "CPO" : "EMSP";
}

/** The side of our URLs that fits a partner's role. */
export function sideTowards(role: "CPO" | "EMSP" | null): Side {
  if (role === null) return null;
  return role === "CPO" ? "emsp" : "cpo";
}

/** What to say when a partner's one role cannot be known: where to register instead. */
export function sideUnknown(base: string): string {
  return (
    "This version cannot say the roles of a connection: register at " +
    `${versionsUrl(base, "cpo")} (you are an eMSP) or at ${versionsUrl(base, "emsp")} (you are a CPO)`
  );
}

/**
 * What a partner is told of us, in its version's terms: our versions URL, the token it uses, and our roles. A hub names only itself
 * (2.2, 2.2.1), or itself in `hub_party_id` with the parties it reaches as roles (2.3.0), or itself as OTHER while it
 * reaches nobody. A connection with one role shows one party: the first with the role opposite to the partner's, else a hub.
 * Spec: 2.2.1 credentials, Credentials; 2.3.0 credentials, Hubs.
 */
export async function describeOurselves(
  ports: Pick<Ports, "parties" | "partners">,
  partner: Partner,
  version: Version,
  token: string,
  face: Face,
): Promise<Result<Credentials, Reason>> {
  const all = await ports.parties.list();
  const parties = sharedParties(all, partner);
  const { dialect } = version;
  if (parties.length === 0) {
    return err({ kind: "unavailable", message: "No party of this gateway is set up for this connection yet" });
  }
  if (dialect.connectionHasOneRole) {
    const role = partnerRole(all, partner, face.side);
    if (role === null) return err({ kind: "conflict", message: sideUnknown(face.base) });
    const ours = role === "CPO" ? "EMSP" : "CPO";
    const party = parties.find(({ roles }) => roles.includes(ours)) ?? parties.find(({ roles }) => roles.includes(HUB));
    if (!party) return err({ kind: "unavailable", message: `No party of this gateway is ${ours} on this connection` });
    return ok({ token, url: versionsUrl(face.base, sideTowards(role)), roles: [roleOf(party, ours)] });
  }
  const url = versionsUrl(face.base, null);
  const hub = parties.find((party) => party.roles.includes(HUB));
  if (hub && dialect.hubRole === "role") return ok({ token, url, roles: [roleOf(hub, HUB)] });
  const own = rolesSaid(parties, version);
  if (!hub) return ok({ token, url, roles: own });
  const reached = [...own, ...(await reachable(ports, partner, version))];
  const roles = reached.length > 0 ? reached : [roleOf(hub, "OTHER")];
  return ok({ token, url, hub_party_id: hub.country_code + hub.party_id, roles });
}

/** Our credentials as a body of a version. */
export function encodeCredentials(version: Version, credentials: Credentials): Result<JsonObject, Reason> {
  const [first] = credentials.roles ?? [];
  const down = version.codecs.Credentials.down(credentials, {
    origin: newest.number,
    ...(first?.role ? { role: first.role } : {}),
    ...(first ? { owner: { country_code: first.country_code ?? "", party_id: first.party_id ?? "" } } : {}),
  });
  if (down.refused)
    return err({ kind: "not_representable", message: `${down.refused.pointer} ${down.refused.reason}` });
  return ok(down.wire);
}

/** Every role of every party, but HUB; a role the version does not know is an OTHER. None twice. */
function rolesSaid(parties: readonly Party[], version: Version): CredentialsRole[] {
  const said = new Map<string, CredentialsRole>();
  for (const party of parties) {
    for (const role of party.roles.filter((name) => name !== HUB)) {
      const known = version.dialect.roles.includes(role) ? role : "OTHER";
      said.set(`${known} ${partyKey(party.country_code, party.party_id)}`, roleOf(party, known));
    }
  }
  return [...said.values()];
}

/** The parties of other partners: whom one reaches through us. */
async function reachable(
  ports: Pick<Ports, "partners">,
  reader: Partner,
  version: Version,
): Promise<CredentialsRole[]> {
  const partners = await ports.partners.registered();
  return partners
    .filter((partner) => partner.id !== reader.id)
    .flatMap((partner) => partner.roles)
    .filter((role) => version.dialect.roles.includes(role.role))
    .map(({ role, country_code, party_id, business_details }) => ({
      role: role as NonNullable<CredentialsRole["role"]>,
      country_code,
      party_id,
      business_details: business_details ?? { name: `${country_code}*${party_id}` },
    }));
}

function roleOf(party: Party, role: string): CredentialsRole {
  const { country_code, party_id, business_details } = party;
  return { role: role as NonNullable<CredentialsRole["role"]>, country_code, party_id, business_details };
}
