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
import { authorize } from "../endpoints/authorize.ts";
import { commandsReceiver211, commandsSender } from "../endpoints/commands.ts";

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
];
