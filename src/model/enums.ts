/**
 * Every value an enum has in any version. Closed enums are types; open ones may hold any other text besides.
 * Which version knows which values stands in `src/ocpi/v2_*` (see `enums.ts` there).
 */

/** Spec: 2.3.0 mod_locations, Status. */
export const statuses = [
  "AVAILABLE",
  "BLOCKED",
  "CHARGING",
  "INOPERATIVE",
  "OUTOFORDER",
  "PLANNED",
  "REMOVED",
  "RESERVED",
  "UNKNOWN",
] as const;

/** Open. Spec: 2.3.0 mod_locations, Capability. */
export const capabilities = [
  "CHARGING_PROFILE_CAPABLE",
  "CHARGING_PREFERENCES_CAPABLE",
  "CHIP_CARD_SUPPORT",
  "CONTACTLESS_CARD_SUPPORT",
  "CREDIT_CARD_PAYABLE",
  "DEBIT_CARD_PAYABLE",
  "PED_TERMINAL",
  "REMOTE_START_STOP_CAPABLE",
  "RESERVABLE",
  "RFID_READER",
  "START_SESSION_CONNECTOR_REQUIRED",
  "TOKEN_GROUP_CAPABLE",
  "UNLOCK_CAPABLE",
] as const;

/** Open. Spec: 2.3.0 mod_locations, ConnectorCapability. */
export const connectorCapabilities = ["ISO_15118_2_PLUG_AND_CHARGE", "ISO_15118_20_PLUG_AND_CHARGE"] as const;

/** Spec: 2.3.0 mod_locations, ConnectorFormat. */
export const connectorFormats = ["SOCKET", "CABLE"] as const;

/** Open. Spec: 2.3.0 mod_locations, ConnectorType. */
export const connectorTypes = [
  "CHADEMO",
  "CHAOJI",
  "DOMESTIC_A",
  "DOMESTIC_B",
  "DOMESTIC_C",
  "DOMESTIC_D",
  "DOMESTIC_E",
  "DOMESTIC_F",
  "DOMESTIC_G",
  "DOMESTIC_H",
  "DOMESTIC_I",
  "DOMESTIC_J",
  "DOMESTIC_K",
  "DOMESTIC_L",
  "DOMESTIC_M",
  "DOMESTIC_N",
  "DOMESTIC_O",
  "GBT_AC",
  "GBT_DC",
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
  "MCS",
  "NEMA_5_20",
  "NEMA_6_30",
  "NEMA_6_50",
  "NEMA_10_30",
  "NEMA_10_50",
  "NEMA_14_30",
  "NEMA_14_50",
  "PANTOGRAPH_BOTTOM_UP",
  "PANTOGRAPH_TOP_DOWN",
  "SAE_J3400",
  "TESLA_R",
  "TESLA_S",
] as const;

/** Spec: 2.3.0 mod_locations, PowerType. */
export const powerTypes = ["AC_1_PHASE", "AC_2_PHASE", "AC_2_PHASE_SPLIT", "AC_3_PHASE", "DC"] as const;

/** Open. OTHER and UNKNOWN come from 2.0 and 2.1.1 (LocationType). Spec: 2.3.0 mod_locations, ParkingType. */
export const parkingTypes = [
  "ALONG_MOTORWAY",
  "PARKING_GARAGE",
  "PARKING_LOT",
  "ON_DRIVEWAY",
  "ON_STREET",
  "UNDERGROUND_GARAGE",
  "OTHER",
  "UNKNOWN",
] as const;

/** Open. Spec: 2.3.0 mod_locations, ParkingRestriction. */
export const parkingRestrictions = [
  "EV_ONLY",
  "PLUGGED",
  "DISABLED",
  "CUSTOMERS",
  "EMPLOYEES",
  "MOTORCYCLES",
  "TAXIS",
  "TENANTS",
] as const;

/** Open. Spec: 2.3.0 mod_locations, Facility. */
export const facilities = [
  "HOTEL",
  "RESTAURANT",
  "CAFE",
  "MALL",
  "SUPERMARKET",
  "SPORT",
  "RECREATION_AREA",
  "NATURE",
  "MUSEUM",
  "BIKE_SHARING",
  "BUS_STOP",
  "TAXI_STAND",
  "TRAM_STOP",
  "METRO_STATION",
  "TRAIN_STATION",
  "AIRPORT",
  "PARKING_LOT",
  "CARPOOL_PARKING",
  "FUEL_STATION",
  "WIFI",
] as const;

/** Open. Spec: 2.3.0 mod_locations, ImageCategory. */
export const imageCategories = ["CHARGER", "ENTRANCE", "LOCATION", "NETWORK", "OPERATOR", "OTHER", "OWNER"] as const;

/** Spec: 2.3.0 mod_locations, EnergySourceCategory. */
export const energySources = [
  "NUCLEAR",
  "GENERAL_FOSSIL",
  "COAL",
  "GAS",
  "GENERAL_GREEN",
  "SOLAR",
  "WIND",
  "WATER",
] as const;

/** Open. Spec: 2.3.0 mod_locations, EnvironmentalImpactCategory. */
export const environmentalImpacts = ["NUCLEAR_WASTE", "CARBON_DIOXIDE"] as const;

/** Spec: 2.3.0 mod_locations, EVSEPosition. */
export const evsePositions = ["LEFT", "RIGHT", "CENTER"] as const;

/** Spec: 2.3.0 mod_locations, ParkingDirection. */
export const parkingDirections = ["PARALLEL", "PERPENDICULAR", "ANGLE"] as const;

/** Open. Spec: 2.3.0 mod_locations, VehicleType. */
export const vehicleTypes = [
  "MOTORCYCLE",
  "PERSONAL_VEHICLE",
  "PERSONAL_VEHICLE_WITH_TRAILER",
  "VAN",
  "SEMI_TRACTOR",
  "RIGID",
  "TRUCK_WITH_TRAILER",
  "BUS",
  "DISABLED",
] as const;

/** Spec: 2.3.0 mod_tariffs, TariffDimensionType. */
export const tariffDimensions = ["ENERGY", "FLAT", "PARKING_TIME", "TIME"] as const;

/** Since 2.2. Spec: 2.3.0 mod_tariffs, TariffType. */
export const tariffTypes = ["AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_FAST", "PROFILE_GREEN", "REGULAR"] as const;

/** Since 2.2. Spec: 2.3.0 mod_tariffs, ReservationRestrictionType. */
export const reservationRestrictions = ["RESERVATION", "RESERVATION_EXPIRES"] as const;

/** Spec: 2.3.0-bookings mod_bookings, BookingRestrictionType. */
export const bookingRestrictions = [
  "BOOKING",
  "BOOKING_EXPIRES",
  "BOOKING_CANCELLATION_FEES",
  "BOOKING_OVERTIME",
] as const;

/** Since 2.3.0. Spec: 2.3.0 types, TaxIncluded. */
export const taxIncluded = ["YES", "NO", "N/A"] as const;

/** Spec: 2.3.0 mod_tariffs, DayOfWeek. */
export const daysOfWeek = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] as const;

/** Since 2.2. Spec: 2.3.0 mod_sessions, ProfileType. */
export const profileTypes = ["CHEAP", "FAST", "GREEN", "REGULAR"] as const;

/** Open. Spec: 2.3.0 mod_tokens, TokenType. */
export const tokenTypes = ["AD_HOC_USER", "APP_USER", "EMAID", "OTHER", "RFID"] as const;

/** Since 2.1.1; 2.0 has allow_whitelist. Spec: 2.3.0 mod_tokens, WhitelistType. */
export const whitelistTypes = ["ALWAYS", "ALLOWED", "ALLOWED_OFFLINE", "NEVER"] as const;

/** Since 2.1.1. Spec: 2.3.0 mod_tokens, AllowedType. */
export const allowedTypes = ["ALLOWED", "BLOCKED", "EXPIRED", "NO_CREDIT", "NOT_ALLOWED"] as const;

/** Since 2.2. Spec: 2.3.0 version_information_endpoint, InterfaceRole. */
export const interfaceRoles = ["SENDER", "RECEIVER"] as const;

/** Since 2.2; HUB until 2.2.1, PTP from the payments module of 2.3.0. Spec: 2.2.1 and 2.3.0 types, Role. */
export const roles = ["CPO", "EMSP", "HUB", "NAP", "NSP", "OTHER", "PTP", "SCSP"] as const;

/** COMMAND since 2.2. Spec: 2.3.0 mod_cdrs, AuthMethod. */
export const authMethods = ["AUTH_REQUEST", "COMMAND", "WHITELIST"] as const;

/** RESERVATION since 2.2. Spec: 2.3.0 mod_sessions, SessionStatus. */
export const sessionStatuses = ["ACTIVE", "COMPLETED", "INVALID", "PENDING", "RESERVATION"] as const;

/** Dimensions of the charging periods of Sessions only, never of CDRs. Spec: 2.3.0 mod_cdrs, CdrDimensionType, "Session Only". */
export const sessionOnlyDimensions = ["CURRENT", "ENERGY_EXPORT", "ENERGY_IMPORT", "POWER", "STATE_OF_CHARGE"] as const;

/** FLAT until 2.1.1, the last two from the bookings module of 2.3.0. Spec: 2.3.0 mod_cdrs, CdrDimensionType. */
export const cdrDimensions = [
  ...sessionOnlyDimensions,
  "ENERGY",
  "FLAT",
  "MAX_CURRENT",
  "MIN_CURRENT",
  "MAX_POWER",
  "MIN_POWER",
  "PARKING_TIME",
  "RESERVATION_TIME",
  "TIME",
  "RESERVATION_EXPIRES",
  "RESERVATION_OVERTIME",
] as const;

/** Since 2.2. Spec: 2.3.0 mod_sessions, ChargingPreferencesResponse. */
export const chargingPreferencesResponses = [
  "ACCEPTED",
  "DEPARTURE_REQUIRED",
  "ENERGY_NEED_REQUIRED",
  "NOT_POSSIBLE",
  "PROFILE_TYPE_NOT_SUPPORTED",
] as const;

/** CANCEL_RESERVATION since 2.2. Open. Spec: 2.3.0 mod_commands, CommandType. */
export const commandTypes = [
  "CANCEL_RESERVATION",
  "RESERVE_NOW",
  "START_SESSION",
  "STOP_SESSION",
  "UNLOCK_CONNECTOR",
] as const;

/** TIMEOUT in 2.1.1 only. Spec: 2.3.0 mod_commands, CommandResponseType. */
export const commandResponseTypes = ["ACCEPTED", "NOT_SUPPORTED", "REJECTED", "UNKNOWN_SESSION", "TIMEOUT"] as const;

/** UNKNOWN_SESSION in 2.1.1 only, where responses and results are one class. Spec: 2.3.0 mod_commands, CommandResultType. */
export const commandResultTypes = [
  "ACCEPTED",
  "CANCELED_RESERVATION",
  "EVSE_INOPERATIVE",
  "EVSE_OCCUPIED",
  "FAILED",
  "NOT_SUPPORTED",
  "REJECTED",
  "TIMEOUT",
  "UNKNOWN_RESERVATION",
  "UNKNOWN_SESSION",
] as const;

/** Since 2.2. Spec: 2.3.0 mod_charging_profiles, ChargingRateUnit. */
export const chargingRateUnits = ["W", "A"] as const;

/** Since 2.2. Spec: 2.3.0 mod_charging_profiles, ChargingProfileResponseType. */
export const chargingProfileResponseTypes = [
  "ACCEPTED",
  "NOT_SUPPORTED",
  "REJECTED",
  "TOO_OFTEN",
  "UNKNOWN_SESSION",
] as const;

/** Since 2.2. Spec: 2.3.0 mod_charging_profiles, ChargingProfileResultType. */
export const chargingProfileResultTypes = ["ACCEPTED", "REJECTED", "UNKNOWN"] as const;

/** Since 2.2. Spec: 2.3.0 mod_hub_client_info, ConnectionStatus. */
export const connectionStatuses = ["CONNECTED", "OFFLINE", "PLANNED", "SUSPENDED"] as const;
