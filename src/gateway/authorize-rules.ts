import type { JsonObject } from "../lib/json.ts";
import type { AuthorizationInfo, LocationReferences, Token } from "../model/tokens.ts";

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

/** EMAID of a contract with its provider's party in front: `DE8AAC123456789`, `DE-8AA-C123456789-X`, an `*` for a dash. */
const EMAID = /^([A-Z]{2})([-*]?)([A-Z0-9]{3})\2[A-Z0-9]{9}(\2[A-Z0-9])?$/i;

/** The provider an EMAID (ISO 15118, eMI3) names; null: it is none. */
export function providerOf(contractId: string): { country_code: string; party_id: string } | null {
  const [, country = "", , party = ""] = EMAID.exec(contractId) ?? [];
  return party === "" ? null : { country_code: country.toUpperCase(), party_id: party.toUpperCase() };
}
