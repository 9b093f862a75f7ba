import { err, ok, type Result } from "../lib/result.ts";
import { isRouted, type Routing, readRouting, sameParty } from "../ocpi/headers.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import type { Route } from "./router.ts";

const unrouted: Routing = { to: null, from: null };

/**
 * Who a message is from and to. The sender must be a party its token speaks for; a hub speaks for all behind it. The
 * receiver must be one of ours or, when we are a hub, of a partner. Absent headers are tolerated, and versions and
 * modules that have none ignore them. Spec: 2.2.1 transport_and_format, Message Routing Headers; status_codes, 4001.
 */
export async function readParties(
  ports: Pick<Ports, "parties" | "partners">,
  headers: Headers,
  { row, version }: Route,
  partner: Partner,
): Promise<Result<Routing, Reason>> {
  if (!isRouted(row) || !version?.dialect.routingHeaders) return ok(unrouted);
  const read = readRouting(headers);
  if (!read.ok) return err({ kind: "invalid", faults: read.error });
  const { to, from } = read.value;
  const isHub = partner.roles.some(({ role }) => role === "HUB");
  if (from !== null && !isHub && !partner.roles.some((role) => sameParty(role, from))) {
    const message = `${from.country_code}*${from.party_id} is not a party of this connection`;
    return err({ kind: "invalid", faults: [{ pointer: "OCPI-from-party-id", message }] });
  }
  if (to !== null && !(await isReachable(ports, to))) {
    return err({ kind: "unknown_receiver", message: `${to.country_code}*${to.party_id} is not reached through here` });
  }
  return read;
}

async function isReachable(
  ports: Pick<Ports, "parties" | "partners">,
  party: { country_code: string; party_id: string },
): Promise<boolean> {
  const own = await ports.parties.list();
  if (own.some((mine) => sameParty(mine, party))) return true;
  if (!own.some(({ roles }) => roles.includes("HUB"))) return false;
  const partners = await ports.partners.registered();
  return partners.some(({ roles }) => roles.some((role) => sameParty(role, party)));
}
