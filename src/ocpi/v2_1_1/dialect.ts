import type { Dialect } from "../dialect.ts";
import { dialect as v22 } from "../v2_2/dialect.ts";

/** Spec: 2.1.1 transport_and_format, credentials, mod_tariffs, types. */
export const dialect: Dialect = {
  ...v22,
  tokenEncoding: "raw",
  routingHeaders: false,
  messageIds: false,
  interfaceRoles: false,
  roleInUrl: true,
  connectionHasOneRole: true,
  roles: [],
  hubRole: "none",
  clientInfo: false,
  ciIds: false,
  objectsCarryOwner: false,
  patchNeedsLastUpdated: [],
  patchAppends: {},
  patchTariffs: true,
  tokenTypeQuery: false,
  unpublishedLocations: false,
  fractions: false,
};
