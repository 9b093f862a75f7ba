import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { BESIDE } from "../../model/beside.ts";
import type { References } from "../codec.ts";
import { tokenReference } from "../v2_3_0/cdrs.ts";
import type { Bridge, UpRun } from "../walker/rules.ts";

/** What every type this version lacks is said as. */
const OTHER = "OTHER";

const isSame = (a: JsonValue | undefined, b: string): boolean =>
  typeof a === "string" && a.toUpperCase() === b.toUpperCase();

/** The Token of a Session or CDR as it is asked for: OTHER may be any type. */
export function tokenAsked({ cdr_token }: JsonObject): References {
  const token = tokenReference(cdr_token);
  if (token === undefined) return { tariffs: [] };
  const { type, ...untyped } = token;
  return { tariffs: [], token: type === OTHER ? untyped : token };
}

/** The Token of a Session or CDR whose type may be one this version cannot say. */
export const namedToken = (wire: JsonObject): References =>
  isObject(wire.cdr_token) && wire.cdr_token.type === OTHER ? tokenAsked(wire) : { tariffs: [] };

/** Type of the stored token, where that is the very one: its owner may be left unsaid (2.2). */
function storedType({ country_code, party_id, uid }: JsonObject, { context: { token } }: UpRun): string | undefined {
  if (token === undefined || !isSame(uid, token.uid)) return undefined;
  const isTheirs = country_code == null || isSame(country_code, token.country_code);
  return isTheirs && (party_id == null || isSame(party_id, token.party_id)) ? (token.type ?? undefined) : undefined;
}

/** A token of type OTHER has the type of the stored one. Spec: 2.2.1 mod_tokens, TokenType; 2.3.0 mod_tokens, TokenType. */
export const typeOfStored: Bridge = {
  wire: ["type"],
  model: ["type"],
  up: (wire, run, walk) => {
    const { type } = wire;
    if (type == null) return { type };
    return { type: (type === OTHER ? storedType(wire, run) : undefined) ?? walk("type", type) };
  },
  down: ({ type, [`${BESIDE}type`]: kept }, run, walk) => {
    if (type == null) return type === null && run.relay ? { type } : {};
    // Kept only where it came as OTHER and another type was found.
    if (run.relay && kept === OTHER) return { type: kept };
    const said = walk("type", type, "/type");
    return said === undefined ? {} : { type: said };
  },
};
