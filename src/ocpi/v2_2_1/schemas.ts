import { number, optional } from "../../model/atoms.ts";
import { cdrDimensions, connectorTypes, parkingRestrictions, roles, tokenTypes } from "../../model/enums.ts";
import { deriveSchemas, without } from "../shape.ts";
import { schemas as v230 } from "../v2_3_0/schemas.ts";

/** Wire schemas of OCPI 2.2.1 (-d2 with fixes), as what they lack of 2.3.0. Spec: 2.2.1 mod_locations, mod_tariffs, mod_tokens, mod_cdrs, credentials, types. */
export const schemas = deriveSchemas(v230, {
  classes: {
    Credentials: { omit: ["hub_party_id"] },
    Location: { omit: ["parking_places", "help_phone"] },
    EVSE: { omit: ["parking", "accepted_service_providers"] },
    Connector: { omit: ["capabilities"] },
    Tariff: { omit: ["tax_included", "preauthorize_amount"] },
    TariffRestrictions: { omit: ["booking"] },
    PriceLimit: {
      omit: ["before_taxes", "after_taxes"],
      entries: { excl_vat: number(), incl_vat: optional(number()) },
    },
    Price: { omit: ["before_taxes", "taxes"], entries: { excl_vat: number(), incl_vat: optional(number()) } },
    CDR: { omit: ["booking_id"] },
  },
  enums: {
    Role: without(roles, "PTP"),
    ConnectorType: without(connectorTypes, "MCS", "SAE_J3400"),
    ParkingRestriction: without(parkingRestrictions, "EMPLOYEES", "TAXIS", "TENANTS"),
    TokenType: without(tokenTypes, "EMAID"),
    CdrDimensionType: without(cdrDimensions, "FLAT", "RESERVATION_EXPIRES", "RESERVATION_OVERTIME"),
  },
});
