import type { Rule } from "./validate.ts";
import type { RoleName, Side, Version } from "./versions.ts";

/** An OCPI object as it stands on the wire. Tests reach deep into these, so their fields are not typed. */
// biome-ignore lint/suspicious/noExplicitAny: the shape depends on the version and is judged at run time
export type OcpiObject = Record<string, any>;

/** Modules whose objects are owned, listed and pushed. */
export type ObjectModule = "locations" | "tariffs" | "tokens" | "sessions" | "cdrs" | "hubclientinfo";

/** A party of a platform, as `business_details` of the credentials need it. */
export interface PartyRole {
  role: RoleName;
  country_code: string;
  party_id: string;
  business_details?: OcpiObject;
}

/** A party by its two identifiers. */
export interface PartyId {
  country_code: string;
  party_id: string;
}

/** How the token stands in `Authorization`: as it is, in Base64, or in Base64 of the token and a newline. */
export type TokenEncoding = "raw" | "base64" | "base64-newline";

/** What `startPartner` takes. */
export interface PartnerOptions {
  /** The version it prefers; with 2.0 and 2.1.1 its first role only counts. */
  version: Version;
  /** Every version it offers; `[version]` when left out. */
  versions?: readonly Version[];
  /** Its parties; a CPO of the name `NL TNM` when left out. */
  roles?: readonly PartyRole[];
  /** 0 takes a free one. */
  port?: number;
  host?: string;
  /** How it writes its `Authorization`: Base64 from 2.2 on, raw before, when left out. */
  tokenEncoding?: TokenEncoding;
  /** What it understands in `Authorization`: "any" reads both but notes what is wrong; another is refused with 401. */
  acceptTokens?: "any" | "raw" | "base64";
  /** Modules it offers at all; every module of its roles when left out. */
  modules?: readonly string[];
  /** Modules the other side must offer, else its registration is refused with 3003. */
  expects?: readonly string[];
  /** Endpoint URLs end with a slash (older platforms do that). */
  trailingSlash?: boolean;
  /** Milliseconds before an outbound request is given up (default 10 000). */
  timeoutMs?: number;
}

/** An endpoint as version details list it; `role` from 2.2 on. */
export interface PeerEndpoint {
  identifier: string;
  role?: Side;
  url: string;
}

/** The platform at the other end of a connection. */
export interface Peer {
  version: Version;
  versionsUrl: string;
  /** The credentials token this partner sends. */
  tokenOut: string;
  /** The tokens the peer may send, newest first; older ones die when the newest is first used. */
  tokensIn: string[];
  /** The parties the peer named (one without `role` for 2.0 and 2.1.1). */
  roles: (PartyId & { role?: string; business_details?: OcpiObject })[];
  hubPartyId?: string;
  endpoints: PeerEndpoint[];
  registered: boolean;
}

/** Lower-case header names to values. */
export type Headers = Record<string, string>;

/** What was answered, in either direction. */
export interface Answer {
  http: number;
  headers: Headers;
  /** The body as it was sent or read. */
  raw: string;
  /** Its fields, when it was an OCPI envelope. */
  status_code?: number;
  status_message?: string;
  data?: OcpiObject | OcpiObject[] | string | null;
}

/** A request the partner received. */
export interface InboundRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Headers;
  /** Parsed JSON; undefined when there was none. */
  body: OcpiObject | undefined;
  raw: string;
  time: Date;
  /** What the path leads to: `versions`, `details`, `credentials`, or a module. */
  module: string;
  side?: Side;
  version?: Version;
  /** Undefined until answered, and for ever when the connection was cut or left hanging. */
  answer?: Answer;
}

/** A request the partner sent. */
export interface OutboundRequest {
  method: string;
  url: string;
  headers: Headers;
  body: unknown;
  time: Date;
  answer?: Answer;
  /** Why there is no answer. */
  error?: string;
}

/** Something the peer did that its version of OCPI forbids. */
export interface Violation {
  /** `PUT /ocpi/...` for a request received, `GET http://...` for an answer received. */
  request: string;
  /** Whether the peer's request or its answer is at fault. */
  where: "request" | "answer";
  /** JSON Pointer into the body; `header:<name>` or `query:<name>` for what stands outside of it. */
  pointer: string;
  rule: Rule;
  message: string;
}

/** What to do with a command: the direct answer, and the result that follows it (null: none by itself). */
export interface Decision {
  result: string;
  timeout?: number;
  message?: string;
  /** OCPI status of the direct answer (1000 when left out). */
  status_code?: number;
  /** Result to post when `result` is ACCEPTED; "ACCEPTED" when left out. */
  finish?: string | null;
  /** The profile a GET of an active charging profile brings. */
  profile?: OcpiObject;
}

/** A command or charging-profile request that came in. */
export interface ReceivedCommand {
  /** `START_SESSION`, ... or, for charging profiles, `GET`, `PUT`, `DELETE`. */
  kind: string;
  session_id?: string;
  body: OcpiObject | undefined;
  response_url: string;
  decision: Decision;
  /** Posts a result to its response_url, also a second one. */
  finish(result: string, more?: OcpiObject): Promise<Answer>;
}

/** An asynchronous result, or an active charging profile, that came in. */
export interface ReceivedResult {
  kind: string;
  /** Identifies the response_url; the session for an active charging profile. */
  uid: string;
  body: OcpiObject;
  time: Date;
}

/** Behaviour that is legal either way; assign to change it. */
export interface Settings {
  /** Objects on a page at most, and X-Limit (default 50). */
  maxLimit: number;
  /** Next links carry offset and limit, or one opaque parameter. */
  links: "offset" | "opaque";
  /** What becomes of objects whose owner the peer did not register: stored, or refused with 404. */
  foreignParties: "accept" | "refuse";
  /** 2.1.1 answers commands with a bare string, as its first edition said. */
  bareCommands: boolean;
  onCommand?: (kind: string, body: OcpiObject) => Decision | undefined;
  onProfile?: (method: string, sessionId: string, body: OcpiObject | undefined) => Decision | undefined;
  /** Answers an AuthorizationInfo; undefined leaves the decision to the own tokens. */
  onAuthorize?: (token: OcpiObject | undefined, references: OcpiObject | undefined) => OcpiObject | undefined;
  /** The ChargingPreferencesResponse (default ACCEPTED). */
  onPreferences?: (sessionId: string, body: OcpiObject) => string;
}
