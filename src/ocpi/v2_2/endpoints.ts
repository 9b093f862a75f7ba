import { authorize } from "../endpoints/authorize.ts";
import { cdrsList, cdrsReceiver } from "../endpoints/cdrs.ts";
import { chargingProfilesReceiver, chargingProfilesSender } from "../endpoints/charging-profiles.ts";
import { clientInfoList, clientInfoReceiver } from "../endpoints/client-info.ts";
import { commandsReceiver, commandsSender } from "../endpoints/commands.ts";
import { chargingPreferences, sessionsList, sessionsReceiver } from "../endpoints/sessions.ts";
import {
  credentialsEndpoints,
  type Endpoint,
  locationsList,
  locationsObjects,
  locationsReceiver,
  tariffsList,
  tariffsReceiver,
  tokensList,
  tokensReceiver,
  versionEndpoints,
} from "../endpoints.ts";

/** What exists in OCPI 2.2. Spec: 2.2 mod_*, Interfaces and endpoints. */
export const endpoints: readonly Endpoint[] = [
  ...versionEndpoints,
  ...credentialsEndpoints,
  ...locationsList,
  ...locationsObjects,
  ...locationsReceiver,
  ...tariffsList,
  ...tariffsReceiver,
  ...tokensList,
  ...tokensReceiver,
  ...authorize,
  ...commandsReceiver,
  ...commandsSender,
  ...chargingProfilesReceiver,
  ...chargingProfilesSender,
  ...clientInfoList,
  ...clientInfoReceiver,
  ...sessionsList,
  ...sessionsReceiver,
  ...chargingPreferences,
  ...cdrsList,
  ...cdrsReceiver,
];
