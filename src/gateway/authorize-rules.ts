import type { JsonObject } from "../lib/json.ts";
import { BESIDE } from "../model/beside.ts";
import type { AuthorizationInfo, LocationReferences, Token } from "../model/tokens.ts";
import type { Kind } from "../ocpi/codec.ts";
import { classShape } from "../ocpi/shape.ts";
import { codecOf, newest, type Version } from "../ocpi/versions.ts";
import { contractSpellings, readContractId } from "./authorize-contracts.ts";
import { DEFAULT_TOKEN_TYPE } from "./keys.ts";

// Real-time authorisation, the rules without I/O. Spec: 2.2.1 mod_tokens, Real-time authorization; WhitelistType.

/** Values of AllowedType that a list can say. */
export type Listed = "ALLOWED" | "BLOCKED" | "NOT_ALLOWED";

/** How a token of a partner is to be authorised. */
export interface Plan {
  /** Whether its eMSP is asked in real time. */
  ask: boolean;
  /** What our list says of it: the answer when nobody is asked and, where it is ALLOWED, when nobody answers. Null: nothing. */
  listed: Listed | null;
}

/**
 * What a CPO does with a token. ALWAYS: the list alone. ALLOWED: the CPO's choice, which is the list while that says yes.
 * ALLOWED_OFFLINE: real time, the list when the eMSP cannot be reached. NEVER: always real time. A token that is not valid is asked for all the
 * same. One whose eMSP cannot be asked (2.0 has no such request) is as good as the list says, which for NEVER is not at all.
 * @param token as the eMSP last told it; null: it told of none
 */
export function planOf(token: Pick<Token, "whitelist" | "valid"> | null, canAsk: boolean): Plan {
  if (token === null) return { ask: canAsk, listed: null };
  const listed = token.valid === true ? "ALLOWED" : "BLOCKED";
  switch (token.whitelist) {
    case "ALWAYS":
      return { ask: false, listed };
    case "ALLOWED":
      return { ask: canAsk && listed !== "ALLOWED", listed };
    case "ALLOWED_OFFLINE":
      return { ask: canAsk, listed };
    default:
      if (canAsk) return { ask: true, listed: null };
      return { ask: false, listed: listed === "ALLOWED" ? "NOT_ALLOWED" : listed };
  }
}

/**
 * What the list says, as an eMSP would. Only where charging is allowed the location is repeated; which EVSEs are in use or when
 * the place is open is not the eMSP's to judge. Spec: 2.2.1 mod_tokens, AuthorizationInfo, location.
 */
export function listedInfo(
  allowed: Listed,
  token: Token | null,
  references: LocationReferences | null,
): AuthorizationInfo {
  return {
    allowed,
    ...(token === null ? {} : { token }),
    ...(allowed === "ALLOWED" && references !== null ? { location: references } : {}),
  };
}

/** What an own token is worth: the eMSP's answer from its own list. */
export const ownInfo = (token: Token, references: LocationReferences | null): AuthorizationInfo =>
  listedInfo(token.valid === true ? "ALLOWED" : "BLOCKED", token, references);

/** An answer made whole: with the token that was asked about, and the location only where it is allowed. */
export function completed(info: JsonObject, token: Token | null, references: LocationReferences | null): JsonObject {
  const { location, ...rest } = info;
  const whole = (token === null || rest.token ? rest : { ...rest, token }) as JsonObject;
  const place = info.allowed === "ALLOWED" ? (location ?? references) : null;
  return place ? { ...whole, location: place as JsonObject } : whole;
}

/** Bytes in hexadecimal: what a reader of cards says. RFID is also what is meant when no type is said, so that alone tells nothing. */
const isCard = (uid: string, type: string): boolean => type === DEFAULT_TOKEN_TYPE && /^(?:[0-9a-f]{2})+$/i.test(uid);

/** The provider a contract id names; null: it is none, or the uid of a card that only looks like one. */
export function providerOf(uid: string, type: string): { country_code: string; party_id: string } | null {
  const contract = isCard(uid, type) ? null : readContractId(uid);
  return contract === null ? null : { country_code: contract.country, party_id: contract.provider };
}

/** The uids a token may be kept under beside the one that is asked for: none, but for a contract id. Upper case. */
export const otherSpellings = (uid: string, type: string): string[] =>
  isCard(uid, type) ? [] : contractSpellings(uid).filter((spelling) => spelling !== uid.toUpperCase());

/** Types a version without them says as OTHER. Spec: 2.3.0 mod_tokens, TokenType. */
export const LATER_TYPES: readonly string[] = ["APP_USER", "AD_HOC_USER", "EMAID"];

/** What a token is known by, where nothing else of it is. */
export interface TokenName {
  country_code: string;
  party_id: string;
  uid: string;
  type: string;
}

/**
 * A token nobody told of, made from what was asked: it is its own contract, and is to be asked for every time.
 * @param now when it was asked for, OCPI DateTime
 */
export const madeToken = (name: TokenName, issuer: string, allowed: unknown, now: string): Token =>
  ({
    ...name,
    contract_id: name.uid,
    issuer,
    valid: allowed === "ALLOWED",
    whitelist: "NEVER",
    last_updated: now,
  }) as Token;

/** The type by which a version knows tokens of a type of the newest: what its codec makes of a token that has nothing else to say. */
export function saidType(version: Version, type: string): string {
  const name = { country_code: "AA", party_id: "AAA", uid: "0", type };
  const probe = madeToken(name, "-", "ALLOWED", "2026-01-01T00:00:00Z");
  const said = version.codecs.Token.down(probe, { origin: newest.number }).wire?.type;
  return typeof said === "string" ? said : type;
}

/** Whether a class of a version has a field. */
export function hasField(version: Version, kind: Kind, field: string): boolean {
  const codec = codecOf(version, kind);
  return codec !== undefined && classShape(codec.schema).fields.has(field);
}

/** A place as a version can say it: Connectors are named by 2.1.1 only, also where somebody says them in another. */
export function placeFor<T extends LocationReferences | null | undefined>(version: Version, place: T): T {
  const wire = `${BESIDE}connector_ids`;
  const isNamed = place != null && ("connector_ids" in place || wire in place);
  if (!isNamed || hasField(version, "LocationReferences", "connector_ids")) return place;
  const { connector_ids: _, [wire]: __, ...rest } = place as LocationReferences & Record<string, unknown>;
  return rest as T;
}
