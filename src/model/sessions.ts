import type * as v from "valibot";
import { bool, ci, closedEnum, code, dateTime, id, list, number, object, optional, text } from "./atoms.ts";
import { CdrToken, ChargingPeriod, Price } from "./cdrs.ts";
import { lastUpdated } from "./common.ts";
import { authMethods, chargingPreferencesResponses, profileTypes, sessionStatuses } from "./enums.ts";

/** One vehicle charging, or about to. Energy in kWh. Spec: 2.3.0 mod_sessions, Session. */
export const Session = object("Session", {
  country_code: ci(2),
  party_id: ci(3),
  id: id(36),
  start_date_time: optional(dateTime()),
  end_date_time: optional(dateTime()),
  kwh: optional(number()),
  cdr_token: optional(CdrToken),
  auth_method: optional(closedEnum("AuthMethod", authMethods)),
  authorization_reference: optional(id(36)),
  location_id: optional(id(36)),
  evse_uid: optional(id(36)),
  connector_id: optional(id(36)),
  meter_id: optional(text(255)),
  currency: optional(code(3)),
  charging_periods: list(ChargingPeriod),
  total_cost: optional(Price),
  status: optional(closedEnum("SessionStatus", sessionStatuses)),
  last_updated: lastUpdated(),
});

/** What the driver wishes of a session; energy in kWh. Since 2.2. Spec: 2.3.0 mod_sessions, ChargingPreferences. */
export const ChargingPreferences = object("ChargingPreferences", {
  profile_type: optional(closedEnum("ProfileType", profileTypes)),
  departure_time: optional(dateTime()),
  energy_need: optional(number()),
  discharge_allowed: optional(bool()),
});

/** Answer to ChargingPreferences; on the wire only the text of `result`. Since 2.2. Spec: 2.3.0 mod_sessions, ChargingPreferencesResponse. */
export const ChargingPreferencesResponse = object("ChargingPreferencesResponse", {
  result: optional(closedEnum("ChargingPreferencesResponse", chargingPreferencesResponses)),
});

export type Session = v.InferOutput<typeof Session>;
export type ChargingPreferences = v.InferOutput<typeof ChargingPreferences>;
export type ChargingPreferencesResponse = v.InferOutput<typeof ChargingPreferencesResponse>;
