import { optional, text } from "../../model/atoms.ts";
import { capabilities } from "../../model/enums.ts";
import { deriveSchemas, without } from "../shape.ts";
import { schemas as v221 } from "../v2_2_1/schemas.ts";

/** Values of ConnectorType in 2.2. Spec: 2.2 mod_locations, ConnectorType. */
export const connectorTypes22 = [
  "CHADEMO",
  ..."ABCDEFGHIJKL".split("").map((letter) => `DOMESTIC_${letter}`),
  "IEC_60309_2_single_16",
  "IEC_60309_2_three_16",
  "IEC_60309_2_three_32",
  "IEC_60309_2_three_64",
  "IEC_62196_T1",
  "IEC_62196_T1_COMBO",
  "IEC_62196_T2",
  "IEC_62196_T2_COMBO",
  "IEC_62196_T3A",
  "IEC_62196_T3C",
  "PANTOGRAPH_BOTTOM_UP",
  "PANTOGRAPH_TOP_DOWN",
  "TESLA_R",
  "TESLA_S",
];

/** Wire schemas of OCPI 2.2 (-d2), as what they lack of 2.2.1. Spec: 2.2 mod_locations, mod_cdrs, mod_commands. */
export const schemas = deriveSchemas(v221, {
  classes: {
    Location: { entries: { address: text(45), state: optional(text(20)) } },
    CdrToken: { omit: ["country_code", "party_id"] },
    CdrLocation: { omit: ["state"], required: ["postal_code"] },
    CDR: { omit: ["home_charging_compensation"] },
    StartSession: { omit: ["connector_id"] },
  },
  enums: {
    ConnectorType: connectorTypes22,
    PowerType: ["AC_1_PHASE", "AC_3_PHASE", "DC"],
    Capability: without(capabilities, "START_SESSION_CONNECTOR_REQUIRED"),
  },
});
