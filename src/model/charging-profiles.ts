import type * as v from "valibot";
import { closedEnum, dateTime, integer, list, number, object, optional, url } from "./atoms.ts";
import { chargingProfileResponseTypes, chargingProfileResultTypes, chargingRateUnits } from "./enums.ts";

/** A limit from `start_period` seconds on, in the unit of the profile. Spec: 2.3.0 mod_charging_profiles, ChargingProfilePeriod. */
export const ChargingProfilePeriod = object("ChargingProfilePeriod", {
  start_period: optional(integer()),
  limit: optional(number()),
});

/**
 * Limits of a charging session over time: W, or A per phase; seconds. Without `start_date_time` it starts with the charging.
 * Since 2.2. Spec: 2.3.0 mod_charging_profiles, ChargingProfile.
 */
export const ChargingProfile = object("ChargingProfile", {
  start_date_time: optional(dateTime()),
  duration: optional(integer()),
  charging_rate_unit: optional(closedEnum("ChargingRateUnit", chargingRateUnits)),
  min_charging_rate: optional(number()),
  charging_profile_period: list(ChargingProfilePeriod),
});

/** The limits a session is under. Since 2.2. Spec: 2.3.0 mod_charging_profiles, ActiveChargingProfile. */
export const ActiveChargingProfile = object("ActiveChargingProfile", {
  start_date_time: optional(dateTime()),
  charging_profile: optional(ChargingProfile),
});

/** Put these limits on a session. Since 2.2. Spec: 2.3.0 mod_charging_profiles, SetChargingProfile. */
export const SetChargingProfile = object("SetChargingProfile", {
  charging_profile: optional(ChargingProfile),
  response_url: optional(url()),
});

/** What the CPO says of a request at once; `timeout` in seconds. Since 2.2. Spec: 2.3.0 mod_charging_profiles, ChargingProfileResponse. */
export const ChargingProfileResponse = object("ChargingProfileResponse", {
  result: optional(closedEnum("ChargingProfileResponseType", chargingProfileResponseTypes)),
  timeout: optional(integer()),
});

const result = () => optional(closedEnum("ChargingProfileResultType", chargingProfileResultTypes));

/** What became of a GET. Since 2.2. Spec: 2.3.0 mod_charging_profiles, ActiveChargingProfileResult. */
export const ActiveChargingProfileResult = object("ActiveChargingProfileResult", {
  result: result(),
  profile: optional(ActiveChargingProfile),
});

/** What became of a PUT. Since 2.2. Spec: 2.3.0 mod_charging_profiles, ChargingProfileResult. */
export const ChargingProfileResult = object("ChargingProfileResult", { result: result() });

/** What became of a DELETE. Since 2.2. Spec: 2.3.0 mod_charging_profiles, ClearProfileResult. */
export const ClearProfileResult = object("ClearProfileResult", { result: result() });

export type ChargingProfilePeriod = v.InferOutput<typeof ChargingProfilePeriod>;
export type ChargingProfile = v.InferOutput<typeof ChargingProfile>;
export type ActiveChargingProfile = v.InferOutput<typeof ActiveChargingProfile>;
export type SetChargingProfile = v.InferOutput<typeof SetChargingProfile>;
export type ChargingProfileResponse = v.InferOutput<typeof ChargingProfileResponse>;
export type ActiveChargingProfileResult = v.InferOutput<typeof ActiveChargingProfileResult>;
export type ChargingProfileResult = v.InferOutput<typeof ChargingProfileResult>;
export type ClearProfileResult = v.InferOutput<typeof ClearProfileResult>;
