import { isObject, type JsonObject } from "../../../src/lib/json.ts";
import type { Location } from "../../../src/model/locations.ts";
import type { Token } from "../../../src/model/tokens.ts";
import type { DownContext } from "../../../src/ocpi/codec.ts";
import type { Version } from "../../../src/ocpi/versions.ts";
import { location as sample } from "./samples.ts";

/** Owner of all objects of the property tests. */
export const owner = { country_code: "NL", party_id: "TNM" };

/** A token that codecs are handed where an object says less of one. */
export const knownToken: Token = {
  ...owner,
  uid: "1",
  type: "RFID",
  contract_id: "NL-TNM-1",
  issuer: "TNM",
  valid: true,
  whitelist: "NEVER",
  last_updated: "2026-01-01T00:00:00Z",
};

/** What a codec is handed on the way down: the Location a body contains, where it contains one. */
export function referencesFor(from: Version, wire: JsonObject): NonNullable<DownContext["references"]> {
  const { location } = wire;
  const known: Location =
    isObject(location) && "coordinates" in location ? from.codecs.Location.up(location, { owner }) : sample();
  return { token: knownToken, location: known };
}
