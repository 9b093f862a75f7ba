import type { JsonObject } from "../lib/json.ts";
import type { Location } from "../model/locations.ts";
import type { Tariff } from "../model/tariffs.ts";
import type { Token } from "../model/tokens.ts";
import type { Codec, DownContext, Owner, References } from "../ocpi/codec.ts";
import type { ObjectRef, StoredObject } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { refOf } from "./keys.ts";
import { assemble, ciIdsOf } from "./objects.ts";

// Other objects that a translation needs: what the codec names, read from storage.

/** An object to be translated. */
export interface Translatable {
  object: JsonObject;
  /** Version number it came in. */
  origin: string;
  owner: Owner;
}

type Found = NonNullable<DownContext["references"]>;

/**
 * What the way down needs for each of some objects: Tariffs and Location of its owner, and its Token. At most one D1 call for each of these
 * three, whatever the number of objects; none where nothing is needed.
 */
export async function loadReferences(
  ports: Pick<Ports, "objects">,
  codec: Codec,
  items: readonly Translatable[],
): Promise<Found[]> {
  const needs = items.map((item) => safely(() => codec.needs(item.object as never)));
  const places = (module: string, ids: (needed: References) => string[]): { id: string; ref: ObjectRef }[][] =>
    needs.map((needed, i) => {
      const { owner, origin } = items[i] as Translatable;
      const ciIds = ciIdsOf(origin);
      return ids(needed).map((id) => ({ id, ref: refOf({ module, ...owner, id, ciIds }) }));
    });
  const tariffs = places("tariffs", (needed) => [...needed.tariffs]);
  const locations = places("locations", ({ location }) => (location === undefined ? [] : [location.location_id]));
  const wanted = needs.flatMap(({ token }) => (token === undefined ? [] : [token]));
  const [knownTariffs, knownLocations, tokens] = await Promise.all([
    many(ports, "tariffs", tariffs),
    many(ports, "locations", locations),
    wanted.length === 0 ? [] : ports.objects.tokens(wanted),
  ]);
  return needs.map(({ token }, i) => {
    const found: { -readonly [K in keyof Found]: Found[K] } = {};
    const known = new Map<string, Tariff>();
    for (const { id, ref } of tariffs[i] ?? []) {
      const tariff = knownTariffs.get(keyOf(ref));
      if (tariff !== undefined) known.set(id, tariff as unknown as Tariff);
    }
    found.tariffs = known;
    const place = locations[i]?.[0];
    const location = place && knownLocations.get(keyOf(place.ref));
    if (location !== undefined) found.location = location as unknown as Location;
    const stored = token && tokens[wanted.indexOf(token)];
    if (stored) found.token = stored.body as unknown as Token;
    return found;
  });
}

/** The stored Token that the way up of an object asks for; undefined when it asks for none, or none is known. One D1 call, or none. */
export async function referencedToken(
  ports: Pick<Ports, "objects">,
  { token }: References,
): Promise<Token | undefined> {
  if (token === undefined) return undefined;
  const [stored] = await ports.objects.tokens([token]);
  return stored ? (stored.body as unknown as Token) : undefined;
}

async function many(
  ports: Pick<Ports, "objects">,
  module: string,
  places: { ref: ObjectRef }[][],
): Promise<Map<string, JsonObject>> {
  const refs = new Map(places.flat().map(({ ref }) => [keyOf(ref), ref]));
  const found: StoredObject[] = refs.size === 0 ? [] : await ports.objects.many(module, [...refs.values()]);
  return new Map(found.map((stored) => [keyOf(stored), assemble(stored)]));
}

const keyOf = (ref: Pick<ObjectRef, "country_code" | "party_id" | "id_key">): string =>
  JSON.stringify([ref.country_code, ref.party_id, ref.id_key]);

/** An object that breaks here breaks again when its own turn comes; the others are not to suffer for it. */
function safely(work: () => References): References {
  try {
    return work();
  } catch {
    return { tariffs: [] };
  }
}
