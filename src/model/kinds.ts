import { Credentials, VersionDetails, VersionEntry } from "./credentials.ts";
import { Connector, EVSE, Location } from "./locations.ts";
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
} as const;
