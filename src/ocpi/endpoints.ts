import type { Kind } from "./codec.ts";

// The endpoint table: the one place that says what exists. Router, version details, outbound URLs, ENDPOINTS.md and the
// conformance matrix derive from its rows; nothing else knows a path. A version is a selection of the groups below and in `endpoints/`.

/** Which side of a module: the Sender owns the data and is asked for it, the Receiver is told. Spec: 2.2.1 terminology. */
export type InterfaceRole = "SENDER" | "RECEIVER";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Names in braces of a path: `/{country_code}/{party_id}` has two. */
export type ParamsOf<P extends string> = P extends `${string}{${infer N}}${infer Rest}` ? N | ParamsOf<Rest> : never;

/** Path parameters that name an object within its module, by kind. */
interface IdParams {
  Location: "location_id";
  EVSE: "location_id" | "evse_uid";
  Connector: "location_id" | "evse_uid" | "connector_id";
  Tariff: "tariff_id";
  Token: "token_uid";
  Session: "session_id";
}

/** Whose ClientOwnedObject a path speaks of. Spec: 2.2.1 transport_and_format, Client Owned Objects. */
type OwnerParams = "country_code" | "party_id";

type IdOf<K> = K extends keyof IdParams ? IdParams[K] : never;

/** What can be asked of an OCPI platform, and which path parameters each question needs about an object of kind `K`. */
export interface OperationParams<K> {
  getVersions: never;
  getVersionDetails: never;
  getCredentials: never;
  postCredentials: never;
  putCredentials: never;
  deleteCredentials: never;
  /** Sender interface: a page of the module's objects. */
  listObjects: never;
  /** Sender interface: one object, by its id alone. */
  getObject: IdOf<K>;
  getClientOwnedObject: OwnerParams | IdOf<K>;
  putClientOwnedObject: OwnerParams | IdOf<K>;
  patchClientOwnedObject: OwnerParams | IdOf<K>;
  deleteClientOwnedObject: OwnerParams | IdOf<K>;
  /** Sender interface of tokens: may this token be used, here and now? */
  postAuthorize: "token_uid";
  putChargingPreferences: "session_id";
  postCdr: never;
  /** The CDR at the URL that the answer to its POST named. */
  getCdr: "cdr_id";
  /** Receiver interface: a command, named by its CommandType. */
  postCommand: "command";
  /** Sender interface: what became of a command, at the response_url it was given. */
  postCommandResult: "command" | "command_id";
  getChargingProfile: "session_id";
  putChargingProfile: "session_id";
  deleteChargingProfile: "session_id";
  /** Sender interface: what became of a request for charging profiles, at the response_url it was given. */
  postChargingProfileResult: "command" | "command_id";
  /** Sender interface: the limits of a session have changed. */
  putActiveChargingProfile: "session_id";
}

export type Operation = keyof OperationParams<Kind>;

/** Query parameters an endpoint understands; any other is ignored. */
export type QueryParam = "offset" | "limit" | "date_from" | "date_to" | "type" | "duration" | "response_url";

/** A row of the table. */
export interface Endpoint {
  /** ModuleID; `versions` and `version_details` for the two that no version details list. */
  module: string;
  /** null: the interface is the same for both sides. */
  role: InterfaceRole | null;
  method: Method;
  /** What follows the module's Endpoint.url: '' or segments, each a name in braces or a constant. */
  path: string;
  operation: Operation;
  /** The kind of object the path or the list speaks of. */
  kind: Kind;
  /** Other kinds the request may carry instead, by what its path or its history says. */
  otherKinds?: readonly Kind[];
  /** Kind of `data` of the answer, where it is not that of the request. */
  answerKind?: Kind;
  /** What the request carries: nothing, an object, an object or nothing, or (PATCH) some of its fields. */
  request: "none" | "object" | "optional" | "fields";
  /** What `data` of the answer holds. */
  response: "none" | "object" | "list";
  query: readonly QueryParam[];
  /** Query parameters without which a request is refused (2001). */
  required?: readonly QueryParam[];
}

type Exact<P extends string, O extends Operation, K> = [
  Exclude<OperationParams<K>[O], ParamsOf<P>>,
  Exclude<ParamsOf<P>, OperationParams<K>[O]>,
] extends [never, never]
  ? P
  : { missing: Exclude<OperationParams<K>[O], ParamsOf<P>>; unused: Exclude<ParamsOf<P>, OperationParams<K>[O]> };

/** A row; does not compile when the path has not exactly the parameters of the operation on that kind of object. */
export function endpoint<O extends Operation, K extends Kind, const P extends string>(
  row: Omit<Endpoint, "operation" | "kind" | "path" | "query"> & {
    operation: O;
    kind: K;
    path: P & Exact<P, O, K>;
    query?: readonly QueryParam[];
  },
): Endpoint {
  const { module, role, method, path, operation, kind, request, response, query = [], ...rest } = row;
  return { module, role, method, path: path as string, operation, kind, request, response, query, ...rest };
}

export const paging: readonly QueryParam[] = ["offset", "limit"];
export const datedPaging: readonly QueryParam[] = ["date_from", "date_to", "offset", "limit"];

// ---- configuration modules: never routed, no routing headers ----------------------------------------------------

/** Spec: all version_information_endpoint. */
export const versionEndpoints: readonly Endpoint[] = [
  endpoint({
    module: "versions",
    role: null,
    method: "GET",
    path: "",
    operation: "getVersions",
    kind: "Version",
    request: "none",
    response: "list",
  }),
  endpoint({
    module: "version_details",
    role: null,
    method: "GET",
    path: "",
    operation: "getVersionDetails",
    kind: "VersionDetails",
    request: "none",
    response: "object",
  }),
];

const credentials = { module: "credentials", role: null, path: "", kind: "Credentials" } as const;

/** Spec: all credentials, Interfaces and endpoints. */
export const credentialsEndpoints: readonly Endpoint[] = [
  endpoint({ ...credentials, method: "GET", operation: "getCredentials", request: "none", response: "object" }),
  endpoint({ ...credentials, method: "POST", operation: "postCredentials", request: "object", response: "object" }),
  endpoint({ ...credentials, method: "PUT", operation: "putCredentials", request: "object", response: "object" }),
  endpoint({ ...credentials, method: "DELETE", operation: "deleteCredentials", request: "none", response: "none" }),
];

// ---- what Receivers of client owned objects have in common ------------------------------------------------------

export const read = {
  role: "RECEIVER",
  method: "GET",
  operation: "getClientOwnedObject",
  request: "none",
  response: "object",
} as const;
export const put = {
  role: "RECEIVER",
  method: "PUT",
  operation: "putClientOwnedObject",
  request: "object",
  response: "none",
} as const;
export const patch = {
  role: "RECEIVER",
  method: "PATCH",
  operation: "patchClientOwnedObject",
  request: "fields",
  response: "none",
} as const;
export const remove = {
  role: "RECEIVER",
  method: "DELETE",
  operation: "deleteClientOwnedObject",
  request: "none",
  response: "none",
} as const;
export const list = {
  role: "SENDER",
  method: "GET",
  path: "",
  operation: "listObjects",
  request: "none",
  response: "list",
} as const;
const one = { role: "SENDER", method: "GET", operation: "getObject", request: "none", response: "object" } as const;

// ---- locations --------------------------------------------------------------------------------------------------

const location = { module: "locations", kind: "Location" } as const;
const evse = { module: "locations", kind: "EVSE" } as const;
const connector = { module: "locations", kind: "Connector" } as const;
const ownedLocation = "/{country_code}/{party_id}/{location_id}";
const ownedEvse = "/{country_code}/{party_id}/{location_id}/{evse_uid}";
const ownedConnector = "/{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}";

/** The list without date filters. Spec: 2.0 mod_locations, CPO interface. */
export const locationsUndatedList: readonly Endpoint[] = [endpoint({ ...location, ...list, query: paging })];
/** Spec: 2.1.1 and later mod_locations, Sender interface. */
export const locationsList: readonly Endpoint[] = [endpoint({ ...location, ...list, query: datedPaging })];
/** Single objects by id. Spec: 2.1.1 and later mod_locations, Sender interface. */
export const locationsObjects: readonly Endpoint[] = [
  endpoint({ ...location, ...one, path: "/{location_id}" }),
  endpoint({ ...evse, ...one, path: "/{location_id}/{evse_uid}" }),
  endpoint({ ...connector, ...one, path: "/{location_id}/{evse_uid}/{connector_id}" }),
];
/** Spec: all mod_locations, Receiver (eMSP) interface. */
export const locationsReceiver: readonly Endpoint[] = [
  endpoint({ ...location, ...read, path: ownedLocation }),
  endpoint({ ...evse, ...read, path: ownedEvse }),
  endpoint({ ...connector, ...read, path: ownedConnector }),
  endpoint({ ...location, ...put, path: ownedLocation }),
  endpoint({ ...evse, ...put, path: ownedEvse }),
  endpoint({ ...connector, ...put, path: ownedConnector }),
  endpoint({ ...location, ...patch, path: ownedLocation }),
  endpoint({ ...evse, ...patch, path: ownedEvse }),
  endpoint({ ...connector, ...patch, path: ownedConnector }),
];

// ---- tariffs ----------------------------------------------------------------------------------------------------

const tariff = { module: "tariffs", kind: "Tariff" } as const;
const ownedTariff = "/{country_code}/{party_id}/{tariff_id}";

/** Spec: 2.0 mod_tariffs, CPO interface. */
export const tariffsUndatedList: readonly Endpoint[] = [endpoint({ ...tariff, ...list, query: paging })];
/** Spec: 2.1.1 and later mod_tariffs, Sender interface. */
export const tariffsList: readonly Endpoint[] = [endpoint({ ...tariff, ...list, query: datedPaging })];
/** Spec: all mod_tariffs, Receiver (eMSP) interface. */
export const tariffsReceiver: readonly Endpoint[] = [
  endpoint({ ...tariff, ...read, path: ownedTariff }),
  endpoint({ ...tariff, ...put, path: ownedTariff }),
  endpoint({ ...tariff, ...remove, path: ownedTariff }),
];
/** Spec: 2.0, 2.1.1 mod_tariffs, eMSP interface. */
export const tariffsReceiverPatch: readonly Endpoint[] = [endpoint({ ...tariff, ...patch, path: ownedTariff })];

// ---- tokens -----------------------------------------------------------------------------------------------------

const token = { module: "tokens", kind: "Token" } as const;
const ownedToken = "/{country_code}/{party_id}/{token_uid}";

/** Spec: 2.0 mod_tokens, eMSP interface. */
export const tokensUndatedList: readonly Endpoint[] = [endpoint({ ...token, ...list, query: paging })];
/** Spec: 2.1.1 and later mod_tokens, Sender interface. */
export const tokensList: readonly Endpoint[] = [endpoint({ ...token, ...list, query: datedPaging })];
/** The uid alone names the token. Spec: 2.0, 2.1.1 mod_tokens, CPO interface. */
export const tokensReceiverByUid: readonly Endpoint[] = [
  endpoint({ ...token, ...read, path: ownedToken }),
  endpoint({ ...token, ...put, path: ownedToken }),
  endpoint({ ...token, ...patch, path: ownedToken }),
];
/** `type` is part of the key, RFID when absent. Spec: 2.2 and later mod_tokens, Receiver interface. */
export const tokensReceiver: readonly Endpoint[] = [
  endpoint({ ...token, ...read, path: ownedToken, query: ["type"] }),
  endpoint({ ...token, ...put, path: ownedToken, query: ["type"] }),
  endpoint({ ...token, ...patch, path: ownedToken, query: ["type"] }),
];
