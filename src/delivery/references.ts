import { pullObject } from "../client/pull.ts";
import { assemble } from "../gateway/objects.ts";
import { loadReferences as load, type Translatable } from "../gateway/references.ts";
import type { Codec, DownContext } from "../ocpi/codec.ts";
import { codecOf, newest, type Version, versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import type { Desk } from "./desk.ts";
import { pushRows } from "./feed.ts";
import { storePulled } from "./store-pulled.ts";

/** Objects that translations of a window of objects need besides the objects themselves. */
export interface References {
  /** As `references` of a {@link DownContext}. */
  of(object: StoredObject): NonNullable<DownContext["references"]>;
}

/** Fetches whatever the way down to a version needs for these objects; no call when that is nothing. */
export async function loadReferences(
  ports: Pick<Ports, "objects">,
  version: Version,
  objects: readonly StoredObject[],
): Promise<References> {
  const found = new Map<number, NonNullable<DownContext["references"]>>();
  const byModule = Map.groupBy(
    objects.filter(({ deleted }) => !deleted),
    ({ module }) => module,
  );
  await Promise.all(
    [...byModule].map(async ([module, some]) => {
      const row = pushRows(version).get(module)?.[0];
      const codec = row && (codecOf(version, row.kind) as Codec | undefined);
      if (codec === undefined) return;
      const items = some.flatMap((object) => itemOf(object) ?? []);
      const references = await load(ports, codec, items);
      for (const [i, { seq }] of items.entries()) found.set(seq, references[i] ?? {});
    }),
  );
  return { of: ({ seq }) => found.get(seq) ?? {} };
}

/** Requests and storage calls that it takes to get a Location. */
const FETCH_CALLS = 6;

/** The Location that the way down of an object needs and that is not known; null: none. */
export function missingLocation({ version }: Desk, object: StoredObject, references: References): string | null {
  const row = pushRows(version).get(object.module)?.[0];
  const codec = row && (codecOf(version, row.kind) as Codec | undefined);
  const { location } = codec?.needs(assemble(object) as never) ?? {};
  return location === undefined || references.of(object).location !== undefined ? null : location.location_id;
}

/**
 * Gets a Location that a partner's object names from that partner, and stores it as if it had been pushed. One request, and three D1 calls: the
 * partner, and what is stored.
 * @returns why it is not known now, either; null: it is
 */
export async function fetchLocation(desk: Desk, object: StoredObject, location_id: string): Promise<string | null> {
  const { ports } = desk;
  if (object.partner === null) return "it is one of ours that was never stored";
  desk.budget -= FETCH_CALLS;
  const owner = await ports.partners.get(object.partner);
  const version = owner?.version == null ? undefined : versionByNumber(owner.version);
  if (owner === null || owner.status !== "REGISTERED" || version === undefined) return "its partner is not connected";
  const got = await pullObject(ports, owner, "locations", { location_id });
  if (!got.ok) return `its partner was asked for it: ${got.error}`;
  const [stored] = await storePulled(ports, owner, version, "locations", [got.value]);
  return stored?.ok ? null : "what its partner says of it is of another party, or cannot be stored";
}

/** An object as its references are looked for; undefined for one that breaks here, and again when its own turn comes: it is parked then. */
function itemOf(object: StoredObject): (Translatable & { seq: number }) | undefined {
  const { seq, country_code, party_id, partner } = object;
  // Ids of our own objects are compared as the newest version does, in whatever they were said.
  const origin = partner === null ? newest.number : object.origin;
  try {
    return { seq, object: assemble(object), origin, owner: { country_code, party_id } };
  } catch {
    return undefined;
  }
}
