import { datedPaging, type Endpoint, endpoint, list, patch, put, read, remove } from "../endpoints.ts";

const session = { module: "sessions", kind: "Session" } as const;
const ownedSession = "/{country_code}/{party_id}/{session_id}";

/** The list, for which a start must be given. Spec: all mod_sessions, Sender (CPO) interface. */
export const sessionsList: readonly Endpoint[] = [
  endpoint({ ...session, ...list, query: datedPaging, required: ["date_from"] }),
];
/** Spec: all mod_sessions, Receiver (eMSP) interface. */
export const sessionsReceiver: readonly Endpoint[] = [
  endpoint({ ...session, ...read, path: ownedSession }),
  endpoint({ ...session, ...put, path: ownedSession }),
  endpoint({ ...session, ...patch, path: ownedSession }),
];
/** Spec: 2.0 mod_sessions, eMSP interface. */
export const sessionsReceiverDelete: readonly Endpoint[] = [endpoint({ ...session, ...remove, path: ownedSession })];
/** Since 2.2. Spec: 2.2.1 mod_sessions, Sender interface, PUT. */
export const chargingPreferences: readonly Endpoint[] = [
  endpoint({
    module: "sessions",
    role: "SENDER",
    method: "PUT",
    path: "/{session_id}/charging_preferences",
    operation: "putChargingPreferences",
    kind: "ChargingPreferences",
    answerKind: "ChargingPreferencesResponse",
    request: "object",
    response: "object",
  }),
];
