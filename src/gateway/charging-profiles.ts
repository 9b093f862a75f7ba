import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { actorOf } from "./command-checks.ts";
import { refOf } from "./keys.ts";

/**
 * Tells the back office what profile a session of a partner is under now. Two D1 calls.
 * @param ciIds whether the partner's version compares ids without case
 */
export async function tellProfile(
  ports: Pick<Ports, "objects" | "events">,
  partner: Partner,
  id: string,
  profile: JsonObject,
  ciIds: boolean,
): Promise<Result<null, Reason | "stale">> {
  const refs = partner.roles.map(({ country_code, party_id }) =>
    refOf({ module: "sessions", country_code, party_id, id, ciIds }),
  );
  const loaded = await ports.objects.load(actorOf(partner), refs, "none");
  if (!loaded.ok) return err("stale");
  const session = loaded.value.find(({ object }) => object?.partner === partner.id && !object.deleted)?.object;
  if (!session) return err({ kind: "unknown_object", message: `There is no session ${id}` });
  const { country_code, party_id } = session;
  const data = { partner: partner.id, charging_profile: profile, session: { country_code, party_id, id: session.id } };
  await ports.events.append([{ type: "charging_profile.updated", partner: partner.id, data }]);
  return ok(null);
}
