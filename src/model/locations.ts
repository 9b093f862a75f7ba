import type * as v from "valibot";
import {
  bool,
  ci,
  closedEnum,
  code,
  coordinate,
  dateTime,
  id,
  integer,
  list,
  number,
  object,
  openEnum,
  optional,
  pattern,
  text,
  url,
} from "./atoms.ts";
import { BusinessDetails, DisplayText, EnergyMix, Image, lastUpdated } from "./common.ts";
import {
  capabilities,
  connectorCapabilities,
  connectorFormats,
  connectorTypes,
  evsePositions,
  facilities,
  parkingDirections,
  parkingRestrictions,
  parkingTypes,
  powerTypes,
  statuses,
  tokenTypes,
  vehicleTypes,
} from "./enums.ts";

/** Forms of coordinates since 2.2. Spec: 2.2.1 mod_locations, GeoLocation. */
export const latitudeForm = /^-?\d{1,2}\.\d{5,7}$/;
export const longitudeForm = /^-?\d{1,3}\.\d{5,7}$/;
/** `hh:mm`. Spec: 2.2.1 mod_locations, RegularHours. */
export const timeForm = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A point in WGS 84, decimal degrees as text. Spec: 2.3.0 mod_locations, GeoLocation. */
export const GeoLocation = object("GeoLocation", {
  latitude: optional(coordinate(10, latitudeForm)),
  longitude: optional(coordinate(11, longitudeForm)),
});

/** A point with a name, such as an entrance. Spec: 2.3.0 mod_locations, AdditionalGeoLocation. */
export const AdditionalGeoLocation = object("AdditionalGeoLocation", {
  latitude: optional(coordinate(10, latitudeForm)),
  longitude: optional(coordinate(11, longitudeForm)),
  name: optional(DisplayText),
});

/** Weekly hours; weekday 1 is Monday, times local to the Location. Spec: 2.3.0 mod_locations, RegularHours. */
export const RegularHours = object("RegularHours", {
  weekday: optional(integer(1)),
  period_begin: optional(pattern(5, timeForm)),
  period_end: optional(pattern(5, timeForm)),
});

/** One exception to the weekly hours. Spec: 2.3.0 mod_locations, ExceptionalPeriod. */
export const ExceptionalPeriod = object("ExceptionalPeriod", {
  period_begin: optional(dateTime()),
  period_end: optional(dateTime()),
});

/** Opening hours: always open, or weekly hours, with exceptions. Spec: 2.3.0 mod_locations, Hours. */
export const Hours = object("Hours", {
  twentyfourseven: optional(bool()),
  regular_hours: list(RegularHours),
  exceptional_openings: list(ExceptionalPeriod),
  exceptional_closings: list(ExceptionalPeriod),
});

/** A status to come. Spec: 2.3.0 mod_locations, StatusSchedule. */
export const StatusSchedule = object("StatusSchedule", {
  period_begin: optional(dateTime()),
  period_end: optional(dateTime()),
  status: optional(closedEnum("Status", statuses)),
});

/** Whom an unpublished Location may be shown to. Spec: 2.3.0 mod_locations, PublishTokenType. */
export const PublishTokenType = object("PublishTokenType", {
  uid: optional(id(36)),
  type: optional(openEnum("TokenType", tokenTypes)),
  visual_number: optional(text(64)),
  issuer: optional(text(64)),
  group_id: optional(id(36)),
});

/** A parking place; weights in kg, lengths in cm, time in minutes. Since 2.3.0. Spec: 2.3.0 mod_locations, Parking. */
export const Parking = object("Parking", {
  id: optional(id(36)),
  physical_reference: optional(text(12)),
  vehicle_types: list(openEnum("VehicleType", vehicleTypes)),
  max_vehicle_weight: optional(number()),
  max_vehicle_height: optional(number()),
  max_vehicle_length: optional(number()),
  max_vehicle_width: optional(number()),
  parking_space_length: optional(number()),
  parking_space_width: optional(number()),
  dangerous_goods_allowed: optional(bool()),
  direction: optional(closedEnum("ParkingDirection", parkingDirections)),
  drive_through: optional(bool()),
  restricted_to_type: optional(bool()),
  reservation_required: optional(bool()),
  time_limit: optional(number()),
  roofed: optional(bool()),
  images: list(Image),
  lighting: optional(bool()),
  refrigeration_outlet: optional(bool()),
  standards: list(ci(36)),
  apds_reference: optional(text()),
});

/** Which parking place an EVSE serves. Since 2.3.0. Spec: 2.3.0 mod_locations, EVSEParking. */
export const EVSEParking = object("EVSEParking", {
  parking_id: optional(id(36)),
  evse_position: optional(closedEnum("EVSEPosition", evsePositions)),
});

/** A socket or cable of an EVSE; V, A, W. `status` is said by 2.0 only. Spec: 2.3.0 mod_locations, Connector. */
export const Connector = object("Connector", {
  id: id(36),
  standard: optional(openEnum("ConnectorType", connectorTypes)),
  format: optional(closedEnum("ConnectorFormat", connectorFormats)),
  power_type: optional(closedEnum("PowerType", powerTypes)),
  max_voltage: optional(integer()),
  max_amperage: optional(integer()),
  max_electric_power: optional(integer()),
  tariff_ids: list(id(36)),
  terms_and_conditions: optional(url()),
  capabilities: list(openEnum("ConnectorCapability", connectorCapabilities)),
  status: optional(closedEnum("Status", statuses)),
  last_updated: lastUpdated(),
});

/** What charges one vehicle at a time. Spec: 2.3.0 mod_locations, EVSE. */
export const EVSE = object("EVSE", {
  uid: id(36),
  evse_id: optional(ci(48)),
  status: optional(closedEnum("Status", statuses)),
  status_schedule: list(StatusSchedule),
  capabilities: list(openEnum("Capability", capabilities)),
  connectors: list(Connector),
  floor_level: optional(text(4)),
  coordinates: optional(GeoLocation),
  physical_reference: optional(text(16)),
  directions: list(DisplayText),
  parking_restrictions: list(openEnum("ParkingRestriction", parkingRestrictions)),
  parking: list(EVSEParking),
  images: list(Image),
  accepted_service_providers: list(text(50)),
  last_updated: lastUpdated(),
});

/** A group of EVSEs at one address. `parking_type` OTHER and UNKNOWN are said by 2.0 and 2.1.1. Spec: 2.3.0 mod_locations, Location. */
export const Location = object("Location", {
  country_code: ci(2),
  party_id: ci(3),
  id: id(36),
  publish: optional(bool()),
  publish_allowed_to: list(PublishTokenType),
  name: optional(text(255)),
  address: optional(text(255)),
  city: optional(text(45)),
  postal_code: optional(text(10)),
  state: optional(text(45)),
  country: optional(code(3, /^[A-Z]{3}$/)),
  coordinates: optional(GeoLocation),
  related_locations: list(AdditionalGeoLocation),
  parking_type: optional(openEnum("ParkingType", parkingTypes)),
  evses: list(EVSE),
  parking_places: list(Parking),
  directions: list(DisplayText),
  operator: optional(BusinessDetails),
  suboperator: optional(BusinessDetails),
  owner: optional(BusinessDetails),
  facilities: list(openEnum("Facility", facilities)),
  time_zone: optional(code(255)),
  opening_times: optional(Hours),
  charging_when_closed: optional(bool()),
  images: list(Image),
  energy_mix: optional(EnergyMix),
  help_phone: optional(ci(25)),
  last_updated: lastUpdated(),
});

export type GeoLocation = v.InferOutput<typeof GeoLocation>;
export type Hours = v.InferOutput<typeof Hours>;
export type PublishTokenType = v.InferOutput<typeof PublishTokenType>;
export type Connector = v.InferOutput<typeof Connector>;
export type EVSE = v.InferOutput<typeof EVSE>;
export type Location = v.InferOutput<typeof Location>;
