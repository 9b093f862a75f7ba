import { isObject, type JsonObject } from "../lib/json.ts";
import { versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject, Visibility } from "../ports/objects.ts";
import type { Partner, Party } from "../ports/partners.ts";
import { MODULES, partyKey } from "./keys.ts";

// Who may read and write what. Pure, and the only place that says it: lists, single objects, counts and the change feed all
// ask by the Visibility made here.

/** `audience` of an object that everyone entitled to its module sees. */
export const EVERYONE = "*";
/** `audience` of an object nobody sees. */
export const NOBODY = "-";
/** `audience` of a Location that is not published but shown to owners of certain Tokens: to those who hold tokens. */
const TOKEN_OWNERS = "EMSP";

/** Whether we are a hub: then partners see each other's objects. */
export const isHub = (parties: readonly Party[]): boolean => parties.some(({ roles }) => roles.includes("HUB"));

/** Roles the partner has towards us. Where the version cannot say a role, it is that of the connection. */
function rolesOf(partner: Partner): Set<string> {
  const roles = new Set(partner.roles.map(({ role }) => role));
  if (partner.side !== null) roles.add(partner.side);
  return roles;
}

/** The roles the partner has as one of its parties; where its version cannot say a role, that of the connection. None: the party is not its. */
export function rolesAs({ roles, side }: Partner, party: { country_code: string; party_id: string }): string[] {
  const key = partyKey(party.country_code, party.party_id);
  const own = roles.filter((role) => partyKey(role.country_code, role.party_id) === key).map(({ role }) => role);
  return own.length === 0 || side === null ? own : [...own, side];
}

/** What a partner may see of a module: for lists, single objects, and what it is kept current with. Null: nothing, it is none of its business. */
export function visibility(partner: Partner, module: string, parties: readonly Party[]): Visibility | null {
  const known = MODULES[module];
  if (known === undefined) return null;
  const { modules, share } = partner.settings;
  if (modules !== undefined && !modules.includes(module)) return null;
  const roles = rolesOf(partner);
  if (!known.readers.some((role) => roles.has(role))) return null;
  const own = share?.parties?.map((party) => party.toUpperCase()) ?? null;
  const asParties = partner.roles
    .filter((party) => rolesAs(partner, party).some((role) => known.readers.includes(role)))
    .map((role) => partyKey(role.country_code, role.party_id));
  return {
    own,
    relayed: isHub(parties),
    reader: partner.id,
    audiences: [...new Set([EVERYONE, ...(saysWhom(partner) ? roles : []), ...asParties])],
  };
}

/** Whether the partner's version can say whom an unpublished Location may be shown to; to others there is none. */
const saysWhom = ({ version }: Partner): boolean =>
  version === null || versionByNumber(version)?.dialect.unpublishedLocations !== false;

/**
 * Whether an object, got from the change feed by this visibility, is to be seen now; false for one that is deleted or hidden by
 * now. (The feed itself has asked whose it is.)
 */
export const isSeen = (visibility: Visibility, object: StoredObject): boolean =>
  !object.deleted && visibility.audiences.includes(object.audience);

/**
 * Whom an object is for, as stored with it. A Location with `publish` false may be shown to nobody or, with
 * `publish_allowed_to`, to the owners of those Tokens: of them only an eMSP knows. A Session or CDR is for the owner of its token.
 * Spec: 2.2.1 mod_locations, Location, `publish`.
 */
export function audienceOf(module: string, model: JsonObject): string {
  if (TOKEN_OWNER_ONLY.has(module)) return tokenOwner(model);
  if (module !== "locations" || model.publish !== false) return EVERYONE;
  return Array.isArray(model.publish_allowed_to) && model.publish_allowed_to.length > 0 ? TOKEN_OWNERS : NOBODY;
}

/** Modules whose objects are for the provider whose customer charged, and nobody else. Spec: 2.2.1 transport_and_format, broadcast push. */
const TOKEN_OWNER_ONLY: ReadonlySet<string> = new Set(["sessions", "cdrs"]);

/** The party that owns the token of a Session or CDR; nobody when it is not known. */
function tokenOwner(model: JsonObject): string {
  const driver = driverOf(model);
  return driver === null ? NOBODY : partyKey(driver.country_code, driver.party_id);
}

/** The party whose token a Session or CDR is charged to; null: it does not say. */
export function driverOf({ cdr_token: token }: JsonObject): { country_code: string; party_id: string } | null {
  if (!isObject(token) || typeof token.country_code !== "string" || typeof token.party_id !== "string") return null;
  return { country_code: token.country_code, party_id: token.party_id };
}

/** Whether a partner may write objects of a party: it has registered the party in a role that owns the module. */
export function ownsModule(partner: Partner, module: string, countryCode: string, partyId: string): boolean {
  const party = partyKey(countryCode, partyId);
  const owners = MODULES[module]?.owners ?? [];
  return partner.roles.some(
    (role) => partyKey(role.country_code, role.party_id) === party && owners.includes(role.role),
  );
}
