import { type Endpoint, endpoint } from "../endpoints.ts";

const receiver = {
  module: "chargingprofiles",
  role: "RECEIVER",
  path: "/{session_id}",
  kind: "SetChargingProfile",
  answerKind: "ChargingProfileResponse",
  response: "object",
} as const;

/** Since 2.2. Spec: 2.2.1 mod_charging_profiles, Receiver interface. */
export const chargingProfilesReceiver: readonly Endpoint[] = [
  endpoint({
    ...receiver,
    method: "GET",
    operation: "getChargingProfile",
    request: "none",
    query: ["duration", "response_url"],
    required: ["duration", "response_url"],
  }),
  endpoint({ ...receiver, method: "PUT", operation: "putChargingProfile", request: "object" }),
  endpoint({
    ...receiver,
    method: "DELETE",
    operation: "deleteChargingProfile",
    request: "none",
    query: ["response_url"],
    required: ["response_url"],
  }),
];
/** Our response URLs, and changes of the limits of a session. Since 2.2. Spec: 2.2.1 mod_charging_profiles, Sender interface. */
export const chargingProfilesSender: readonly Endpoint[] = [
  endpoint({
    module: "chargingprofiles",
    role: "SENDER",
    method: "POST",
    path: "/{command}/{command_id}",
    operation: "postChargingProfileResult",
    kind: "ChargingProfileResult",
    otherKinds: ["ActiveChargingProfileResult", "ClearProfileResult"],
    request: "object",
    response: "none",
  }),
  endpoint({
    module: "chargingprofiles",
    role: "SENDER",
    method: "PUT",
    path: "/{session_id}",
    operation: "putActiveChargingProfile",
    kind: "ActiveChargingProfile",
    request: "object",
    response: "none",
  }),
];
