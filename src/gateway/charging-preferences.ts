import { callPartner } from "../client/request.ts";
import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { NOT_AVAILABLE } from "../model/cdrs.ts";
import type { ChargingPreferences, Session } from "../model/sessions.ts";
import type { Codec } from "../ocpi/codec.ts";
import type { Reason } from "../ocpi/status.ts";
import { codecOf, versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { keyOf, refOf } from "./keys.ts";
import { assemble, partOf } from "./objects.ts";
import { hasEnded } from "./session-state.ts";
import { ownDriver } from "./speaker.ts";

// What a driver wishes of a session, in either direction. Spec: 2.2.1 mod_sessions, Set: Charging Preferences.

/** Capability of an EVSE that takes preferences. */
const CAPABLE = "CHARGING_PREFERENCES_CAPABLE";

/** What is answered when a wish that the settings ask for is not said. */
const MISSING = { departure_time: "DEPARTURE_REQUIRED", energy_need: "ENERGY_NEED_REQUIRED" } as const;

/** Stands before a ProfileType in the TariffType that is its price. Spec: 2.2.1 mod_tariffs, TariffType. */
const PROFILE = "PROFILE_";

/**
 * Wishes of an eMSP about a session of ours: answered by what its EVSE can do and the settings ask for, and told to the back office, which
 * is asked nothing. An EVSE that is not known to be able to take them refuses them. Two D1 calls; one more for Tariffs, where the Connector has any.
 */
export async function takePreferences(
  ports: Pick<Ports, "objects" | "events" | "settings">,
  partner: Partner,
  session: StoredObject,
  preferences: ChargingPreferences,
): Promise<Result<string, Reason>> {
  const { country_code, party_id } = session;
  const { location_id, evse_uid } = session.body as Session;
  const evse = await evseOf(ports, session);
  if (evse === null || !listIn(evse, "capabilities").includes(CAPABLE)) {
    return err({
      kind: "incapable",
      message: `EVSE ${evse_uid} of Location ${location_id} takes no charging preferences`,
    });
  }
  if (hasEnded(session.body)) return ok("NOT_POSSIBLE");
  const { required } = (await ports.settings.get()).charging_preferences;
  const missing = required.find((field) => (preferences[field] ?? null) === null);
  if (missing !== undefined) return ok(MISSING[missing]);
  if (!(await isOffered(ports, session, evse, preferences.profile_type))) return ok("PROFILE_TYPE_NOT_SUPPORTED");
  const data: JsonObject = {
    partner: partner.id,
    charging_preferences: preferences as JsonObject,
    session: { country_code, party_id, id: session.id },
  };
  await ports.events.append([{ type: "charging_preferences.received", partner: partner.id, data }]);
  return ok("ACCEPTED");
}

async function evseOf(ports: Pick<Ports, "objects">, session: StoredObject): Promise<JsonObject | null> {
  const { location_id, evse_uid } = session.body as Session;
  if (typeof location_id !== "string" || typeof evse_uid !== "string" || evse_uid === NOT_AVAILABLE) return null;
  const { country_code, party_id } = session;
  const target = { module: "locations", country_code, party_id, id: location_id, evse_uid, ciIds: true };
  const [location] = await ports.objects.many("locations", [refOf(target)]);
  return location === undefined ? null : partOf(assemble(location), target);
}

/**
 * Whether a profile is offered where the session charges: each that is has a Tariff of its type. Where no Tariff of the Connector speaks of
 * profiles, nothing is known and all are. Spec: 2.2.1 mod_sessions, ChargingPreferences, `profile_type`.
 */
async function isOffered(
  ports: Pick<Ports, "objects">,
  session: StoredObject,
  evse: JsonObject,
  wanted: ChargingPreferences["profile_type"],
): Promise<boolean> {
  if (wanted === "REGULAR") return true;
  const { country_code, party_id } = session;
  const { connector_id } = session.body as Session;
  const key = keyOf(String(connector_id), true);
  const connector = listIn(evse, "connectors").find((one) => isObject(one) && keyOf(String(one.id), true) === key);
  const ids = isObject(connector) ? listIn(connector, "tariff_ids").map(String) : [];
  const refs = ids.map((id) => refOf({ module: "tariffs", country_code, party_id, id, ciIds: true }));
  const types = (await ports.objects.many("tariffs", refs)).map(({ body }) => String(body.type));
  const profiles = types.filter((type) => type.startsWith(PROFILE));
  return profiles.length === 0 || profiles.includes(`${PROFILE}${wanted}`);
}

const listIn = (object: JsonObject, field: string): JsonValue[] => {
  const list = object[field];
  return Array.isArray(list) ? list : [];
};

type AskPorts = Pick<Ports, "partners" | "clock" | "ids" | "secrets" | "fetcher" | "journal" | "parties">;

/**
 * Our driver's wishes about a session at a partner's charge point.
 * @returns the partner's ChargingPreferencesResponse; `incapable` when it says that the EVSE takes none
 */
export async function sendPreferences(
  ports: AskPorts,
  session: StoredObject,
  preferences: ChargingPreferences,
): Promise<Result<{ result: string }, Reason>> {
  if (session.partner === null)
    return err({ kind: "forbidden", message: "This is a session of our own: there is nobody to ask" });
  const partner = await ports.partners.get(session.partner);
  const version = partner?.version ? versionByNumber(partner.version) : undefined;
  const row = version?.endpoints.find(({ operation }) => operation === "putChargingPreferences");
  const answers = version && (codecOf(version, "ChargingPreferencesResponse") as Codec | undefined);
  if (partner?.status !== "REGISTERED" || !version || !row || !answers) {
    return err({ kind: "not_representable", message: "The partner's version knows no charging preferences" });
  }
  const { country_code, party_id, id } = session;
  const driver = await ownDriver(ports, session.body);
  const result = await callPartner(ports, partner, {
    row,
    params: { session_id: id },
    body: preferences as JsonObject,
    to: { country_code, party_id },
    ...(driver === null ? {} : { from: driver }),
  });
  if (result.http === 404 && result.code === 2001) {
    return err({ kind: "incapable", message: result.message ?? "The EVSE takes no charging preferences" });
  }
  if (result.http === 404)
    return err({ kind: "unknown_object", message: result.message ?? "The partner does not know the session" });
  if (result.outcome !== "ok") {
    return err({ kind: "client_api_unusable", message: result.message ?? `The partner's answer: ${result.outcome}` });
  }
  const said = answers.parse(result.data);
  if (!said.ok)
    return err({ kind: "client_api_unusable", message: "The partner's answer is no ChargingPreferencesResponse" });
  return ok({ result: String((answers.up(said.value, { origin: version.number }) as JsonObject).result) });
}
