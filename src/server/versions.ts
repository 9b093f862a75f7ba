import { partnerRole, sharedParties, sideUnknown } from "../gateway/own-credentials.ts";
import { err, ok } from "../lib/result.ts";
import type { VersionDetails } from "../model/credentials.ts";
import { hasInterface } from "../ocpi/interfaces.ts";
import { ownEndpointUrl, type Side, versionDetailsUrl } from "../ocpi/urls.ts";
import { newest, type Version, versions } from "../ocpi/versions.ts";
import type { Partner, Party } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { success, successText } from "./answer.ts";
import type { Exchange, Operate } from "./exchange.ts";

// The two modules that say where everything else is.

/** Versions a partner may register with: all, or those the operator allowed it. */
function allowedVersions(partner: Partner): readonly Version[] {
  const { versions: allowed } = partner.allow;
  return allowed === undefined ? versions : versions.filter(({ number }) => allowed.includes(number));
}

/** GET versions. Its URLs keep the side the request was made on. Spec: all version_information_endpoint. */
export async function getVersions(_ports: Ports, { caller, base, route }: Exchange) {
  const list = allowedVersions(caller.partner).map(({ number }) => ({
    version: number,
    url: versionDetailsUrl(base, number, route.side),
  }));
  return ok(success(list));
}

/** GET version details: the modules that work here, for this partner. Spec: all version_information_endpoint. */
export const getVersionDetails: Operate = async (ports, { caller, base, route }) => {
  const { version, side } = route;
  const { partner } = caller;
  if (!allowedVersions(partner).includes(version)) {
    return err({ kind: "unknown_path", message: `OCPI ${version.number} is not open to this connection` });
  }
  const parties = await ports.parties.list();
  const roles = ownRoles(version, parties, partner, side);
  if (roles === null) return err({ kind: "invalid", faults: [{ pointer: "", message: sideUnknown(base) }] });

  const details: VersionDetails = {
    version: version.number,
    endpoints: offered(version, roles, partner).map(({ module, role }) => ({
      identifier: module,
      // The credentials interface is the same for both sides; the standard has it listed once, as SENDER.
      role: role ?? "SENDER",
      url: ownEndpointUrl(base, version.number, { module, role }, side),
    })),
  };
  const down = version.codecs.VersionDetails.down(details, { origin: newest.number });
  if (down.refused) return err({ kind: "not_representable", message: down.refused.reason });
  return ok(successText(JSON.stringify(down.wire)));
};

/** Our roles on a connection; null when the version wants one and it cannot be told. */
function ownRoles(version: Version, parties: Party[], partner: Partner, side: Side): string[] | null {
  if (version.dialect.connectionHasOneRole) {
    const theirs = partnerRole(parties, partner, side);
    return theirs === null ? null : [theirs === "CPO" ? "EMSP" : "CPO"];
  }
  return sharedParties(parties, partner).flatMap((party) => party.roles);
}

/** Interfaces with rows in this version that our roles imply, each once. Spec: 2.2.1 terminology, typical roles. */
function offered(version: Version, roles: string[], partner: Partner) {
  const seen = new Map<string, { module: string; role: "SENDER" | "RECEIVER" | null }>();
  for (const { module, role } of version.endpoints) {
    if (module === "versions" || module === "version_details") continue;
    // Before the first party is set up nothing can be ruled out.
    if (role !== null && roles.length > 0 && !hasInterface(roles, module, role)) continue;
    if (role !== null && partner.settings.modules?.includes(module) === false) continue;
    seen.set(`${module} ${role}`, { module, role });
  }
  return [...seen.values()];
}
