import type * as v from "valibot";
import { bool, ci, closedEnum, code, id, list, object, openEnum, optional, text } from "./atoms.ts";
import { DisplayText, lastUpdated } from "./common.ts";
import { allowedTypes, profileTypes, tokenTypes, whitelistTypes } from "./enums.ts";

/** The driver's own energy contract. Since 2.2. Spec: 2.3.0 mod_tokens, EnergyContract. */
export const EnergyContract = object("EnergyContract", {
  supplier_name: optional(text(64)),
  contract_id: optional(code(64)),
});

/** What identifies a driver. Spec: 2.3.0 mod_tokens, Token. */
export const Token = object("Token", {
  country_code: ci(2),
  party_id: ci(3),
  uid: id(36),
  type: optional(openEnum("TokenType", tokenTypes)),
  contract_id: optional(id(36)),
  visual_number: optional(text(64)),
  issuer: optional(text(64)),
  group_id: optional(id(36)),
  valid: optional(bool()),
  whitelist: optional(closedEnum("WhitelistType", whitelistTypes)),
  language: optional(code(2)),
  default_profile_type: optional(closedEnum("ProfileType", profileTypes)),
  energy_contract: optional(EnergyContract),
  last_updated: lastUpdated(),
});

/** Where a driver wants to charge. `connector_ids` is said by 2.1.1 only. Spec: 2.3.0 mod_tokens, LocationReferences. */
export const LocationReferences = object("LocationReferences", {
  location_id: id(36),
  evse_uids: list(id(36)),
  connector_ids: list(id(36)),
});

/** Whether, and where, a token may be used. Since 2.1.1. Spec: 2.3.0 mod_tokens, AuthorizationInfo. */
export const AuthorizationInfo = object("AuthorizationInfo", {
  allowed: optional(closedEnum("AllowedType", allowedTypes)),
  token: optional(Token),
  location: optional(LocationReferences),
  authorization_reference: optional(id(36)),
  info: optional(DisplayText),
});

export type EnergyContract = v.InferOutput<typeof EnergyContract>;
export type Token = v.InferOutput<typeof Token>;
export type LocationReferences = v.InferOutput<typeof LocationReferences>;
export type AuthorizationInfo = v.InferOutput<typeof AuthorizationInfo>;
