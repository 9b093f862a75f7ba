import {
  code,
  coordinate,
  dateTime,
  exactId,
  id,
  integer,
  list,
  number,
  openEnum,
  optional,
} from "../../model/atoms.ts";
import { environmentalImpacts, facilities } from "../../model/enums.ts";
import { deriveSchemas, findClass, without } from "../shape.ts";
import { connectorTypes22, schemas as v22 } from "../v2_2/schemas.ts";

/** LocationType, which 2.2 made ParkingType. Spec: 2.1.1 mod_locations, LocationType. */
export const locationTypes = ["ON_STREET", "PARKING_GARAGE", "UNDERGROUND_GARAGE", "PARKING_LOT", "OTHER", "UNKNOWN"];

const coordinates = {
  latitude: coordinate(10, /^-?\d{1,2}\.\d{6}$/),
  longitude: coordinate(11, /^-?\d{1,3}\.\d{6}$/),
};

/** Wire schemas of OCPI 2.1.1 (-d2), as a delta of 2.2. Spec: 2.1.1 mod_locations, mod_tariffs, mod_tokens, mod_sessions, mod_cdrs, mod_commands, credentials. */
export const schemas = deriveSchemas(v22, {
  kinds: [
    "Version",
    "VersionDetails",
    "Credentials",
    "Location",
    "EVSE",
    "Connector",
    "Tariff",
    "Token",
    "LocationReferences",
    "AuthorizationInfo",
    "Session",
    "CDR",
    "StartSession",
    "StopSession",
    "ReserveNow",
    "UnlockConnector",
    "CommandResponse",
    "CommandResult",
  ],
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
    Session: {
      omit: [
        "country_code",
        "party_id",
        "start_date_time",
        "end_date_time",
        "cdr_token",
        "authorization_reference",
        "location_id",
        "evse_uid",
        "connector_id",
      ],
      entries: {
        start_datetime: dateTime(),
        end_datetime: optional(dateTime()),
        auth_id: exactId(36),
        location: v22.Location,
        total_cost: optional(number()),
      },
    },
    ChargingPeriod: { omit: ["tariff_id"] },
    CDR: {
      omit: [
        "country_code",
        "party_id",
        "end_date_time",
        "session_id",
        "cdr_token",
        "authorization_reference",
        "cdr_location",
        "signed_data",
        "total_fixed_cost",
        "total_energy_cost",
        "total_time_cost",
        "total_parking_cost",
        "total_reservation_cost",
        "invoice_reference_id",
        "credit",
        "credit_reference_id",
      ],
      entries: {
        // The one CiString of this version.
        id: id(36),
        stop_date_time: dateTime(),
        auth_id: exactId(36),
        location: v22.Location,
        total_cost: number(),
      },
    },
    StartSession: {
      omit: ["authorization_reference"],
      entries: { location_id: exactId(39), evse_uid: optional(exactId(39)) },
    },
    ReserveNow: {
      omit: ["authorization_reference"],
      entries: { reservation_id: integer(), location_id: exactId(39), evse_uid: optional(exactId(39)) },
    },
    UnlockConnector: { entries: { location_id: exactId(39), evse_uid: exactId(39) } },
    CommandResponse: { omit: ["timeout", "message"] },
    CommandResult: { omit: ["message"] },
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
    AuthMethod: ["AUTH_REQUEST", "WHITELIST"],
    SessionStatus: ["ACTIVE", "COMPLETED", "INVALID", "PENDING"],
    CdrDimensionType: ["ENERGY", "FLAT", "MAX_CURRENT", "MIN_CURRENT", "PARKING_TIME", "TIME"],
    CommandResponseType: ["ACCEPTED", "NOT_SUPPORTED", "REJECTED", "TIMEOUT", "UNKNOWN_SESSION"],
    CommandResultType: ["ACCEPTED", "NOT_SUPPORTED", "REJECTED", "TIMEOUT", "UNKNOWN_SESSION"],
  },
  // Ids are no CiStrings yet.
  atoms: ({ over, ci, max }) => {
    if (ci !== true || max === undefined) return undefined;
    return over === "alias" ? exactId(max) : code(max);
  },
});
