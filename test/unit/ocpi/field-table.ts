/**
 * Every field of every class, worked out from the standard apart from the schemas: class, field, type in the newest version that
 * has it, then what 2.0, 2.1.1, 2.2, 2.2.1 and 2.3.0 have: `-` nothing, else a type where it differs, and the cardinality.
 */
export const fieldTable = `
Location country_code Ci(2) - - 1 1 1
Location party_id Ci(3) - - 1 1 1
Location id Ci(36) s(15)1 s(39)1 1 1 1
Location publish bool - - 1 1 1
Location publish_allowed_to PublishTokenType - - * * *
Location name s(255) ? ? ? ? ?
Location address s(255) s(45)1 s(45)1 s(45)1 1 1
Location city s(45) 1 1 1 1 1
Location postal_code s(10) 1 1 ? ? ?
Location state s(45) - - s(20)? ? ?
Location country s(3) 1 1 1 1 1
Location coordinates GeoLocation 1 1 1 1 1
Location related_locations AdditionalGeoLocation * * * * *
Location parking_type ParkingType - - ? ? ?
Location evses EVSE * * * * *
Location parking_places Parking - - - - *
Location directions DisplayText * * * * *
Location operator BusinessDetails ? ? ? ? ?
Location suboperator BusinessDetails ? ? ? ? ?
Location owner BusinessDetails - ? ? ? ?
Location facilities Facility - * * * *
Location time_zone s(255) - ? 1 1 1
Location opening_times Hours ? ? ? ? ?
Location charging_when_closed bool ? ? ? ? ?
Location images Image * * * * *
Location energy_mix EnergyMix - ? ? ? ?
Location help_phone Ci(25) - - - - ?
Location last_updated DT - 1 1 1 1
Location type ParkingType 1 1 - - -
EVSE uid Ci(36) s(15)1 s(39)1 1 1 1
EVSE evse_id Ci(48) s(48)? s(48)? ? ? ?
EVSE status Status 1 1 1 1 1
EVSE status_schedule StatusSchedule * * * * *
EVSE capabilities Capability * * * * *
EVSE connectors Connector + + + + +
EVSE floor_level s(4) ? ? ? ? ?
EVSE coordinates GeoLocation ? ? ? ? ?
EVSE physical_reference s(16) ? ? ? ? ?
EVSE directions DisplayText * * * * *
EVSE parking_restrictions ParkingRestriction * * * * *
EVSE parking EVSEParking - - - - *
EVSE images Image * * * * *
EVSE accepted_service_providers s(50) - - - - *
EVSE last_updated DT - 1 1 1 1
Connector id Ci(36) s(15)1 s(36)1 1 1 1
Connector standard ConnectorType 1 1 1 1 1
Connector format ConnectorFormat 1 1 1 1 1
Connector power_type PowerType 1 1 1 1 1
Connector max_voltage int - - 1 1 1
Connector max_amperage int - - 1 1 1
Connector max_electric_power int - - ? ? ?
Connector tariff_ids Ci(36) - - * * *
Connector terms_and_conditions URL ? ? ? ? ?
Connector capabilities ConnectorCapability - - - - *
Connector last_updated DT - 1 1 1 1
Connector voltage int 1 1 - - -
Connector amperage int 1 1 - - -
Connector tariff_id s(36) s(15)? ? - - -
Connector status Status 1 - - - -
Tariff country_code Ci(2) - - 1 1 1
Tariff party_id Ci(3) - - 1 1 1
Tariff id Ci(36) s(15)1 s(36)1 1 1 1
Tariff currency s(3) 1 1 1 1 1
Tariff type TariffType - - ? ? ?
Tariff tariff_alt_text DisplayText * * * * *
Tariff tariff_alt_url URL ? ? ? ? ?
Tariff min_price PriceLimit - - ? ? ?
Tariff max_price PriceLimit - - ? ? ?
Tariff elements TariffElement + + + + +
Tariff tax_included TaxIncluded - - - - 1
Tariff start_date_time DT - - ? ? ?
Tariff end_date_time DT - - ? ? ?
Tariff energy_mix EnergyMix - ? ? ? ?
Tariff last_updated DT - 1 1 1 1
TariffRestrictions start_time s(5) ? ? ? ? ?
TariffRestrictions end_time s(5) ? ? ? ? ?
TariffRestrictions start_date s(10) ? ? ? ? ?
TariffRestrictions end_date s(10) ? ? ? ? ?
TariffRestrictions min_kwh num decimal? ? ? ? ?
TariffRestrictions max_kwh num decimal? ? ? ? ?
TariffRestrictions min_current num - - ? ? ?
TariffRestrictions max_current num - - ? ? ?
TariffRestrictions min_power num decimal? ? ? ? ?
TariffRestrictions max_power num decimal? ? ? ? ?
TariffRestrictions min_duration int ? ? ? ? ?
TariffRestrictions max_duration int ? ? ? ? ?
TariffRestrictions day_of_week DayOfWeek * * * * *
TariffRestrictions reservation ReservationRestrictionType - - ? ? ?
Token country_code Ci(2) - - 1 1 1
Token party_id Ci(3) - - 1 1 1
Token uid Ci(36) s(15)1 s(36)1 1 1 1
Token type TokenType 1 1 1 1 1
Token contract_id Ci(36) - - 1 1 1
Token visual_number s(64) 1 ? ? ? ?
Token issuer s(64) 1 1 1 1 1
Token group_id Ci(36) - - ? ? ?
Token valid bool 1 1 1 1 1
Token whitelist WhitelistType - 1 1 1 1
Token language s(2) - ? ? ? ?
Token default_profile_type ProfileType - - ? ? ?
Token energy_contract EnergyContract - - ? ? ?
Token last_updated DT - 1 1 1 1
Token auth_id s(36) s(32)1 1 - - -
Token allow_whitelist bool ? - - - -
BusinessDetails name s(100) 1 1 1 1 1
BusinessDetails website URL ? ? ? ? ?
BusinessDetails logo Image ? ? ? ? ?
Image url URL 1 1 1 1 1
Image thumbnail URL ? ? ? ? ?
Image category ImageCategory 1 1 1 1 1
Image type Ci(4) s(4)1 s(4)1 1 1 1
Image width int(5) ? ? ? ? ?
Image height int(5) ? ? ? ? ?
DisplayText language s(2) 1 1 1 1 1
DisplayText text s(512) 1 1 1 1 1
GeoLocation latitude s(10) 1 1 1 1 1
GeoLocation longitude s(11) 1 1 1 1 1
AdditionalGeoLocation latitude s(10) 1 1 1 1 1
AdditionalGeoLocation longitude s(11) 1 1 1 1 1
AdditionalGeoLocation name DisplayText ? ? ? ? ?
Hours twentyfourseven bool ? ? 1 1 1
Hours regular_hours RegularHours * * * * *
Hours exceptional_openings ExceptionalPeriod * * * * *
Hours exceptional_closings ExceptionalPeriod * * * * *
RegularHours weekday int(1) 1 1 1 1 1
RegularHours period_begin s(5) 1 1 1 1 1
RegularHours period_end s(5) 1 1 1 1 1
ExceptionalPeriod period_begin DT 1 1 1 1 1
ExceptionalPeriod period_end DT 1 1 1 1 1
StatusSchedule period_begin DT 1 1 1 1 1
StatusSchedule period_end DT ? ? ? ? ?
StatusSchedule status Status 1 1 1 1 1
EnergyMix is_green_energy bool - 1 1 1 1
EnergyMix energy_sources EnergySource - * * * *
EnergyMix environ_impact EnvironmentalImpact - * * * *
EnergyMix supplier_name s(64) - ? ? ? ?
EnergyMix energy_product_name s(64) - ? ? ? ?
EnergySource source EnergySourceCategory - 1 1 1 1
EnergySource percentage num - 1 1 1 1
EnvironmentalImpact amount num - 1 1 1 1
EnvironmentalImpact source EnvironmentalImpactCategory - 1 - - -
EnvironmentalImpact category EnvironmentalImpactCategory - - 1 1 1
PublishTokenType uid Ci(36) - - ? ? ?
PublishTokenType type TokenType - - ? ? ?
PublishTokenType visual_number s(64) - - ? ? ?
PublishTokenType issuer s(64) - - ? ? ?
PublishTokenType group_id Ci(36) - - ? ? ?
Parking id Ci(36) - - - - 1
Parking physical_reference s(12) - - - - ?
Parking vehicle_types VehicleType - - - - +
Parking max_vehicle_weight num - - - - ?
Parking max_vehicle_height num - - - - ?
Parking max_vehicle_length num - - - - ?
Parking max_vehicle_width num - - - - ?
Parking parking_space_length num - - - - ?
Parking parking_space_width num - - - - ?
Parking dangerous_goods_allowed bool - - - - ?
Parking direction ParkingDirection - - - - ?
Parking drive_through bool - - - - ?
Parking restricted_to_type bool - - - - 1
Parking reservation_required bool - - - - 1
Parking time_limit num - - - - ?
Parking roofed bool - - - - ?
Parking images Image - - - - *
Parking lighting bool - - - - ?
Parking refrigeration_outlet bool - - - - ?
Parking standards Ci(36) - - - - *
Parking apds_reference s - - - - ?
EVSEParking parking_id Ci(36) - - - - 1
EVSEParking evse_position EVSEPosition - - - - ?
TariffElement price_components PriceComponent + + + + +
TariffElement restrictions TariffRestrictions ? ? ? ? ?
PriceComponent type TariffDimensionType 1 1 1 1 1
PriceComponent price num decimal1 1 1 1 1
PriceComponent step_size int 1 1 1 1 1
PriceComponent vat num - - ? ? ?
PriceLimit excl_vat num - - 1 1 -
PriceLimit incl_vat num - - ? ? -
PriceLimit before_taxes num - - - - 1
PriceLimit after_taxes num - - - - ?
Tariff preauthorize_amount num - - - - ?
TariffRestrictions booking BookingRestrictionType - - - - ?
EnergyContract supplier_name s(64) - - 1 1 1
EnergyContract contract_id s(64) - - ? ? ?
LocationReferences location_id Ci(36) - s(39)1 1 1 1
LocationReferences evse_uids Ci(36) - s(39)* * * *
LocationReferences connector_ids s(36) - * - - -
AuthorizationInfo allowed AllowedType - 1 1 1 1
AuthorizationInfo token Token - - 1 1 1
AuthorizationInfo location LocationReferences - ? ? ? ?
AuthorizationInfo authorization_reference Ci(36) - - ? ? ?
AuthorizationInfo info DisplayText - ? ? ? ?
Credentials token s(64) s1 1 1 1 1
Credentials url URL 1 1 1 1 1
Credentials business_details BusinessDetails 1 1 - - -
Credentials party_id s(3) 1 1 - - -
Credentials country_code s(2) 1 1 - - -
Credentials roles CredentialsRole - - + + +
Credentials hub_party_id Ci(5) - - - - ?
CredentialsRole role Role - - 1 1 1
CredentialsRole business_details BusinessDetails - - 1 1 1
CredentialsRole party_id Ci(3) - - 1 1 1
CredentialsRole country_code Ci(2) - - 1 1 1
Version version s 1 1 1 1 1
Version url URL 1 1 1 1 1
VersionDetails version s 1 1 1 1 1
VersionDetails endpoints Endpoint + + + + +
Endpoint identifier s 1 1 1 1 1
Endpoint role InterfaceRole - - 1 1 1
Endpoint url URL 1 1 1 1 1
Session country_code Ci(2) - - 1 1 1
Session party_id Ci(3) - - 1 1 1
Session id Ci(36) s(15)1 s(36)1 1 1 1
Session start_date_time DT - - 1 1 1
Session end_date_time DT - - ? ? ?
Session kwh num decimal1 1 1 1 1
Session cdr_token CdrToken - - 1 1 1
Session auth_method AuthMethod 1 1 1 1 1
Session authorization_reference Ci(36) - - ? ? ?
Session location_id Ci(36) - - 1 1 1
Session evse_uid Ci(36) - - 1 1 1
Session connector_id Ci(36) - - 1 1 1
Session meter_id s(255) ? ? ? ? ?
Session currency s(3) 1 1 1 1 1
Session charging_periods ChargingPeriod * * * * *
Session total_cost Price decimal1 num? ? ? ?
Session status SessionStatus 1 1 1 1 1
Session last_updated DT - 1 1 1 1
Session start_datetime DT 1 1 - - -
Session end_datetime DT ? ? - - -
Session auth_id s(36) s(15)1 1 - - -
Session location Location 1 1 - - -
CDR country_code Ci(2) - - 1 1 1
CDR party_id Ci(3) - - 1 1 1
CDR id Ci(39) Ci(15)1 Ci(36)1 1 1 1
CDR start_date_time DT 1 1 1 1 1
CDR end_date_time DT - - 1 1 1
CDR session_id Ci(36) - - ? ? ?
CDR cdr_token CdrToken - - 1 1 1
CDR auth_method AuthMethod 1 1 1 1 1
CDR authorization_reference Ci(36) - - ? ? ?
CDR booking_id Ci(36) - - - - ?
CDR cdr_location CdrLocation - - 1 1 1
CDR meter_id s(255) ? ? ? ? ?
CDR currency s(3) 1 1 1 1 1
CDR tariffs Tariff * * * * *
CDR charging_periods ChargingPeriod + + + + +
CDR signed_data SignedData - - ? ? ?
CDR total_cost Price decimal1 num1 1 1 1
CDR total_fixed_cost Price - - ? ? ?
CDR total_energy num - 1 1 1 1
CDR total_energy_cost Price - - ? ? ?
CDR total_time num - 1 1 1 1
CDR total_time_cost Price - - ? ? ?
CDR total_parking_time num - ? ? ? ?
CDR total_parking_cost Price - - ? ? ?
CDR total_reservation_cost Price - - ? ? ?
CDR remark s(255) ? ? ? ? ?
CDR invoice_reference_id Ci(39) - - ? ? ?
CDR credit bool - - ? ? ?
CDR credit_reference_id Ci(39) - - ? ? ?
CDR home_charging_compensation bool - - - ? ?
CDR last_updated DT - 1 1 1 1
CDR stop_date_time DT ? 1 - - -
CDR auth_id s(36) s(32)1 1 - - -
CDR location Location 1 1 - - -
CDR total_usage CdrDimension * - - - -
CdrToken country_code Ci(2) - - - 1 1
CdrToken party_id Ci(3) - - - 1 1
CdrToken uid Ci(36) - - 1 1 1
CdrToken type TokenType - - 1 1 1
CdrToken contract_id Ci(36) - - 1 1 1
CdrLocation id Ci(36) - - 1 1 1
CdrLocation name s(255) - - ? ? ?
CdrLocation address s(45) - - 1 1 1
CdrLocation city s(45) - - 1 1 1
CdrLocation postal_code s(10) - - 1 ? ?
CdrLocation state s(20) - - - ? ?
CdrLocation country s(3) - - 1 1 1
CdrLocation coordinates GeoLocation - - 1 1 1
CdrLocation evse_uid Ci(36) - - 1 1 1
CdrLocation evse_id Ci(48) - - 1 1 1
CdrLocation connector_id Ci(36) - - 1 1 1
CdrLocation connector_standard ConnectorType - - 1 1 1
CdrLocation connector_format ConnectorFormat - - 1 1 1
CdrLocation connector_power_type PowerType - - 1 1 1
Price excl_vat num - - 1 1 -
Price incl_vat num - - ? ? -
Price before_taxes num - - - - 1
Price taxes TaxAmount - - - - *
TaxAmount name s - - - - 1
TaxAmount account_number s - - - - ?
TaxAmount percentage num - - - - ?
TaxAmount amount num - - - - 1
ChargingPeriod start_date_time DT 1 1 1 1 1
ChargingPeriod dimensions CdrDimension + + + + +
ChargingPeriod tariff_id Ci(36) - - ? ? ?
CdrDimension type CdrDimensionType 1 1 1 1 1
CdrDimension volume num decimal1 1 1 1 1
SignedData encoding_method Ci(36) - - 1 1 1
SignedData encoding_method_version int - - ? ? ?
SignedData public_key s(512) - - ? ? ?
SignedData signed_values SignedValue - - + + +
SignedData url s(512) - - ? ? ?
SignedValue nature Ci(32) - - 1 1 1
SignedValue plain_data s(5000) - - 1 1 1
SignedValue signed_data s(5000) - - 1 1 1
ChargingPreferences profile_type ProfileType - - 1 1 1
ChargingPreferences departure_time DT - - ? ? ?
ChargingPreferences energy_need num - - ? ? ?
ChargingPreferences discharge_allowed bool - - ? ? ?
ChargingPreferencesResponse result ChargingPreferencesResponse - - 1 1 1
StartSession response_url URL - 1 1 1 1
StartSession token Token - 1 1 1 1
StartSession location_id Ci(36) - s(39)1 1 1 1
StartSession evse_uid Ci(36) - s(39)? ? ? ?
StartSession connector_id Ci(36) - - - ? ?
StartSession authorization_reference Ci(36) - - ? ? ?
StopSession response_url URL - 1 1 1 1
StopSession session_id Ci(36) - 1 1 1 1
ReserveNow response_url URL - 1 1 1 1
ReserveNow token Token - 1 1 1 1
ReserveNow expiry_date DT - 1 1 1 1
ReserveNow reservation_id Ci(36) - int1 1 1 1
ReserveNow location_id Ci(36) - s(39)1 1 1 1
ReserveNow evse_uid Ci(36) - s(39)? ? ? ?
ReserveNow authorization_reference Ci(36) - - ? ? ?
CancelReservation response_url URL - - 1 1 1
CancelReservation reservation_id Ci(36) - - 1 1 1
UnlockConnector response_url URL - 1 1 1 1
UnlockConnector location_id Ci(36) - s(39)1 1 1 1
UnlockConnector evse_uid Ci(36) - s(39)1 1 1 1
UnlockConnector connector_id Ci(36) - 1 1 1 1
CommandResponse result CommandResponseType - 1 1 1 1
CommandResponse timeout int - - 1 1 1
CommandResponse message DisplayText - - * * *
CommandResult result CommandResultType - 1 1 1 1
CommandResult message DisplayText - - * * *
SetChargingProfile charging_profile ChargingProfile - - 1 1 1
SetChargingProfile response_url URL - - 1 1 1
ChargingProfile start_date_time DT - - ? ? ?
ChargingProfile duration int - - ? ? ?
ChargingProfile charging_rate_unit ChargingRateUnit - - 1 1 1
ChargingProfile min_charging_rate num - - ? ? ?
ChargingProfile charging_profile_period ChargingProfilePeriod - - * * *
ChargingProfilePeriod start_period int - - 1 1 1
ChargingProfilePeriod limit num - - 1 1 1
ActiveChargingProfile start_date_time DT - - 1 1 1
ActiveChargingProfile charging_profile ChargingProfile - - 1 1 1
ChargingProfileResponse result ChargingProfileResponseType - - 1 1 1
ChargingProfileResponse timeout int - - 1 1 1
ActiveChargingProfileResult result ChargingProfileResultType - - 1 1 1
ActiveChargingProfileResult profile ActiveChargingProfile - - ? ? ?
ChargingProfileResult result ChargingProfileResultType - - 1 1 1
ClearProfileResult result ChargingProfileResultType - - 1 1 1
ClientInfo party_id Ci(3) - - 1 1 1
ClientInfo country_code Ci(2) - - 1 1 1
ClientInfo role Role - - 1 1 1
ClientInfo status ConnectionStatus - - 1 1 1
ClientInfo last_updated DT - - 1 1 1
`;

/**
 * Enum values: the enum, then its values, each with the first version that has it (`>`) or the last (`<`) where not all do.
 */
export const enumTable = `
Status AVAILABLE BLOCKED CHARGING INOPERATIVE OUTOFORDER PLANNED REMOVED RESERVED UNKNOWN
Capability CHARGING_PROFILE_CAPABLE CREDIT_CARD_PAYABLE RESERVABLE RFID_READER REMOTE_START_STOP_CAPABLE>2.1.1 UNLOCK_CAPABLE>2.1.1 CHARGING_PREFERENCES_CAPABLE>2.2 CHIP_CARD_SUPPORT>2.2 CONTACTLESS_CARD_SUPPORT>2.2 DEBIT_CARD_PAYABLE>2.2 PED_TERMINAL>2.2 TOKEN_GROUP_CAPABLE>2.2 START_SESSION_CONNECTOR_REQUIRED>2.2.1
ConnectorCapability ISO_15118_2_PLUG_AND_CHARGE>2.3.0 ISO_15118_20_PLUG_AND_CHARGE>2.3.0
ConnectorFormat SOCKET CABLE
ConnectorType CHADEMO DOMESTIC_A DOMESTIC_B DOMESTIC_C DOMESTIC_D DOMESTIC_E DOMESTIC_F DOMESTIC_G DOMESTIC_H DOMESTIC_I DOMESTIC_J DOMESTIC_K DOMESTIC_L IEC_60309_2_single_16 IEC_60309_2_three_16 IEC_60309_2_three_32 IEC_60309_2_three_64 IEC_62196_T1 IEC_62196_T1_COMBO IEC_62196_T2 IEC_62196_T2_COMBO IEC_62196_T3A IEC_62196_T3C TESLA_R TESLA_S PANTOGRAPH_BOTTOM_UP>2.2 PANTOGRAPH_TOP_DOWN>2.2 CHAOJI>2.2.1 DOMESTIC_M>2.2.1 DOMESTIC_N>2.2.1 DOMESTIC_O>2.2.1 GBT_AC>2.2.1 GBT_DC>2.2.1 NEMA_5_20>2.2.1 NEMA_6_30>2.2.1 NEMA_6_50>2.2.1 NEMA_10_30>2.2.1 NEMA_10_50>2.2.1 NEMA_14_30>2.2.1 NEMA_14_50>2.2.1 MCS>2.3.0 SAE_J3400>2.3.0
PowerType AC_1_PHASE AC_3_PHASE DC AC_2_PHASE>2.2.1 AC_2_PHASE_SPLIT>2.2.1
ParkingType ON_STREET PARKING_GARAGE UNDERGROUND_GARAGE PARKING_LOT OTHER<2.1.1 UNKNOWN<2.1.1 ALONG_MOTORWAY>2.2 ON_DRIVEWAY>2.2
ParkingRestriction EV_ONLY PLUGGED DISABLED CUSTOMERS MOTORCYCLES EMPLOYEES>2.3.0 TAXIS>2.3.0 TENANTS>2.3.0
Facility HOTEL RESTAURANT CAFE MALL SUPERMARKET SPORT RECREATION_AREA NATURE MUSEUM BUS_STOP TAXI_STAND TRAIN_STATION AIRPORT CARPOOL_PARKING FUEL_STATION WIFI BIKE_SHARING>2.2 TRAM_STOP>2.2 METRO_STATION>2.2 PARKING_LOT>2.2
ImageCategory CHARGER ENTRANCE LOCATION NETWORK OPERATOR OTHER OWNER
EnergySourceCategory NUCLEAR GENERAL_FOSSIL COAL GAS GENERAL_GREEN SOLAR WIND WATER
EnvironmentalImpactCategory NUCLEAR_WASTE CARBON_DIOXIDE
EVSEPosition LEFT RIGHT CENTER
ParkingDirection PARALLEL PERPENDICULAR ANGLE
VehicleType MOTORCYCLE PERSONAL_VEHICLE PERSONAL_VEHICLE_WITH_TRAILER VAN SEMI_TRACTOR RIGID TRUCK_WITH_TRAILER BUS DISABLED
TariffDimensionType ENERGY FLAT PARKING_TIME TIME
TariffType AD_HOC_PAYMENT PROFILE_CHEAP PROFILE_FAST PROFILE_GREEN REGULAR
ReservationRestrictionType RESERVATION RESERVATION_EXPIRES
BookingRestrictionType BOOKING BOOKING_EXPIRES BOOKING_CANCELLATION_FEES BOOKING_OVERTIME
TaxIncluded YES NO N/A
DayOfWeek MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY
ProfileType CHEAP FAST GREEN REGULAR
TokenType OTHER RFID AD_HOC_USER>2.2 APP_USER>2.2 EMAID>2.3.0
WhitelistType ALWAYS ALLOWED ALLOWED_OFFLINE NEVER
AllowedType ALLOWED BLOCKED EXPIRED NO_CREDIT NOT_ALLOWED
InterfaceRole SENDER RECEIVER
Role CPO EMSP HUB<2.2.1 NAP NSP OTHER SCSP PTP>2.3.0
AuthMethod AUTH_REQUEST WHITELIST COMMAND>2.2
SessionStatus ACTIVE COMPLETED INVALID PENDING RESERVATION>2.2
CdrDimensionType ENERGY MAX_CURRENT MIN_CURRENT PARKING_TIME TIME FLAT<2.1.1 CURRENT>2.2 ENERGY_EXPORT>2.2 ENERGY_IMPORT>2.2 POWER>2.2 STATE_OF_CHARGE>2.2 MAX_POWER>2.2 MIN_POWER>2.2 RESERVATION_TIME>2.2 RESERVATION_EXPIRES>2.3.0 RESERVATION_OVERTIME>2.3.0
ChargingPreferencesResponse ACCEPTED DEPARTURE_REQUIRED ENERGY_NEED_REQUIRED NOT_POSSIBLE PROFILE_TYPE_NOT_SUPPORTED
CommandResponseType NOT_SUPPORTED REJECTED ACCEPTED UNKNOWN_SESSION TIMEOUT<2.1.1
CommandResultType ACCEPTED NOT_SUPPORTED REJECTED TIMEOUT UNKNOWN_SESSION<2.1.1 CANCELED_RESERVATION>2.2 EVSE_OCCUPIED>2.2 EVSE_INOPERATIVE>2.2 FAILED>2.2 UNKNOWN_RESERVATION>2.2
ChargingRateUnit W A
ChargingProfileResponseType ACCEPTED NOT_SUPPORTED REJECTED TOO_OFTEN UNKNOWN_SESSION
ChargingProfileResultType ACCEPTED REJECTED UNKNOWN
ConnectionStatus CONNECTED OFFLINE PLANNED SUSPENDED
`;
