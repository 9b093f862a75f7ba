import type { JsonObject } from "../../../src/lib/json.ts";

// Model objects for the pump to send.

export const time = (n: number): string =>
  new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().replace(".000Z", "Z");

export function evse(uid: string, status: string, n: number): JsonObject {
  const connector = {
    id: "1",
    standard: "IEC_62196_T2",
    format: "SOCKET",
    power_type: "AC_3_PHASE",
    max_voltage: 230,
    max_amperage: 16,
    last_updated: time(0),
  };
  return { uid, status, connectors: [connector], last_updated: time(n) };
}

export function location(id: string, n: number, change: JsonObject = {}): JsonObject {
  return {
    country_code: "NL",
    party_id: "TNM",
    id,
    publish: true,
    address: "Street 1",
    city: "Town",
    postal_code: "1234 AB",
    country: "NLD",
    coordinates: { latitude: "51.000000", longitude: "4.000000" },
    time_zone: "Europe/Amsterdam",
    last_updated: time(n),
    ...change,
  };
}

export function tariff(id: string, n: number): JsonObject {
  const component = { type: "ENERGY", price: 0.25, step_size: 1 };
  return {
    country_code: "NL",
    party_id: "TNM",
    id,
    currency: "EUR",
    tax_included: "NO",
    elements: [{ price_components: [component] }],
    last_updated: time(n),
  };
}
