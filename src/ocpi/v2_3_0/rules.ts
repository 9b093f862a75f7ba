import tzLookup from "@photostructure/tz-lookup";
import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { DEFAULT_TIMEOUT } from "../../model/commands.ts";
import { IMPLIED } from "../codec.ts";
import type { Bridge, DownRun, Rules } from "../walker/rules.ts";
import { cdrClasses, ownerOfToken } from "./cdrs.ts";
import { hubByPartyId } from "./hub.ts";

/** last_updated of an object that has none (it came in 2.0): that of what it is part of, or when it was received. */
export function inheritedLastUpdated(_: JsonObject, run: DownRun): JsonValue | undefined {
  for (let index = run.parents.length - 1; index >= 0; index--) {
    const time = run.parents[index]?.last_updated;
    if (typeof time === "string") return time;
  }
  return run.context.lastUpdated;
}

/** IANA time zone at a Location's coordinates; undefined when they are none. */
export function timeZoneOf(location: JsonObject): string | undefined {
  if (!isObject(location.coordinates)) return undefined;
  const { latitude, longitude } = location.coordinates;
  if (typeof latitude !== "string" || typeof longitude !== "string") return undefined;
  try {
    return tzLookup(Number(latitude), Number(longitude));
  } catch {
    return undefined;
  }
}

/** The token an authorisation was asked for, where the answer came without (2.1.1). */
const tokenOfContext: Bridge = {
  wire: ["token"],
  model: ["token"],
  down: (object, run, walk) => {
    const own = object.token ?? undefined;
    const token = own ?? (run.context.references?.token as JsonObject | undefined);
    if (token === undefined) return {};
    const mark = run.losses.length;
    const said = walk("token", token, "/token");
    if (own === undefined) run.losses.length = mark;
    return said === undefined ? {} : { token: said };
  },
};

/** How 2.3.0 differs from the model beyond what it lacks. */
export const rules: Rules = {
  classes: {
    Credentials: { bridges: [hubByPartyId] },
    Endpoint: { fill: { role: ({ identifier }) => (identifier === "credentials" ? "SENDER" : undefined) } },
    Location: {
      fill: { publish: () => true, time_zone: timeZoneOf, last_updated: inheritedLastUpdated },
    },
    Hours: { fill: { twentyfourseven: () => false } },
    EVSE: { fill: { last_updated: inheritedLastUpdated } },
    Connector: {
      fill: { last_updated: inheritedLastUpdated },
      absent: {
        status: (status, _, run) =>
          status === run.parents.at(-2)?.status ? IMPLIED : `${run.version} has the status of the EVSE only`,
      },
    },
    Tariff: { fill: { tax_included: () => "NO", last_updated: inheritedLastUpdated } },
    // 2.0 has no whitelist but allow_whitelist, false when not said.
    Token: { fill: { whitelist: () => "NEVER", last_updated: inheritedLastUpdated } },
    AuthorizationInfo: { bridges: [tokenOfContext] },
    ...cdrClasses,
    Session: { ...cdrClasses.Session, fill: { last_updated: inheritedLastUpdated } },
    CDR: { ...cdrClasses.CDR, fill: { ...cdrClasses.CDR?.fill, last_updated: inheritedLastUpdated } },
    CommandResponse: { fill: { timeout: () => DEFAULT_TIMEOUT } },
    ClientInfo: { fill: { last_updated: inheritedLastUpdated } },
  },
  enums: {
    ParkingType: { OTHER: { leaveOut: "OTHER is left out" }, UNKNOWN: { leaveOut: IMPLIED } },
    // Hubs are named by hub_party_id, and where a role is needed they are OTHER.
    Role: { HUB: "OTHER" },
    CommandResponseType: { TIMEOUT: "REJECTED" },
    CommandResultType: { UNKNOWN_SESSION: "FAILED" },
  },
  coordinateDecimals: { min: 5, max: 6 },
  needs: { Session: ownerOfToken, CDR: ownerOfToken },
  bare: { ChargingPreferencesResponse: "said" },
};
