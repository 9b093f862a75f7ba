import type { Kind } from "./codec.ts";

/**
 * What another floor must know of a version besides its objects and its endpoints: data, so that nobody compares
 * version numbers. A version's dialect stands in its own folder (`v2_1_1/dialect.ts`).
 */
export interface Dialect {
  /** How a credentials token is written in `Authorization` when nothing was learned of the peer. Both are accepted from anyone. */
  readonly tokenEncoding: "raw" | "base64";
  /** OCPI-to-/OCPI-from-party-id and -country-code exist. */
  readonly routingHeaders: boolean;
  /** X-Request-ID and X-Correlation-ID exist. */
  readonly messageIds: boolean;
  /** Version details give each endpoint a role (SENDER, RECEIVER); without, a module is listed once. */
  readonly interfaceRoles: boolean;
  /** The side we act as is told by the versions URL we hand out (`/ocpi/cpo/versions`), for credentials cannot say it. */
  readonly roleInUrl: boolean;
  /** A connection has exactly one party and one implicit role on each side. */
  readonly connectionHasOneRole: boolean;
  /** What Credentials may say in `roles[].role`; empty where there are no roles. */
  readonly roles: readonly string[];
  /** How credentials name a hub: not at all, as a role HUB, or in `hub_party_id` with the reachable parties as roles. */
  readonly hubRole: "none" | "role" | "hub_party_id";
  /** A hub announces its parties by the module hubclientinfo. */
  readonly clientInfo: boolean;
  /** Fields the standard does not know must be tolerated: they may be sent. */
  readonly unknownFields: boolean;
  /** Unknown values of open enums must be tolerated: they may be sent. */
  readonly openEnums: boolean;
  /** Ids are CiStrings, compared without case; else exact. */
  readonly ciIds: boolean;
  /** Objects carry country_code and party_id in the body, which must equal the URL's. */
  readonly objectsCarryOwner: boolean;
  /** Objects carry last_updated. */
  readonly lastUpdated: boolean;
  /** Kinds whose PATCH must contain last_updated (2001 without). */
  readonly patchNeedsLastUpdated: readonly Kind[];
  /** Lists that PATCH appends to instead of replacing them, by kind. */
  readonly patchAppends: Readonly<Record<string, readonly string[]>>;
  /** Tariffs may be PATCHed. */
  readonly patchTariffs: boolean;
  /** A token is addressed by `?type=` besides its uid (default RFID), so the type is part of its identity. */
  readonly tokenTypeQuery: boolean;
  /** Real-time authorisation exists. */
  readonly authorize: boolean;
  /** Lists of Locations, Tariffs and Tokens take date_from and date_to. */
  readonly dateFilters: boolean;
  /** What date_from and date_to mean for Sessions and CDRs. */
  readonly sessionDateFilter: "start" | "last_updated";
  /** Single objects can be got from the Sender (`{locations}/{location_id}`). */
  readonly senderSingleGet: boolean;
  /** A Location can say that it is not published, and to whom it may be shown all the same. */
  readonly unpublishedLocations: boolean;
  /** Times may carry fractions of a second. */
  readonly fractions: boolean;
  /** Times may carry an offset from UTC. */
  readonly dateOffsets: boolean;
}
