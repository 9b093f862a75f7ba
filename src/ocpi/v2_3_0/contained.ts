import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import type { ClassRules, DownRun } from "../walker/rules.ts";

// What an older version says inside a Session or CDR and the model has no place for. It is kept beside, for a relay; towards other
// versions it is lost.

/**
 * What a Location in a Session or CDR cannot be without, and what names it, its EVSE and connector: later versions have it by name, or
 * in their CdrLocation. Spec: 2.0 and 2.1.1 mod_locations, Location, EVSE, Connector.
 */
const told = {
  location: new Set([
    "id",
    "type",
    "name",
    "address",
    "city",
    "postal_code",
    "country",
    "coordinates",
    "time_zone",
    "evses",
    "last_updated",
  ]),
  evse: new Set(["uid", "evse_id", "status", "connectors", "last_updated"]),
  connector: new Set(["id", "standard", "format", "voltage", "amperage", "power_type", "status", "last_updated"]),
};

const items = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Fields of an object that say something, are not told anyhow, and were not said again. */
function untold(kept: JsonObject | undefined, said: JsonObject | undefined, known: ReadonlySet<string>): string[] {
  return Object.entries(kept ?? {})
    .filter(([name, value]) => value != null && !(Array.isArray(value) && value.length === 0) && !known.has(name))
    .filter(([name]) => said?.[name] === undefined)
    .map(([name]) => name);
}

/** What of a contained Location is lost: said in its own version, and neither by the model nor in what was said now. */
function lostOfLocation(kept: JsonObject, said: JsonObject | undefined): string[] {
  const [evse, ...evses] = items(kept.evses);
  const [connector, ...connectors] = items(evse?.connectors);
  const [saidEvse, ...saidEvses] = items(said?.evses);
  const [saidConnector, ...saidConnectors] = items(saidEvse?.connectors);
  return [
    ...untold(kept, said, told.location),
    ...(evses.length > saidEvses.length ? ["other EVSEs"] : []),
    ...untold(evse, saidEvse, told.evse).map((name) => `${name} of the EVSE`),
    ...(connectors.length > saidConnectors.length ? ["other connectors"] : []),
    ...untold(connector, saidConnector, told.connector).map((name) => `${name} of the connector`),
  ];
}

function lostLocation(kept: JsonValue, wire: JsonObject, { version }: DownRun): string | undefined {
  if (!isObject(kept)) return undefined;
  const lost = lostOfLocation(kept, isObject(wire.location) ? wire.location : undefined);
  return lost.length === 0 ? undefined : `${version} does not say of it: ${lost.join(", ")}`;
}

/** Dimensions that later versions have a total of. Spec: 2.0 mod_cdrs, CDR; 2.1.1 mod_cdrs, CDR. */
const totals: ReadonlySet<unknown> = new Set(["ENERGY", "TIME", "PARKING_TIME"]);

function lostUsage(kept: JsonValue, _: JsonObject, { version }: DownRun): string | undefined {
  const types = items(kept).map(({ type }) => String(type).toUpperCase());
  const lost = new Set(types.filter((type) => !totals.has(type)));
  return lost.size === 0 ? undefined : `${version} has no total of ${[...lost].join(", ")}`;
}

/** What is lost with the wording that 2.0 and 2.1.1 have of their own. */
export const lostOfSession: ClassRules["beside"] = { location: lostLocation };
export const lostOfCdr: ClassRules["beside"] = { location: lostLocation, total_usage: lostUsage };
