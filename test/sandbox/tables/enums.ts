/**
 * Enumerations. A value stands at the version that introduced it; a leading `-` takes it away again. `open` marks the
 * ones that are OpenEnum in 2.3.0: there, and only there, an unknown text is no fault.
 */
export interface EnumTable {
  open?: true;
  "2.0"?: string;
  "2.1.1"?: string;
  "2.2"?: string;
  "2.2.1"?: string;
  "2.3.0"?: string;
}

const PLACES = "ON_STREET PARKING_GARAGE UNDERGROUND_GARAGE PARKING_LOT";
const SOCKETS =
  "CHADEMO DOMESTIC_A DOMESTIC_B DOMESTIC_C DOMESTIC_D DOMESTIC_E DOMESTIC_F DOMESTIC_G DOMESTIC_H DOMESTIC_I " +
  "DOMESTIC_J DOMESTIC_K DOMESTIC_L IEC_60309_2_single_16 IEC_60309_2_three_16 IEC_60309_2_three_32 " +
  "IEC_60309_2_three_64 IEC_62196_T1 IEC_62196_T1_COMBO IEC_62196_T2 IEC_62196_T2_COMBO IEC_62196_T3A " +
  "IEC_62196_T3C TESLA_R TESLA_S";

/** Every enumeration of the modules the sandbox speaks. */
export const ENUMS: Record<string, EnumTable> = {
  Status: { "2.0": "AVAILABLE BLOCKED CHARGING INOPERATIVE OUTOFORDER PLANNED REMOVED RESERVED UNKNOWN" },
  Capability: {
    open: true,
    "2.0": "CHARGING_PROFILE_CAPABLE CREDIT_CARD_PAYABLE RESERVABLE RFID_READER",
    "2.1.1": "REMOTE_START_STOP_CAPABLE UNLOCK_CAPABLE",
    "2.2":
      "CHARGING_PREFERENCES_CAPABLE CHIP_CARD_SUPPORT CONTACTLESS_CARD_SUPPORT DEBIT_CARD_PAYABLE PED_TERMINAL TOKEN_GROUP_CAPABLE",
    "2.2.1": "START_SESSION_CONNECTOR_REQUIRED",
  },
  ConnectorCapability: { open: true, "2.3.0": "ISO_15118_2_PLUG_AND_CHARGE ISO_15118_20_PLUG_AND_CHARGE" },
  ConnectorFormat: { "2.0": "SOCKET CABLE" },
  ConnectorType: {
    open: true,
    "2.0": SOCKETS,
    "2.2": "PANTOGRAPH_BOTTOM_UP PANTOGRAPH_TOP_DOWN",
    "2.2.1":
      "CHAOJI DOMESTIC_M DOMESTIC_N DOMESTIC_O GBT_AC GBT_DC NEMA_5_20 NEMA_6_30 NEMA_6_50 NEMA_10_30 NEMA_10_50 NEMA_14_30 NEMA_14_50",
    "2.3.0": "MCS SAE_J3400",
  },
  PowerType: { "2.0": "AC_1_PHASE AC_3_PHASE DC", "2.2.1": "AC_2_PHASE AC_2_PHASE_SPLIT" },
  LocationType: { "2.0": `${PLACES} OTHER UNKNOWN` },
  ParkingType: { open: true, "2.2": `${PLACES} ALONG_MOTORWAY ON_DRIVEWAY` },
  ParkingRestriction: {
    open: true,
    "2.0": "EV_ONLY PLUGGED DISABLED CUSTOMERS MOTORCYCLES",
    "2.3.0": "EMPLOYEES TAXIS TENANTS",
  },
  Facility: {
    open: true,
    "2.1.1":
      "HOTEL RESTAURANT CAFE MALL SUPERMARKET SPORT RECREATION_AREA NATURE MUSEUM BUS_STOP TAXI_STAND TRAIN_STATION AIRPORT CARPOOL_PARKING FUEL_STATION WIFI",
    "2.2": "BIKE_SHARING TRAM_STOP METRO_STATION PARKING_LOT",
  },
  ImageCategory: { open: true, "2.0": "CHARGER ENTRANCE LOCATION NETWORK OPERATOR OTHER OWNER" },
  EnergySourceCategory: { "2.1.1": "NUCLEAR GENERAL_FOSSIL COAL GAS GENERAL_GREEN SOLAR WIND WATER" },
  EnvironmentalImpactCategory: { open: true, "2.1.1": "NUCLEAR_WASTE CARBON_DIOXIDE" },
  EVSEPosition: { "2.3.0": "LEFT RIGHT CENTER" },
  ParkingDirection: { "2.3.0": "PARALLEL PERPENDICULAR ANGLE" },
  VehicleType: {
    open: true,
    "2.3.0":
      "MOTORCYCLE PERSONAL_VEHICLE PERSONAL_VEHICLE_WITH_TRAILER VAN SEMI_TRACTOR RIGID TRUCK_WITH_TRAILER BUS DISABLED",
  },
  AuthMethod: { "2.0": "AUTH_REQUEST WHITELIST", "2.2": "COMMAND" },
  SessionStatus: { "2.0": "ACTIVE COMPLETED INVALID PENDING", "2.2": "RESERVATION" },
  // Dimensions of a Session; a CDR may not carry the ones that tell a moment rather than a sum.
  SessionDimension: {
    "2.0": "ENERGY MAX_CURRENT MIN_CURRENT PARKING_TIME TIME FLAT",
    "2.2": "-FLAT CURRENT ENERGY_EXPORT ENERGY_IMPORT POWER STATE_OF_CHARGE MAX_POWER MIN_POWER RESERVATION_TIME",
  },
  CdrDimension: {
    "2.0": "ENERGY MAX_CURRENT MIN_CURRENT PARKING_TIME TIME FLAT",
    "2.2": "-FLAT MAX_POWER MIN_POWER RESERVATION_TIME",
  },
  // 2.0 has one DimensionType for tariffs and CDRs; the currents make no sense in a tariff but are legal there.
  TariffDimension: {
    "2.0": "ENERGY FLAT PARKING_TIME TIME MAX_CURRENT MIN_CURRENT",
    "2.1.1": "-MAX_CURRENT -MIN_CURRENT",
  },
  TariffType: { "2.2": "AD_HOC_PAYMENT PROFILE_CHEAP PROFILE_FAST PROFILE_GREEN REGULAR" },
  ReservationRestriction: { "2.2": "RESERVATION RESERVATION_EXPIRES" },
  TaxIncluded: { "2.3.0": "YES NO N/A" },
  DayOfWeek: { "2.0": "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY" },
  ProfileType: { "2.2": "CHEAP FAST GREEN REGULAR" },
  ChargingPreferencesResponse: {
    "2.2": "ACCEPTED DEPARTURE_REQUIRED ENERGY_NEED_REQUIRED NOT_POSSIBLE PROFILE_TYPE_NOT_SUPPORTED",
  },
  TokenType: { open: true, "2.0": "OTHER RFID", "2.2": "AD_HOC_USER APP_USER", "2.3.0": "EMAID" },
  WhitelistType: { "2.1.1": "ALWAYS ALLOWED ALLOWED_OFFLINE NEVER" },
  Allowed: { "2.1.1": "ALLOWED BLOCKED EXPIRED NO_CREDIT NOT_ALLOWED" },
  CommandType: {
    open: true,
    "2.1.1": "RESERVE_NOW START_SESSION STOP_SESSION UNLOCK_CONNECTOR",
    "2.2": "CANCEL_RESERVATION",
  },
  CommandResponseType: { "2.1.1": "NOT_SUPPORTED REJECTED ACCEPTED TIMEOUT UNKNOWN_SESSION", "2.2": "-TIMEOUT" },
  CommandResultType: {
    "2.2":
      "ACCEPTED CANCELED_RESERVATION EVSE_OCCUPIED EVSE_INOPERATIVE FAILED NOT_SUPPORTED REJECTED TIMEOUT UNKNOWN_RESERVATION",
  },
  ChargingProfileResponseType: { "2.2": "ACCEPTED NOT_SUPPORTED REJECTED TOO_OFTEN UNKNOWN_SESSION" },
  ChargingProfileResultType: { "2.2": "ACCEPTED REJECTED UNKNOWN" },
  ChargingRateUnit: { "2.2": "W A" },
  ConnectionStatus: { "2.2": "CONNECTED OFFLINE PLANNED SUSPENDED" },
  InterfaceRole: { "2.2": "SENDER RECEIVER" },
  Role: { "2.2": "CPO EMSP HUB NAP NSP OTHER SCSP", "2.3.0": "-HUB" },
};
