import type * as v from "valibot";
import {
  bool,
  ci,
  closedEnum,
  code,
  dateTime,
  id,
  integer,
  list,
  number,
  object,
  openEnum,
  optional,
  text,
} from "./atoms.ts";
import { lastUpdated } from "./common.ts";
import { authMethods, cdrDimensions, connectorFormats, connectorTypes, powerTypes, tokenTypes } from "./enums.ts";
import { GeoLocation } from "./locations.ts";
import { Tariff } from "./tariffs.ts";

/** Stands where a required text cannot be known, as an EVSE before a reservation is used. Spec: 2.2.1 types, string. */
export const NOT_AVAILABLE = "#NA";

/** One tax of a Price, `percentage` in percent. Since 2.3.0. Spec: 2.3.0 types, TaxAmount. */
export const TaxAmount = object("TaxAmount", {
  name: optional(text()),
  account_number: optional(text()),
  percentage: optional(number()),
  amount: optional(number()),
});

/** An amount of money before taxes, and the taxes on it. Spec: 2.3.0 types, Price. */
export const Price = object("Price", { before_taxes: optional(number()), taxes: list(TaxAmount) });

/**
 * Which token was used. `country_code` and `party_id` since 2.2.1; unknown when it came in an older version and no token of ours
 * is the one. Spec: 2.3.0 mod_cdrs, CdrToken.
 */
export const CdrToken = object("CdrToken", {
  country_code: optional(ci(2)),
  party_id: optional(ci(3)),
  uid: id(36),
  type: optional(openEnum("TokenType", tokenTypes)),
  contract_id: optional(id(36)),
});

/** A quantity of a charging period: kWh, A, kW, hours, percent. FLAT until 2.1.1. Spec: 2.3.0 mod_cdrs, CdrDimension. */
export const CdrDimension = object("CdrDimension", {
  type: optional(closedEnum("CdrDimensionType", cdrDimensions)),
  volume: optional(number()),
});

/** A time during which nothing that matters for the price changed. Spec: 2.3.0 mod_cdrs, ChargingPeriod. */
export const ChargingPeriod = object("ChargingPeriod", {
  start_date_time: optional(dateTime()),
  dimensions: list(CdrDimension),
  tariff_id: optional(id(36)),
});

/** Where the session was, as it was then. Spec: 2.3.0 mod_cdrs, CdrLocation. */
export const CdrLocation = object("CdrLocation", {
  id: id(36),
  name: optional(text(255)),
  address: optional(text(45)),
  city: optional(text(45)),
  postal_code: optional(text(10)),
  state: optional(text(20)),
  country: optional(code(3, /^[A-Z]{3}$/)),
  coordinates: optional(GeoLocation),
  evse_uid: optional(id(36)),
  evse_id: optional(ci(48)),
  connector_id: optional(id(36)),
  connector_standard: optional(openEnum("ConnectorType", connectorTypes)),
  connector_format: optional(closedEnum("ConnectorFormat", connectorFormats)),
  connector_power_type: optional(closedEnum("PowerType", powerTypes)),
});

/** One signed meter value. Nothing of it is ever altered, not even cut. Spec: 2.3.0 mod_cdrs, SignedValue. */
export const SignedValue = object("SignedValue", {
  nature: optional(ci(32)),
  plain_data: optional(code(5000)),
  signed_data: optional(code(5000)),
});

/** Meter values signed by the charger, and what is needed to check them. Since 2.2. Spec: 2.3.0 mod_cdrs, SignedData. */
export const SignedData = object("SignedData", {
  encoding_method: optional(ci(36)),
  encoding_method_version: optional(integer()),
  public_key: optional(code(512)),
  signed_values: list(SignedValue),
  url: optional(code(512)),
});

/**
 * What a session costs, for billing: immutable. Energy in kWh, times in hours. `booking_id` belongs to the bookings module of
 * 2.3.0. Spec: 2.3.0 mod_cdrs, CDR.
 */
export const CDR = object("CDR", {
  country_code: ci(2),
  party_id: ci(3),
  id: id(39),
  start_date_time: optional(dateTime()),
  end_date_time: optional(dateTime()),
  session_id: optional(id(36)),
  cdr_token: optional(CdrToken),
  auth_method: optional(closedEnum("AuthMethod", authMethods)),
  authorization_reference: optional(id(36)),
  booking_id: optional(id(36)),
  cdr_location: optional(CdrLocation),
  meter_id: optional(text(255)),
  currency: optional(code(3)),
  tariffs: list(Tariff),
  charging_periods: list(ChargingPeriod),
  signed_data: optional(SignedData),
  total_cost: optional(Price),
  total_fixed_cost: optional(Price),
  total_energy: optional(number()),
  total_energy_cost: optional(Price),
  total_time: optional(number()),
  total_time_cost: optional(Price),
  total_parking_time: optional(number()),
  total_parking_cost: optional(Price),
  total_reservation_cost: optional(Price),
  remark: optional(text(255)),
  invoice_reference_id: optional(ci(39)),
  credit: optional(bool()),
  credit_reference_id: optional(id(39)),
  home_charging_compensation: optional(bool()),
  last_updated: lastUpdated(),
});

export type TaxAmount = v.InferOutput<typeof TaxAmount>;
export type Price = v.InferOutput<typeof Price>;
export type CdrToken = v.InferOutput<typeof CdrToken>;
export type CdrDimension = v.InferOutput<typeof CdrDimension>;
export type ChargingPeriod = v.InferOutput<typeof ChargingPeriod>;
export type CdrLocation = v.InferOutput<typeof CdrLocation>;
export type SignedValue = v.InferOutput<typeof SignedValue>;
export type SignedData = v.InferOutput<typeof SignedData>;
export type CDR = v.InferOutput<typeof CDR>;
