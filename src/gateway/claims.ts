import { err, ok, type Result } from "../lib/result.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Fault } from "../ocpi/codec.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Partner, PartnerRole } from "../ports/partners.ts";
import { partyKey } from "./keys.ts";

/** What belongs to one partner only: a role of a party, in one word. */
export const roleKey = (role: Pick<PartnerRole, "role" | "country_code" | "party_id">): string =>
  `${role.role} ${partyKey(role.country_code, role.party_id)}`;

/**
 * The roles a partner claims in its credentials, if it may: at least one, none twice, and only parties the operator allowed.
 * Whether a role of a party is another partner's is for the store to say, in the same batch that writes it.
 * @param side the partner's role where its version cannot say it
 * Spec: 2.2.1 credentials, CredentialsRole; ocpi 2.3.0 credentials, hub_party_id.
 */
export function checkClaims(
  partner: Pick<Partner, "allow">,
  credentials: Credentials,
  side: string | null,
): Result<PartnerRole[], Reason> {
  const faults: Fault[] = [];
  const claimed = new Map<string, PartnerRole>();
  for (const [index, said] of rolesOf(credentials, side).entries()) {
    const role = { ...said, country_code: said.country_code.toUpperCase(), party_id: said.party_id.toUpperCase() };
    const key = roleKey(role);
    const fault = roleFault(role, claimed.has(key));
    if (fault) faults.push({ pointer: `/roles/${index}`, message: fault });
    claimed.set(key, role);
  }
  if (claimed.size === 0) faults.push({ pointer: "/roles", message: "needs at least one role" });
  if (faults.length > 0) return err({ kind: "invalid", faults });
  const roles = [...claimed.values()];
  const allowed = partner.allow.parties?.map((party) => party.toUpperCase());
  const foreign = allowed && roles.find((role) => !allowed.includes(partyKey(role.country_code, role.party_id)));
  if (foreign) {
    const party = partyKey(foreign.country_code, foreign.party_id);
    return err({ kind: "forbidden", message: `${party} is not a party this connection is for` });
  }
  return ok(roles);
}

function roleFault(role: PartnerRole, isRepeated: boolean): string | null {
  if (isRepeated) return `${role.role} ${role.country_code}*${role.party_id} is named twice`;
  if (!/^[A-Z0-9]{2}$/.test(role.country_code)) return "country_code is not two characters";
  return /^[\x21-\x7e]{1,3}$/.test(role.party_id) ? null : "party_id is not three characters";
}

/** The roles said, with the hub itself among them: 2.3.0 names it beside the parties it reaches. */
function rolesOf(credentials: Credentials, side: string | null): PartnerRole[] {
  const roles = (credentials.roles ?? []).map(({ role, country_code, party_id, business_details }) => ({
    role: role ?? side ?? "OTHER",
    country_code: country_code ?? "",
    party_id: party_id ?? "",
    ...(business_details ? { business_details } : {}),
  }));
  const hub = credentials.hub_party_id;
  if (typeof hub !== "string" || hub.length !== 5) return roles;
  const self = { role: "HUB", country_code: hub.slice(0, 2), party_id: hub.slice(2) };
  return roles.some((role) => roleKey(role) === roleKey(self)) ? roles : [...roles, self];
}
