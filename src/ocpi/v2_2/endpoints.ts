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
];
