import { callPartner } from "../client/request.ts";
import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { sameParty } from "../ocpi/headers.ts";
import type { Reason } from "../ocpi/status.ts";
import { findEndpoint } from "../ocpi/urls.ts";
import { versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { actorOf, ownOnly } from "./command-checks.ts";
import { driverOf, isSeen } from "./entitlement.ts";
import { partyKey, refOf } from "./keys.ts";
import { hasEnded } from "./session-state.ts";

// The profile a session is under, as its CPO tells of it, in either direction. Spec: 2.2.1 mod_charging_profiles, Sender interface, PUT.

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

/** What came of telling one partner. */
export interface ProfileTold {
  /** Partner id. */
  partner: string;
  delivered: boolean;
  http_status: number | null;
  error: string | null;
}

type TellPorts = Pick<Ports, "commands" | "partners" | "parties" | "clock" | "ids" | "secrets" | "fetcher" | "journal">;

/**
 * Tells those who have set a profile of a session of ours, and may see it still, which one it is under now; nobody else may be told. One try
 * each. Two D1 calls, and one request to each that is told.
 * @returns `conflict` when there is none, or the session is over
 */
export async function pushProfile(
  ports: TellPorts,
  session: StoredObject,
  profile: JsonObject,
): Promise<Result<ProfileTold[], Reason>> {
  const { country_code, party_id, id } = session;
  if (hasEnded(session.body)) return err({ kind: "conflict", message: `Session ${id} is ${session.body.status}` });
  const [setters, registered, parties] = await Promise.all([
    ports.commands.profileSetters({ country_code, party_id, id }),
    ports.partners.registered(),
    ports.parties.list(),
  ]);
  const told = registered.filter((partner) => {
    const seen = setters.includes(partner.id) ? ownOnly(partner, "sessions", parties, null) : null;
    return (
      seen !== null &&
      isSeen(seen, session) &&
      (seen.own === null || seen.own.includes(partyKey(country_code, party_id)))
    );
  });
  if (told.length === 0)
    return err({
      kind: "conflict",
      message: `No partner that may see session ${id} has set a charging profile: nobody is told`,
    });
  return ok(await Promise.all(told.map((partner) => tellSetter(ports, partner, session, profile))));
}

async function tellSetter(
  ports: TellPorts,
  partner: Partner,
  session: StoredObject,
  profile: JsonObject,
): Promise<ProfileTold> {
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  const wanted = { module: "chargingprofiles", role: "SENDER", operation: "putActiveChargingProfile" } as const;
  const row = version && findEndpoint(version.endpoints, wanted);
  if (row === undefined) {
    const error = `OCPI ${partner.version} has no charging profiles`;
    return { partner: partner.id, delivered: false, http_status: null, error };
  }
  const { country_code, party_id } = session;
  const driver = driverOf(session.body);
  const result = await callPartner(ports, partner, {
    row,
    params: { session_id: session.id },
    body: profile,
    from: { country_code, party_id },
    ...(driver !== null && partner.roles.some((role) => sameParty(role, driver)) ? { to: driver } : {}),
  });
  const delivered = result.outcome === "ok";
  const error = delivered ? null : (result.message ?? result.outcome);
  return { partner: partner.id, delivered, http_status: result.http, error };
}
