import { cdrsList, cdrsReceiver } from "../endpoints/cdrs.ts";
import { sessionsList, sessionsReceiver, sessionsReceiverDelete } from "../endpoints/sessions.ts";
import {
  credentialsEndpoints,
  type Endpoint,
  locationsReceiver,
  locationsUndatedList,
  tariffsReceiver,
  tariffsReceiverPatch,
  tariffsUndatedList,
  tokensReceiverByUid,
  tokensUndatedList,
  versionEndpoints,
} from "../endpoints.ts";

/** What exists in OCPI 2.0. Spec: 2.0 mod_*, Interfaces and endpoints. */
export const endpoints: readonly Endpoint[] = [
  ...versionEndpoints,
  ...credentialsEndpoints,
  ...locationsUndatedList,
  ...locationsReceiver,
  ...tariffsUndatedList,
  ...tariffsReceiver,
  ...tariffsReceiverPatch,
  ...tokensUndatedList,
  ...tokensReceiverByUid,
  ...sessionsList,
  ...sessionsReceiver,
  ...sessionsReceiverDelete,
  ...cdrsList,
  ...cdrsReceiver,
];
