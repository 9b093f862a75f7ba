import { assemble } from "../gateway/objects.ts";
import { loadReferences as load, type Translatable } from "../gateway/references.ts";
import type { Codec, DownContext } from "../ocpi/codec.ts";
import { codecOf, newest, type Version } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { pushRows } from "./feed.ts";

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
