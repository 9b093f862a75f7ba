import { parkingTypes, roles } from "../../model/enums.ts";
import { modelSchemas } from "../../model/kinds.ts";
import { deriveSchemas, without } from "../shape.ts";

/**
 * Wire schemas of OCPI 2.3.0 (edition 2, with the tariff fields of the payments and bookings modules): the model's
 * fields with what this version requires. Spec: 2.3.0 mod_locations, mod_tariffs, mod_tokens, credentials, types,
 * version_information_endpoint; 2.3.0-payments and 2.3.0-bookings mod_tariffs.
 */
export const schemas = deriveSchemas(modelSchemas, {
  classes: {
    Version: { required: ["version", "url"] },
    VersionDetails: { required: ["version", "endpoints"] },
    Endpoint: { required: ["identifier", "role", "url"] },
    Credentials: { required: ["token", "url", "roles"] },
    CredentialsRole: { required: ["role", "business_details"] },
    BusinessDetails: { required: ["name"] },
    Image: { required: ["url", "category", "type"] },
    DisplayText: { required: ["language", "text"] },
    Location: {
      required: ["publish", "address", "city", "country", "coordinates", "time_zone", "last_updated"],
    },
    GeoLocation: { required: ["latitude", "longitude"] },
    AdditionalGeoLocation: { required: ["latitude", "longitude"] },
    Hours: { required: ["twentyfourseven"] },
    RegularHours: { required: ["weekday", "period_begin", "period_end"] },
    ExceptionalPeriod: { required: ["period_begin", "period_end"] },
    StatusSchedule: { required: ["period_begin", "status"] },
    EnergyMix: { required: ["is_green_energy"] },
    EnergySource: { required: ["source", "percentage"] },
    EnvironmentalImpact: { required: ["category", "amount"] },
    Parking: { required: ["id", "vehicle_types", "restricted_to_type", "reservation_required"] },
    EVSEParking: { required: ["parking_id"] },
    EVSE: { required: ["status", "connectors", "last_updated"] },
    Connector: {
      omit: ["status"],
      required: ["standard", "format", "power_type", "max_voltage", "max_amperage", "last_updated"],
    },
    Tariff: { required: ["currency", "elements", "tax_included", "last_updated"] },
    TariffElement: { required: ["price_components"] },
    PriceComponent: { required: ["type", "price", "step_size"] },
    PriceLimit: { required: ["before_taxes"] },
    Token: { required: ["type", "contract_id", "issuer", "valid", "whitelist", "last_updated"] },
    EnergyContract: { required: ["supplier_name"] },
    LocationReferences: { omit: ["connector_ids"] },
    AuthorizationInfo: { required: ["allowed", "token"] },
  },
  enums: {
    Role: without(roles, "HUB"),
    ParkingType: without(parkingTypes, "OTHER", "UNKNOWN"),
  },
});
