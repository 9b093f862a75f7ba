import { bool, closedEnum, dateTime, decimal, exactId, id, list, optional, text } from "../../model/atoms.ts";
import { statuses } from "../../model/enums.ts";
import { deriveSchemas, findClass } from "../shape.ts";
import { schemas as v211 } from "../v2_1_1/schemas.ts";

const decimals = ["min_kwh", "max_kwh", "min_power", "max_power"];

/** Wire schemas of OCPI 2.0 (-d2), as what they lack of 2.1.1. Spec: 2.0 mod_locations, mod_tariffs, mod_tokens, mod_sessions, mod_cdrs, credentials. */
export const schemas = deriveSchemas(v211, {
  kinds: [
    "Version",
    "VersionDetails",
    "Credentials",
    "Location",
    "EVSE",
    "Connector",
    "Tariff",
    "Token",
    "Session",
    "CDR",
  ],
  classes: {
    Credentials: { entries: { token: text() } },
    Location: { omit: ["owner", "facilities", "time_zone", "energy_mix", "last_updated"] },
    EVSE: { omit: ["last_updated"] },
    Connector: { omit: ["last_updated"], entries: { status: closedEnum("Status", statuses) } },
    Tariff: { omit: ["energy_mix", "last_updated"] },
    PriceComponent: { entries: { price: decimal() } },
    TariffRestrictions: { entries: Object.fromEntries(decimals.map((field) => [field, optional(decimal())])) },
    Token: {
      omit: ["whitelist", "language", "last_updated"],
      required: ["visual_number"],
      entries: { auth_id: exactId(32), allow_whitelist: optional(bool()) },
    },
    Session: { omit: ["last_updated"], entries: { auth_id: exactId(15), kwh: decimal(), total_cost: decimal() } },
    CdrDimension: { entries: { volume: decimal() } },
    CDR: {
      omit: ["total_energy", "total_time", "total_parking_time", "last_updated"],
      entries: {
        id: id(15),
        stop_date_time: optional(dateTime()),
        auth_id: exactId(32),
        total_cost: decimal(),
        total_usage: list(findClass(v211.CDR, "CdrDimension")),
      },
    },
  },
  enums: {
    Capability: ["CHARGING_PROFILE_CAPABLE", "CREDIT_CARD_PAYABLE", "RESERVABLE", "RFID_READER"],
  },
  atoms: (leaf) => (leaf.over === "alias" ? exactId(15) : undefined),
});
