import { aliasId } from "../ocpi/alias.ts";
import type { ObjectRef, Target } from "../ports/objects.ts";

/** What must be known of a module to keep its objects. */
export interface ObjectModule {
  /** Name of one object: first part of its events' types, and its key in their data. */
  readonly resource: string;
  /** Field of the object that names it within its owner. */
  readonly idField: "id" | "uid";
  /** Roles that own such objects, so that their parties may write them. */
  readonly owners: readonly string[];
  /** Roles that are kept current with them, and may read them. */
  readonly readers: readonly string[];
  /** Whether an object can be deleted. Locations and Tokens cannot: they become REMOVED, or invalid. */
  readonly deletable: boolean;
  /** How partners are kept current with them: in their newest state, or each of them said once and for good. */
  readonly delivery: "state" | "record";
  /** Whether ids are compared without case in every version. Spec: 2.0 and 2.1.1 mod_cdrs, CDR, `id` is a CiString already. */
  readonly ciIds: boolean;
}

/**
 * The modules whose objects are kept. Spec: 2.2.1 terminology, Typical OCPI implementations per role; a national access
 * point is on both sides of Locations and Tariffs, a hub of everything.
 */
export const MODULES: Readonly<Record<string, ObjectModule>> = {
  locations: {
    resource: "location",
    idField: "id",
    owners: ["CPO", "NAP", "HUB"],
    readers: ["EMSP", "NSP", "NAP", "OTHER", "PTP", "HUB"],
    deletable: false,
    delivery: "state",
    ciIds: false,
  },
  tariffs: {
    resource: "tariff",
    idField: "id",
    owners: ["CPO", "NAP", "HUB"],
    readers: ["EMSP", "NSP", "NAP", "OTHER", "PTP", "HUB"],
    deletable: true,
    delivery: "state",
    ciIds: false,
  },
  tokens: {
    resource: "token",
    idField: "uid",
    owners: ["EMSP", "HUB"],
    readers: ["CPO", "HUB"],
    deletable: false,
    delivery: "state",
    ciIds: false,
  },
  // Only 2.0 deletes Sessions.
  sessions: {
    resource: "session",
    idField: "id",
    owners: ["CPO", "HUB"],
    readers: ["EMSP", "HUB"],
    deletable: true,
    delivery: "state",
    ciIds: false,
  },
  cdrs: {
    resource: "cdr",
    idField: "id",
    owners: ["CPO", "HUB"],
    readers: ["EMSP", "HUB"],
    deletable: false,
    delivery: "record",
    ciIds: true,
  },
};

/** What is known of a module; throws (a bug) for one whose objects are not kept. */
export function moduleOf(module: string): ObjectModule {
  const known = MODULES[module];
  if (known === undefined) throw new Error(`No objects are kept of module ${module}`);
  return known;
}

/** Type of a Token where none is said. Spec: 2.2.1 mod_tokens, GET, `type`. */
export const DEFAULT_TOKEN_TYPE = "RFID";

/** An id as it is compared: CiStrings in upper case (ASCII letters only, as SQLite's `upper` has it), others as they are. */
export const keyOf = (id: string, ciIds: boolean): string =>
  ciIds ? id.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : id;

/** `NL*TNM`: a party in one word, as settings and audiences name it. */
export const partyKey = (countryCode: string, partyId: string): string => `${countryCode}*${partyId}`.toUpperCase();

/** Where the object of a target is kept. */
export function refOf(target: Target): ObjectRef {
  const key = keyOf(target.id, target.ciIds || moduleOf(target.module).ciIds);
  return {
    module: target.module,
    country_code: target.country_code.toUpperCase(),
    party_id: target.party_id.toUpperCase(),
    id_key: target.module === "tokens" ? `${target.type ?? DEFAULT_TOKEN_TYPE}/${key}` : key,
    recipient: target.recipient ?? "",
  };
}

/** Longest id that goes everywhere as it is. Spec: 2.0 mod_locations, Location, `id`. */
const SHORT_ID = 15;

/** The name an id has in versions it is too long for; null when it fits them all. */
export const aliasOf = (id: string): string | null => (id.length > SHORT_ID ? aliasId(id) : null);
