/** A Location as back offices and partners send it: three EVSEs of two Connectors, 2.9 kB. */
export type BenchLocation = ReturnType<typeof benchLocation>;

/** The id of the nth Location. */
export function locationId(n: number): string {
  return `LOC${String(n).padStart(6, "0")}`;
}

/**
 * One Location, valid in OCPI 2.2.1 and 2.3.0 alike.
 * @param id also part of its EVSEs' uids
 * @param lastUpdated RFC 3339
 */
export function benchLocation(party: { country_code: string; party_id: string }, id: string, lastUpdated: string) {
  return {
    ...party,
    id,
    publish: true,
    name: "Stationsplein Noord",
    address: "Stationsplein 14",
    city: "Utrecht",
    postal_code: "3511 ED",
    country: "NLD",
    coordinates: { latitude: "52.089444", longitude: "5.110278" },
    parking_type: "PARKING_LOT",
    evses: [1, 2, 3].map((k) => benchEvse(`${id}-${k}`, "AVAILABLE", lastUpdated)),
    directions: [{ language: "en", text: "Behind the station, first lane on the right" }],
    operator: { name: "Ringweg Laden", website: "https://www.ringweg.example" },
    owner: { name: "Gemeentewerken" },
    facilities: ["TRAIN_STATION", "CAFE"],
    time_zone: "Europe/Amsterdam",
    opening_times: { twentyfourseven: true },
    charging_when_closed: true,
    energy_mix: { is_green_energy: true, supplier_name: "Polderstroom" },
    last_updated: lastUpdated,
  };
}

function benchEvse(uid: string, status: string, lastUpdated: string) {
  return {
    uid,
    evse_id: `NL*BEN*E${uid.replaceAll("-", "*")}`,
    status,
    capabilities: ["RFID_READER", "REMOTE_START_STOP_CAPABLE", "RESERVABLE"],
    connectors: [1, 2].map((k) => ({
      id: String(k),
      standard: k === 1 ? "IEC_62196_T2" : "IEC_62196_T2_COMBO",
      format: k === 1 ? "SOCKET" : "CABLE",
      power_type: k === 1 ? "AC_3_PHASE" : "DC",
      max_voltage: k === 1 ? 230 : 400,
      max_amperage: k === 1 ? 32 : 125,
      max_electric_power: k === 1 ? 22_000 : 50_000,
      tariff_ids: ["T-DAY", "T-NIGHT"],
      last_updated: lastUpdated,
    })),
    floor_level: "0",
    physical_reference: uid.slice(-1),
    parking_restrictions: ["EV_ONLY"],
    last_updated: lastUpdated,
  };
}
