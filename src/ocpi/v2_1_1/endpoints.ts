import { authorize } from "../endpoints/authorize.ts";
import { cdrsList, cdrsReceiver } from "../endpoints/cdrs.ts";
import { commandsReceiver211, commandsSender } from "../endpoints/commands.ts";
import { sessionsList, sessionsReceiver } from "../endpoints/sessions.ts";
import {
  credentialsEndpoints,
  type Endpoint,
  locationsList,
  locationsObjects,
  locationsReceiver,
  tariffsList,
  tariffsReceiver,
  tariffsReceiverPatch,
  tokensList,
  tokensReceiverByUid,
  versionEndpoints,
} from "../endpoints.ts";

/** What exists in OCPI 2.1.1. Spec: 2.1.1 mod_*, Interfaces and endpoints. */
export const endpoints: readonly Endpoint[] = [
  ...versionEndpoints,
  ...credentialsEndpoints,
  ...locationsList,
  ...locationsObjects,
  ...locationsReceiver,
  ...tariffsList,
  ...tariffsReceiver,
  ...tariffsReceiverPatch,
  ...tokensList,
  ...tokensReceiverByUid,
  ...authorize,
  ...commandsReceiver211,
  ...commandsSender,
  ...sessionsList,
  ...sessionsReceiver,
  ...cdrsList,
  ...cdrsReceiver,
];
