import type { PulledObject } from "../client/pulled.ts";
import { ownsModule } from "../gateway/entitlement.ts";
import type { Item } from "../gateway/objects.ts";
import { storeMany } from "../gateway/sessions.ts";
import type { Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Version } from "../ocpi/versions.ts";
import type { Outcome } from "../ports/objects.ts";
import type { Partner } from "../ports/partners.ts";
import type { PumpPorts } from "./desk.ts";

/**
 * Stores what was got from a partner, as if it had pushed it. What is of parties that it has not registered is left out, and has no result.
 * Spec: 2.2.1 transport_and_format, Client Owned Objects, pull.
 */
export async function storePulled(
  ports: PumpPorts,
  partner: Partner,
  version: Version,
  module: string,
  objects: readonly PulledObject[],
): Promise<Result<Outcome, Reason>[]> {
  const { ciIds } = version.dialect;
  const own = objects.filter(({ owner }) => ownsModule(partner, module, owner.country_code, owner.party_id));
  const items = own.map(({ owner, id, model }): Item => ({ target: { module, ...owner, id, ciIds }, model }));
  const actor = { kind: "partner" as const, id: partner.id, epoch: partner.epoch };
  return items.length === 0 ? [] : storeMany(ports, { actor, partner, origin: version.number }, module, items);
}
