import { beforeAll } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import type { World } from "../../support/ocpi.ts";

// Objects as the operator API takes them, for the tests of delivery and pull.

/** Seconds into a day, as an OCPI DateTime that every version can say. */
export const time = (n: number): string =>
  new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().replace(".000Z", "Z");

export function evse(uid: string, status: string, n: number): OcpiObject {
  const connector = {
    id: "1",
    standard: "IEC_62196_T2",
    format: "SOCKET",
    power_type: "AC_3_PHASE",
    max_voltage: 230,
    max_amperage: 16,
    last_updated: time(0),
  };
  return { uid, evse_id: `NL*TNM*E${uid}`, status, connectors: [connector], last_updated: time(n) };
}

export function location(id: string, n: number, evses: OcpiObject[], name = `Location ${id}`): OcpiObject {
  return {
    country_code: "NL",
    party_id: "TNM",
    id,
    publish: true,
    name,
    address: "Stationsplein 1",
    city: "Utrecht",
    postal_code: "3511 ED",
    country: "NLD",
    coordinates: { latitude: "52.089444", longitude: "5.110278" },
    time_zone: "Europe/Amsterdam",
    evses,
    last_updated: time(n),
  };
}

export function tariff(id: string, n: number): OcpiObject {
  const elements = [{ price_components: [{ type: "ENERGY", price: 0.25, step_size: 1 }] }];
  return {
    country_code: "NL",
    party_id: "TNM",
    id,
    currency: "EUR",
    tax_included: "NO",
    elements,
    last_updated: time(n),
  };
}

export function token(uid: string, n: number): OcpiObject {
  return {
    country_code: "NL",
    party_id: "TNE",
    uid,
    type: "RFID",
    contract_id: `NL-TNE-${uid}`,
    issuer: "TNE",
    valid: true,
    whitelist: "ALLOWED",
    last_updated: time(n),
  };
}

/** Calls the operator API; fails unless it answers 2xx. */
export async function call(world: World, method: string, path: string, body?: unknown): Promise<OcpiObject> {
  const response = await world.operator(method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? {} : JSON.parse(text);
}

/** Before the tests of a file: a CPO and an eMSP of our own. */
export function ownParties(world: World): void {
  beforeAll(async () => {
    await call(world, "PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
    await call(world, "PUT", "/parties/NL/TNE", { roles: ["EMSP"], business_details: { name: "TNE" } });
  });
}
