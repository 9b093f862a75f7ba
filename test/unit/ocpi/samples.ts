import type { Location } from "../../../src/model/locations.ts";
import type { Tariff } from "../../../src/model/tariffs.ts";
import type { Token } from "../../../src/model/tokens.ts";

/** When everything here was last changed. */
export const changedAt = "2026-03-01T10:00:00Z";

/** A connector that every version can say. */
export const connector = {
  id: "1",
  standard: "IEC_62196_T2",
  format: "SOCKET",
  power_type: "AC_3_PHASE",
  max_voltage: 230,
  max_amperage: 32,
  last_updated: changedAt,
} as const;

/** A Location with one EVSE and one connector, as 2.3.0 has it; `change` replaces top-level fields. */
export const location = (change: Partial<Location> = {}): Location => ({
  country_code: "NL",
  party_id: "TNM",
  id: "LOC1",
  publish: true,
  address: "Stationsplein 1",
  city: "Utrecht",
  postal_code: "3511 ED",
  country: "NLD",
  coordinates: { latitude: "52.089200", longitude: "5.110300" },
  time_zone: "Europe/Amsterdam",
  evses: [{ uid: "E1", status: "AVAILABLE", connectors: [connector], last_updated: changedAt }],
  last_updated: changedAt,
  ...change,
});

/** A Tariff of one element with one price, taxes not included; `change` replaces top-level fields. */
export const tariff = (change: Partial<Tariff> = {}): Tariff => ({
  country_code: "NL",
  party_id: "TNM",
  id: "T1",
  currency: "EUR",
  elements: [{ price_components: [{ type: "ENERGY", price: 0.3, vat: 21, step_size: 1 }] }],
  tax_included: "NO",
  last_updated: changedAt,
  ...change,
});

/** An RFID Token; `change` replaces fields. */
export const token = (change: Partial<Token> = {}): Token => ({
  country_code: "DE",
  party_id: "ABC",
  uid: "04AABBCC",
  type: "RFID",
  contract_id: "DE-ABC-C12345",
  issuer: "ABC",
  valid: true,
  whitelist: "ALLOWED",
  last_updated: changedAt,
  ...change,
});
