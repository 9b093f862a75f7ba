import { refOf } from "../gateway/keys.ts";
import { assemble } from "../gateway/objects.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Tariff } from "../model/tariffs.ts";
import type { Codec } from "../ocpi/codec.ts";
import { codecOf, type Version, versionByNumber } from "../ocpi/versions.ts";
import type { ObjectRef, Ports, StoredObject } from "../ports.ts";
import { pushRows } from "./feed.ts";

/** Objects that translations of a window of objects need besides the objects themselves. */
export interface References {
  tariffsOf(object: StoredObject): Map<string, Tariff>;
}

type Wanted = { id: string; ref: ObjectRef };

/** Fetches, in one call, whatever the way down to a version needs for these objects; no call when that is nothing. */
export async function loadReferences(
  ports: Pick<Ports, "objects">,
  version: Version,
  objects: readonly StoredObject[],
): Promise<References> {
  const wanted = new Map(objects.map((object) => [object.seq, safely(() => tariffRefs(version, object))]));
  const refs = new Map([...wanted.values()].flat().map(({ ref }) => [keyOf(ref), ref]));
  const found = refs.size === 0 ? [] : await ports.objects.many("tariffs", [...refs.values()]);
  const byKey = new Map(found.map((tariff) => [keyOf(tariff), tariff]));
  return {
    tariffsOf: (object) => {
      const known = new Map<string, Tariff>();
      for (const { id, ref } of wanted.get(object.seq) ?? []) {
        const tariff = byKey.get(keyOf(ref));
        if (tariff !== undefined) known.set(id, assemble(tariff) as unknown as Tariff);
      }
      return known;
    },
  };
}

/** An object that breaks here breaks again when its own turn comes, and is parked then; the others are not to wait for it. */
function safely(work: () => Wanted[]): Wanted[] {
  try {
    return work();
  } catch {
    return [];
  }
}

const keyOf = (ref: { country_code: string; party_id: string; id_key: string }): string =>
  JSON.stringify([ref.country_code, ref.party_id, ref.id_key]);

/** Tariffs of an object's owner that its translation chooses from. */
function tariffRefs(version: Version, object: StoredObject): Wanted[] {
  const row = pushRows(version).get(object.module)?.[0];
  const codec = row && (codecOf(version, row.kind) as Codec | undefined);
  if (codec === undefined || object.deleted) return [];
  const { tariffs } = codec.needs(assemble(object) as JsonObject as Parameters<Codec["needs"]>[0]);
  const ciIds = object.partner === null || (versionByNumber(object.origin)?.dialect.ciIds ?? true);
  const { country_code, party_id } = object;
  return tariffs.map((id) => ({ id, ref: refOf({ module: "tariffs", country_code, party_id, id, ciIds }) }));
}
