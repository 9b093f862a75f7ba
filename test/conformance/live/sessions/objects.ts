import type { OcpiObject } from "../../../sandbox/types.ts";
import { atLeast, type Version } from "../../../sandbox/versions.ts";
import { time } from "../../delivery/objects.ts";

/** A period of a session, `n` seconds into the day. */
export const period = (n: number, version: Version = "2.3.0"): OcpiObject => ({
  start_date_time: time(n),
  dimensions: [{ type: "ENERGY", volume: version === "2.0" ? "1" : 1 }],
});

/** An own session of NL TNM as the operator API takes it. */
export function ownSession(id: string, party: string, n: number, change: OcpiObject = {}): OcpiObject {
  return {
    start_date_time: time(0),
    kwh: 0,
    cdr_token: { country_code: "DE", party_id: party, uid: `U${party}`, type: "RFID", contract_id: `DE-${party}-1` },
    auth_method: "WHITELIST",
    location_id: "LOC1",
    evse_uid: "E1",
    connector_id: "1",
    currency: "EUR",
    status: "ACTIVE",
    last_updated: time(n),
    id,
    ...change,
  };
}

/** A Location as a partner says it in its version, with an EVSE Evse-a. */
export function wireLocation(version: Version, id: string): OcpiObject {
  const isModern = atLeast(version, "2.2");
  const { location } = wireSession(isModern ? "2.1.1" : version, "S", {}, 1);
  const { type, ...rest } = location;
  const [{ connectors, ...evse }] = location.evses;
  const limits = connectors.map(({ voltage, amperage, ...one }: OcpiObject) =>
    isModern ? { ...one, max_voltage: voltage, max_amperage: amperage } : { ...one, voltage, amperage },
  );
  const evses = [{ ...evse, uid: "Evse-a", connectors: limits }];
  return isModern ? { ...rest, id, publish: true, time_zone: "Europe/Brussels", evses } : { ...rest, type, id, evses };
}

/** A session as a partner CPO says it in its version; `contract` names the token. */
export function wireSession(
  version: Version,
  id: string,
  owner: OcpiObject,
  n: number,
  change: OcpiObject = {},
): OcpiObject {
  const shared = { id, kwh: version === "2.0" ? "0" : 0, auth_method: "WHITELIST", currency: "EUR", status: "ACTIVE" };
  const stamp = version === "2.0" ? {} : { last_updated: time(n) };
  if (atLeast(version, "2.2")) {
    const token = { uid: "TOK1", type: "RFID", contract_id: "NL-TNE-TOK1" };
    const tokenOwner = version === "2.2" ? {} : { country_code: "NL", party_id: "TNE" };
    return {
      ...owner,
      ...shared,
      ...stamp,
      start_date_time: time(0),
      cdr_token: { ...tokenOwner, ...token },
      location_id: "THEIRS",
      evse_uid: "E9",
      connector_id: "1",
      ...change,
    };
  }
  const connector = {
    id: "1",
    standard: "IEC_62196_T2",
    format: "SOCKET",
    power_type: "AC_3_PHASE",
    voltage: 230,
    amperage: 16,
    ...(version === "2.0" ? { status: "CHARGING" } : { last_updated: time(0) }),
  };
  const evse = {
    uid: "E9",
    status: "CHARGING",
    connectors: [connector],
    ...(version === "2.0" ? {} : { last_updated: time(0) }),
  };
  const location = {
    id: "THEIRS",
    type: "ON_STREET",
    name: "Theirs",
    address: "Kade 1",
    city: "Gent",
    postal_code: "9000",
    country: "BEL",
    coordinates: { latitude: "51.047599", longitude: "3.729944" },
    evses: [evse],
    ...(version === "2.0" ? {} : { last_updated: time(0) }),
  };
  const cost = version === "2.0" ? { total_cost: "0" } : {};
  return { ...shared, ...stamp, ...cost, start_datetime: time(0), auth_id: "NL-TNE-TOK1", location, ...change };
}
