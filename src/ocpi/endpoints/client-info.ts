import { datedPaging, type Endpoint, endpoint, list, put, read } from "../endpoints.ts";

const clientInfo = { module: "hubclientinfo", kind: "ClientInfo" } as const;
const party = "/{country_code}/{party_id}";

/** What a hub tells of those it connects. Since 2.2. Spec: 2.2.1 mod_hub_client_info, Sender interface. */
export const clientInfoList: readonly Endpoint[] = [endpoint({ ...clientInfo, ...list, query: datedPaging })];
/** Since 2.2. Spec: 2.2.1 mod_hub_client_info, Receiver interface. */
export const clientInfoReceiver: readonly Endpoint[] = [
  endpoint({ ...clientInfo, ...read, path: party }),
  endpoint({ ...clientInfo, ...put, path: party }),
];
