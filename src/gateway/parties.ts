import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Party } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { partyKey } from "./keys.ts";

export type PartiesPorts = Pick<Ports, "parties" | "partners" | "hosts" | "background" | "log">;

/**
 * Sets up or changes one of our own parties, and has every registered partner told by a credentials update. A role of a
 * party belongs to one: a party that a partner registered cannot be ours in the same role.
 */
export async function putParty(
  ports: PartiesPorts,
  party: Party,
): Promise<Result<"created" | "updated" | "unchanged", Reason>> {
  const own: Party = {
    ...party,
    country_code: party.country_code.toUpperCase(),
    party_id: party.party_id.toUpperCase(),
  };
  const key = partyKey(own.country_code, own.party_id);
  const partners = await ports.partners.registered();
  const holder = partners.find((partner) =>
    partner.roles.some((role) => partyKey(role.country_code, role.party_id) === key && own.roles.includes(role.role)),
  );
  if (holder) return err({ kind: "conflict", message: `The partner ${holder.name} has registered ${key}` });
  const outcome = await ports.parties.put(own);
  if (outcome !== "unchanged") announce(ports, partners);
  return ok(outcome);
}

/** Takes a party back, unless it owns objects still, and has every registered partner told. */
export async function removeParty(
  ports: PartiesPorts,
  countryCode: string,
  partyId: string,
): Promise<"removed" | "absent" | "owns"> {
  const outcome = await ports.parties.remove(countryCode.toUpperCase(), partyId.toUpperCase());
  if (outcome === "removed") announce(ports, await ports.partners.registered());
  return outcome;
}

/** After the answer: a partner that cannot be told now is its own pump's to tell later. */
function announce(ports: PartiesPorts, partners: { id: string }[]): void {
  ports.background.run(
    Promise.all(
      partners.map(({ id }) =>
        ports.hosts.announceParties(id).catch((error: unknown) => {
          ports.log.write("error", "A change of parties could not be announced", { partner: id, error: String(error) });
        }),
      ),
    ),
  );
}
