import { bool, closedEnum, decimal, exactId, optional, text } from "../../model/atoms.ts";
import { statuses } from "../../model/enums.ts";
import { deriveSchemas } from "../shape.ts";
import { schemas as v211 } from "../v2_1_1/schemas.ts";

const decimals = ["min_kwh", "max_kwh", "min_power", "max_power"];

/** Wire schemas of OCPI 2.0 (-d2), as what they lack of 2.1.1. Spec: 2.0 mod_locations, mod_tariffs, mod_tokens, credentials. */
export const schemas = deriveSchemas(v211, {
  kinds: ["Version", "VersionDetails", "Credentials", "Location", "EVSE", "Connector", "Tariff", "Token"],
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
  },
  enums: {
    Capability: ["CHARGING_PROFILE_CAPABLE", "CREDIT_CARD_PAYABLE", "RESERVABLE", "RFID_READER"],
  },
  atoms: (leaf) => (leaf.over === "alias" ? exactId(15) : undefined),
});
