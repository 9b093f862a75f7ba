import { harbourLocation, ownLocation } from "./objects.ts";

// What is said of charging. The meters of the demo run fast: what takes them a second is a good lunch elsewhere.

/** A card of Rondweg Mobility of which the eMSP wants to be asked each time, 2.3.0. */
export function askedToken(now: string) {
  return {
    country_code: "DE",
    party_id: "RWM",
    uid: "04F00D5A17E0C2",
    type: "RFID",
    contract_id: "DE-RWM-C00077-2",
    issuer: "Rondweg Mobility",
    valid: true,
    whitelist: "NEVER",
    last_updated: now,
  };
}

/** A CdrToken says of a Token who used it. */
export function cdrTokenOf({ country_code, party_id, uid, type, contract_id }: ReturnType<typeof askedToken>) {
  return { country_code, party_id, uid, type, contract_id };
}

/** A session at the second EVSE of Harbour Garage as Harbour Charge tells it, 2.1.1. */
export function harbourSession(id: string, contractId: string, authMethod: string, now: string) {
  return {
    id,
    start_datetime: now,
    kwh: 0,
    auth_id: contractId,
    auth_method: authMethod,
    location: harbourPlace(now),
    currency: "EUR",
    status: "ACTIVE",
    last_updated: now,
  };
}

/** What that session costs, 2.1.1: it has no field for the session's id, and prices without taxes are all it knows. */
export function harbourCdr(id: string, session: ReturnType<typeof harbourSession>, kwh: number, now: string) {
  const { start_datetime, auth_id, auth_method, location, currency } = session;
  return {
    id,
    start_date_time: start_datetime,
    stop_date_time: now,
    auth_id,
    auth_method,
    location,
    currency,
    charging_periods: [{ start_date_time: start_datetime, dimensions: [{ type: "ENERGY", volume: kwh }] }],
    total_cost: cents(kwh * 0.42),
    total_energy: kwh,
    total_time: hours(start_datetime, now),
    last_updated: now,
  };
}

/** The Location with the EVSE that is used, and no other: so 2.1.1 says where. */
function harbourPlace(now: string) {
  const location = harbourLocation(now);
  return { ...location, evses: location.evses.slice(1) };
}

/** A session at the gateway's own Depot as its back office tells it. */
export function depotSession(token: ReturnType<typeof cdrTokenOf>, reference: string, now: string) {
  return {
    start_date_time: now,
    kwh: 0,
    cdr_token: token,
    auth_method: "COMMAND",
    authorization_reference: reference,
    location_id: "DEPOT",
    evse_uid: "DEPOT-1",
    connector_id: "1",
    currency: "EUR",
    status: "ACTIVE",
  };
}

/** What that session costs, as the back office says it; with the signed meter values its charger wrote. */
export function depotCdr(id: string, session: Record<string, unknown>, kwh: number, now: string) {
  const { start_date_time, cdr_token, auth_method, authorization_reference, currency } = session;
  const { address, city, country, coordinates, evses } = ownLocation;
  const cost = cents(kwh * 0.39);
  const start = String(start_date_time);
  return {
    country_code: "NL",
    party_id: "RGC",
    id,
    start_date_time: start,
    end_date_time: now,
    session_id: session.id,
    cdr_token,
    auth_method,
    authorization_reference,
    cdr_location: {
      id: "DEPOT",
      address,
      city,
      country,
      coordinates,
      evse_uid: "DEPOT-1",
      evse_id: "NL*RGC*EDEPOT*1",
      connector_id: "1",
      connector_standard: evses[0]?.connectors[0]?.standard,
      connector_format: evses[0]?.connectors[0]?.format,
      connector_power_type: evses[0]?.connectors[0]?.power_type,
    },
    currency,
    charging_periods: [{ start_date_time: start, dimensions: [{ type: "ENERGY", volume: kwh }], tariff_id: "KWH" }],
    signed_data: {
      encoding_method: "OCMF",
      signed_values: [{ nature: "End", plain_data: `{"RV":${kwh}}`, signed_data: `OCMF|{"RV":${kwh}}|{"SD":"3045"}` }],
    },
    total_cost: { before_taxes: cost, taxes: [{ name: "VAT", percentage: 21, amount: cents(cost * 0.21) }] },
    total_energy: kwh,
    total_time: hours(start, now),
  };
}

/** The CDR that takes another back: the same but for its id, and the cost negated. Spec: 2.3.0 mod_cdrs, Credit CDRs. */
export function creditCdr(cdr: ReturnType<typeof depotCdr>) {
  const { before_taxes, taxes } = cdr.total_cost;
  return {
    ...cdr,
    id: `${cdr.id}-CREDIT`,
    credit: true,
    credit_reference_id: cdr.id,
    total_cost: { before_taxes: -before_taxes, taxes: taxes.map((tax) => ({ ...tax, amount: -tax.amount })) },
  };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** Hours from one time to another, to a second. */
function hours(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 3.6) / 1e6;
}
