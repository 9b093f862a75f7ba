import type { CDR } from "../../../src/model/cdrs.ts";
import type { Session } from "../../../src/model/sessions.ts";
import { changedAt, tariff } from "./samples.ts";

/** A token as Sessions and CDRs name it. */
export const cdrToken = {
  country_code: "DE",
  party_id: "ABC",
  uid: "04AABBCC",
  type: "RFID",
  contract_id: "DE-ABC-C12345",
};

const period = { start_date_time: "2026-03-01T09:00:00Z", dimensions: [{ type: "ENERGY", volume: 4 }] } as const;

/** A Session at the Location of `location()`; `change` replaces top-level fields. */
export const session = (change: Partial<Session> = {}): Session => ({
  country_code: "NL",
  party_id: "TNM",
  id: "S1",
  start_date_time: "2026-03-01T09:00:00Z",
  kwh: 4,
  cdr_token: cdrToken,
  auth_method: "AUTH_REQUEST",
  location_id: "LOC1",
  evse_uid: "E1",
  connector_id: "1",
  currency: "EUR",
  charging_periods: [{ ...period, dimensions: [...period.dimensions] }],
  total_cost: { before_taxes: 1.2, taxes: [{ name: "VAT", amount: 0.25 }] },
  status: "ACTIVE",
  last_updated: changedAt,
  ...change,
});

/** The CDR of that Session; `change` replaces top-level fields. */
export const cdr = (change: Partial<CDR> = {}): CDR => ({
  country_code: "NL",
  party_id: "TNM",
  id: "C1",
  start_date_time: "2026-03-01T09:00:00Z",
  end_date_time: "2026-03-01T11:00:00Z",
  cdr_token: cdrToken,
  auth_method: "AUTH_REQUEST",
  cdr_location: {
    id: "LOC1",
    address: "Stationsplein 1",
    city: "Utrecht",
    postal_code: "3511 ED",
    country: "NLD",
    coordinates: { latitude: "52.089200", longitude: "5.110300" },
    evse_uid: "E1",
    evse_id: "NL*TNM*E1",
    connector_id: "1",
    connector_standard: "IEC_62196_T2",
    connector_format: "SOCKET",
    connector_power_type: "AC_3_PHASE",
  },
  currency: "EUR",
  tariffs: [tariff()],
  charging_periods: [{ ...period, dimensions: [...period.dimensions] }],
  total_cost: { before_taxes: 1.2, taxes: [{ name: "VAT", amount: 0.25 }] },
  total_energy: 4,
  total_time: 2,
  total_parking_time: 0.5,
  last_updated: changedAt,
  ...change,
});
