import { loadReferences } from "../gateway/references.ts";
import type { JsonObject } from "../lib/json.ts";
import type { EVSE } from "../model/locations.ts";
import { type Codec, isRealLoss, type Kind, type Loss, type Owner } from "../ocpi/codec.ts";
import { newest, type Version } from "../ocpi/versions.ts";
import type { PageRow, Ports } from "../ports.ts";

/** A model object to be said in a version, with what its codec cannot see from it. */
export interface Item {
  object: JsonObject;
  /** Version number it came in. */
  origin: string;
  owner: Owner;
  /** For objects that carry none of their own. */
  lastUpdated: string;
  /** The EVSE a Connector belongs to. */
  evse?: EVSE;
}

/** Objects as JSON text of a version; null where the version cannot say one at all. */
export interface Translated {
  texts: (string | null)[];
  /** Real losses only, each pointer behind the index of its object when there are several. */
  losses: Loss[];
}

type Wanted = Pick<Ports, "objects" | "clock">;

/**
 * Stored rows as JSON texts. What came in the version it goes out in is sent as it stands, unparsed, where the version's
 * wire reads like the model; the rest is translated together, with one query for all references.
 */
export async function translateRows(ports: Wanted, version: Version, kind: Kind, rows: PageRow[]): Promise<Translated> {
  const items = rows.map((row) => (isAsStored(version, row) ? null : itemOf(row)));
  const open = items.filter((item) => item !== null);
  if (open.length === 0) return { texts: rows.map(({ text }) => text), losses: [] };
  const translated = await translateItems(ports, version, kind, open);
  const texts = rows.map(({ text }, i) => (items[i] === null ? text : (translated.texts.shift() ?? null)));
  return { texts, losses: translated.losses };
}

/** Whether a stored text is what this version would send. */
export function isAsStored(version: Version, row: PageRow): boolean {
  return version === newest && row.origin === version.number && !row.text.includes('"wire:');
}

function itemOf({ text, origin }: PageRow): Item {
  const object = JSON.parse(text) as JsonObject;
  return { object, origin, owner: ownerOf(object), lastUpdated: String(object.last_updated) };
}

/** The owner a whole object of the model names. */
export function ownerOf(object: JsonObject): Owner {
  return { country_code: String(object.country_code), party_id: String(object.party_id) };
}

/** Model objects as JSON texts of a version; references of all of them are read in one call. */
export async function translateItems(ports: Wanted, version: Version, kind: Kind, items: Item[]): Promise<Translated> {
  const codec = version.codecs[kind] as Codec | undefined;
  if (codec === undefined) return { texts: items.map(() => null), losses: [] };
  const references = await loadReferences(ports, codec, items);
  const losses: Loss[] = [];
  const texts = items.map((item, i) => {
    const down = codec.down(item.object as never, {
      origin: item.origin,
      references: references[i] ?? {},
      now: ports.clock.now(),
      lastUpdated: item.lastUpdated,
      ...(item.evse === undefined ? {} : { evse: item.evse }),
    });
    const prefix = items.length > 1 ? `/${i}` : "";
    const lost = down.refused ? [down.refused] : down.losses.filter(isRealLoss);
    for (const { pointer, reason } of lost) losses.push({ pointer: prefix + pointer, reason });
    return down.refused ? null : JSON.stringify(down.wire);
  });
  return { texts, losses };
}
