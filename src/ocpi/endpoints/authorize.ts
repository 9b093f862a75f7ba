import { type Endpoint, endpoint } from "../endpoints.ts";

/** Real-time authorisation, since 2.1.1. Spec: 2.1.1 and later mod_tokens, Sender (eMSP) interface, POST. */
export const authorize: readonly Endpoint[] = [
  endpoint({
    module: "tokens",
    role: "SENDER",
    method: "POST",
    path: "/{token_uid}/authorize",
    operation: "postAuthorize",
    kind: "LocationReferences",
    answerKind: "AuthorizationInfo",
    request: "optional",
    response: "object",
    query: ["type"],
  }),
];
