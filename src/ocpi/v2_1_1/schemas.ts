import { code, coordinate, exactId, integer, list, openEnum, optional } from "../../model/atoms.ts";
import { environmentalImpacts, facilities } from "../../model/enums.ts";
import { deriveSchemas, findClass, without } from "../shape.ts";
import { connectorTypes22, schemas as v22 } from "../v2_2/schemas.ts";

/** LocationType, which 2.2 made ParkingType. Spec: 2.1.1 mod_locations, LocationType. */
export const locationTypes = ["ON_STREET", "PARKING_GARAGE", "UNDERGROUND_GARAGE", "PARKING_LOT", "OTHER", "UNKNOWN"];

const coordinates = {
  latitude: coordinate(10, /^-?\d{1,2}\.\d{6}$/),
  longitude: coordinate(11, /^-?\d{1,3}\.\d{6}$/),
};

/** Wire schemas of OCPI 2.1.1 (-d2), as a delta of 2.2. Spec: 2.1.1 mod_locations, mod_tariffs, mod_tokens, credentials. */
export const schemas = deriveSchemas(v22, {
  classes: {
    Endpoint: { omit: ["role"] },
    Credentials: {
      omit: ["roles"],
      entries: {
        business_details: findClass(v22.Credentials, "BusinessDetails"),
        party_id: code(3),
        country_code: code(2),
      },
    },
    Location: {
      omit: ["country_code", "party_id", "publish", "publish_allowed_to", "state", "parking_type"],
      required: ["postal_code"],
      optional: ["time_zone"],
      entries: { id: exactId(39), type: openEnum("ParkingType", locationTypes) },
    },
    GeoLocation: { entries: coordinates },
    AdditionalGeoLocation: { entries: coordinates },
    Hours: { optional: ["twentyfourseven"] },
    EnvironmentalImpact: {
      omit: ["category"],
      entries: { source: openEnum("EnvironmentalImpactCategory", environmentalImpacts) },
    },
    EVSE: { entries: { uid: exactId(39) } },
    Connector: {
      omit: ["max_voltage", "max_amperage", "max_electric_power", "tariff_ids"],
      entries: { voltage: integer(), amperage: integer(), tariff_id: optional(exactId(36)) },
    },
    Tariff: {
      omit: ["country_code", "party_id", "type", "min_price", "max_price", "start_date_time", "end_date_time"],
    },
    PriceComponent: { omit: ["vat"] },
    TariffRestrictions: { omit: ["min_current", "max_current", "reservation"] },
    Token: {
      omit: ["country_code", "party_id", "contract_id", "group_id", "default_profile_type", "energy_contract"],
      entries: { auth_id: exactId(36) },
    },
    LocationReferences: {
      entries: { location_id: exactId(39), evse_uids: list(exactId(39)), connector_ids: list(exactId(36)) },
    },
    AuthorizationInfo: { omit: ["token", "authorization_reference"] },
  },
  enums: {
    ConnectorType: without(connectorTypes22, "PANTOGRAPH_BOTTOM_UP", "PANTOGRAPH_TOP_DOWN"),
    Capability: [
      "CHARGING_PROFILE_CAPABLE",
      "CREDIT_CARD_PAYABLE",
      "REMOTE_START_STOP_CAPABLE",
      "RESERVABLE",
      "RFID_READER",
      "UNLOCK_CAPABLE",
    ],
    Facility: without(facilities, "BIKE_SHARING", "TRAM_STOP", "METRO_STATION", "PARKING_LOT"),
    TokenType: ["OTHER", "RFID"],
  },
  // There is no CiString yet.
  atoms: ({ over, ci, max }) => {
    if (ci !== true || max === undefined) return undefined;
    return over === "alias" ? exactId(max) : code(max);
  },
});
