import type { Dialect } from "../dialect.ts";

/** Spec: 2.3.0 transport_and_format, credentials, mod_sessions, mod_tokens. */
export const dialect: Dialect = {
  tokenEncoding: "base64",
  routingHeaders: true,
  messageIds: true,
  interfaceRoles: true,
  roleInUrl: false,
  connectionHasOneRole: false,
  roles: ["CPO", "EMSP", "NAP", "NSP", "OTHER", "PTP", "SCSP"],
  hubRole: "hub_party_id",
  clientInfo: true,
  unknownFields: true,
  openEnums: true,
  ciIds: true,
  objectsCarryOwner: true,
  lastUpdated: true,
  patchNeedsLastUpdated: ["Location", "EVSE", "Connector", "Token"],
  patchAppends: { Session: ["charging_periods"] },
  patchTariffs: false,
  tokenTypeQuery: true,
  authorize: true,
  dateFilters: true,
  sessionDateFilter: "last_updated",
  senderSingleGet: true,
  fractions: true,
  dateOffsets: false,
};
