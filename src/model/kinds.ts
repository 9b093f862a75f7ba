import { CDR } from "./cdrs.ts";
import {
  ActiveChargingProfile,
  ActiveChargingProfileResult,
  ChargingProfileResponse,
  ChargingProfileResult,
  ClearProfileResult,
  SetChargingProfile,
} from "./charging-profiles.ts";
import { ClientInfo } from "./client-info.ts";
import {
  CancelReservation,
  CommandResponse,
  CommandResult,
  ReserveNow,
  StartSession,
  StopSession,
  UnlockConnector,
} from "./commands.ts";
import { Credentials, VersionDetails, VersionEntry } from "./credentials.ts";
import { Connector, EVSE, Location } from "./locations.ts";
import { ChargingPreferences, ChargingPreferencesResponse, Session } from "./sessions.ts";
import { Tariff } from "./tariffs.ts";
import { AuthorizationInfo, LocationReferences, Token } from "./tokens.ts";

/** The model schema of every kind of body, superset of all versions. */
export const modelSchemas = {
  Version: VersionEntry,
  VersionDetails,
  Credentials,
  Location,
  EVSE,
  Connector,
  Tariff,
  Token,
  LocationReferences,
  AuthorizationInfo,
  Session,
  CDR,
  ChargingPreferences,
  ChargingPreferencesResponse,
  StartSession,
  StopSession,
  ReserveNow,
  CancelReservation,
  UnlockConnector,
  CommandResponse,
  CommandResult,
  SetChargingProfile,
  ActiveChargingProfile,
  ChargingProfileResponse,
  ActiveChargingProfileResult,
  ChargingProfileResult,
  ClearProfileResult,
  ClientInfo,
} as const;
