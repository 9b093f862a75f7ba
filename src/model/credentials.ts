import type * as v from "valibot";
import { ci, closedEnum, code, list, object, optional, text, url } from "./atoms.ts";
import { BusinessDetails } from "./common.ts";
import { interfaceRoles, roles } from "./enums.ts";

export { BusinessDetails } from "./common.ts";

/** One role of one party. HUB until 2.2.1. Spec: 2.2.1 credentials, CredentialsRole. */
export const CredentialsRole = object("CredentialsRole", {
  role: optional(closedEnum("Role", roles)),
  business_details: optional(BusinessDetails),
  party_id: ci(3),
  country_code: ci(2),
});

/**
 * What one platform tells another to be reached. A version with one party per connection has one role here. A hub is a
 * role HUB (2.2, 2.2.1) or named by `hub_party_id` (2.3.0). Spec: 2.3.0 credentials, Credentials.
 */
export const Credentials = object("Credentials", {
  token: optional(code(64)),
  url: optional(url()),
  hub_party_id: optional(ci(5)),
  roles: list(CredentialsRole),
});

/** An element of the versions list. Spec: 2.3.0 version_information_endpoint, Version. */
export const VersionEntry = object("Version", { version: optional(text()), url: optional(url()) });

/** Where a module is. `role` since 2.2; below, it follows from the peer's role. Spec: 2.3.0 version_information_endpoint, Endpoint. */
export const Endpoint = object("Endpoint", {
  identifier: optional(text()),
  role: optional(closedEnum("InterfaceRole", interfaceRoles)),
  url: optional(url()),
});

/** What a platform offers in one version. Spec: 2.3.0 version_information_endpoint, Version details. */
export const VersionDetails = object("VersionDetails", { version: optional(text()), endpoints: list(Endpoint) });

export type CredentialsRole = v.InferOutput<typeof CredentialsRole>;
export type Credentials = v.InferOutput<typeof Credentials>;
export type VersionEntry = v.InferOutput<typeof VersionEntry>;
export type Endpoint = v.InferOutput<typeof Endpoint>;
export type VersionDetails = v.InferOutput<typeof VersionDetails>;

/**
 * The party of the hub that credentials are of, undefined when they are not a hub's: `hub_party_id` (2.3.0) or the role HUB
 * (2.2, 2.2.1). Spec: 2.3.0 credentials, hub_party_id; 2.2.1 types, Role.
 */
export function hubParty(credentials: Credentials): { country_code: string; party_id: string } | undefined {
  const id = credentials.hub_party_id;
  if (typeof id === "string") return { country_code: id.slice(0, 2), party_id: id.slice(2) };
  const hub = credentials.roles?.find(({ role }) => role === "HUB");
  return hub && { country_code: hub.country_code, party_id: hub.party_id };
}
