/** A party and what it is called, as credentials name it. */
const party = (country_code: string, party_id: string, role: "CPO" | "EMSP", name: string, website: string) => ({
  country_code,
  party_id,
  role,
  business_details: { name, website },
});

/** A company with charge points; its platform speaks 2.1.1. */
export const harbour = party("NL", "HBR", "CPO", "Harbour Charge", "https://www.harbourcharge.example");

/** A company with drivers; its platform speaks 2.3.0. */
export const rondweg = party("DE", "RWM", "EMSP", "Rondweg Mobility", "https://www.rondweg.example");

/** The gateway's own parties: a hub between the two, a small CPO, and a small eMSP. */
export const own = [
  { country_code: "NL", party_id: "RGH", roles: ["HUB"], business_details: { name: "Roamgate" } },
  { country_code: "NL", party_id: "RGC", roles: ["CPO"], business_details: { name: "Roamgate Charging" } },
  { country_code: "NL", party_id: "RGM", roles: ["EMSP"], business_details: { name: "Roamgate Mobility" } },
];

/** A Tariff of Harbour Charge, 2.1.1. */
export function harbourTariff(now: string) {
  return {
    id: "DAY",
    currency: "EUR",
    tariff_alt_text: [{ language: "en", text: "0.42 per kWh, and 3.00 an hour when you stay on" }],
    elements: [
      { price_components: [{ type: "ENERGY", price: 0.42, step_size: 1 }] },
      {
        price_components: [{ type: "PARKING_TIME", price: 3, step_size: 300 }],
        restrictions: { min_duration: 7200 },
      },
    ],
    last_updated: now,
  };
}

/** A Location of Harbour Charge with two EVSEs, 2.1.1. */
export function harbourLocation(now: string) {
  return {
    id: "GARAGE",
    type: "UNDERGROUND_GARAGE",
    name: "Harbour Garage",
    address: "Zuiderkade 112",
    city: "Rotterdam",
    postal_code: "3011 AB",
    country: "NLD",
    coordinates: { latitude: "51.905034", longitude: "4.484290" },
    time_zone: "Europe/Amsterdam",
    evses: ["GARAGE-1", "GARAGE-2"].map((uid, index) => ({
      uid,
      evse_id: `NL*HBR*E${uid.replace("-", "*")}`,
      status: "AVAILABLE",
      capabilities: ["RFID_READER", "REMOTE_START_STOP_CAPABLE"],
      connectors: [
        {
          id: "1",
          standard: index === 0 ? "IEC_62196_T2" : "IEC_62196_T2_COMBO",
          format: index === 0 ? "SOCKET" : "CABLE",
          power_type: index === 0 ? "AC_3_PHASE" : "DC",
          voltage: index === 0 ? 230 : 400,
          amperage: index === 0 ? 32 : 125,
          tariff_id: "DAY",
          last_updated: now,
        },
      ],
      physical_reference: `K${index + 7}`,
      last_updated: now,
    })),
    opening_times: { twentyfourseven: true },
    last_updated: now,
  };
}

/** A Token of Rondweg Mobility with much that 2.1.1 cannot say, 2.3.0. */
export function rondwegToken(now: string) {
  return {
    country_code: "DE",
    party_id: "RWM",
    uid: "04A1B2C3D4E5F6",
    type: "RFID",
    contract_id: "DE-RWM-C00042-7",
    visual_number: "DE-RWM-000042",
    issuer: "Rondweg Mobility",
    group_id: "FLEET-7",
    valid: true,
    whitelist: "ALLOWED",
    language: "de",
    default_profile_type: "GREEN",
    energy_contract: { supplier_name: "Weststrom", contract_id: "WS-55-901" },
    last_updated: now,
  };
}

/** A Tariff of the gateway's own CPO, as its back office says it. */
export const ownTariff = {
  currency: "EUR",
  type: "REGULAR",
  tax_included: "NO",
  elements: [{ price_components: [{ type: "ENERGY", price: 0.39, vat: 21, step_size: 1 }] }],
};

/** A Location of the gateway's own CPO, as its back office says it. */
export const ownLocation = {
  publish: true,
  name: "Depot",
  address: "Havenweg 3",
  city: "Utrecht",
  country: "NLD",
  coordinates: { latitude: "52.089444", longitude: "5.110278" },
  time_zone: "Europe/Amsterdam",
  evses: [
    {
      uid: "DEPOT-1",
      evse_id: "NL*RGC*EDEPOT*1",
      status: "AVAILABLE",
      capabilities: ["RFID_READER", "REMOTE_START_STOP_CAPABLE"],
      connectors: [
        {
          id: "1",
          standard: "IEC_62196_T2",
          format: "CABLE",
          power_type: "AC_3_PHASE",
          max_voltage: 230,
          max_amperage: 16,
          tariff_ids: ["KWH"],
        },
      ],
    },
  ],
};

/** A Token of the gateway's own eMSP, as its back office says it: a driver with an app. */
export const ownToken = {
  type: "APP_USER",
  contract_id: "NL-RGM-C00001-4",
  issuer: "Roamgate Mobility",
  valid: true,
  whitelist: "ALLOWED",
};
