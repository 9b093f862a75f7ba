import { loadReferences } from "../gateway/references.ts";
import { deepEqual, type JsonObject } from "../lib/json.ts";
import type { EVSE } from "../model/locations.ts";
import {
  type Codec,
  type Down,
  type DownContext,
  isRealLoss,
  type Kind,
  type Loss,
  type Owner,
} from "../ocpi/codec.ts";
import { newest, type Version } from "../ocpi/versions.ts";
import type { PageRow } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { unchangedTexts } from "./unchanged.ts";

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
  /** The object as JSON text: given back as it is where the version says just the same. */
  text?: string;
}

/** Objects as JSON text of a version; null where the version cannot say one at all. */
export interface Translated {
  texts: (string | null)[];
  /** Real losses only, each pointer behind the index of its object when there are several. */
  losses: Loss[];
}

type Wanted = Pick<Ports, "objects" | "clock" | "log">;

/**
 * Stored rows as JSON texts. What came in the version it goes out in is sent as it stands, unparsed, where the version's
 * wire reads like the model, and so is what was found before to be the same in both; the rest is translated together, with
 * one query for all references.
 */
export async function translateRows(ports: Wanted, version: Version, kind: Kind, rows: PageRow[]): Promise<Translated> {
  const unchanged = unchangedTexts(ports.objects, version);
  const items = rows.map((row) => (isAsStored(version, row) || unchanged.has(row) ? null : itemOf(row)));
  const open = items.filter((item) => item !== null);
  if (open.length === 0) return { texts: rows.map(({ text }) => text), losses: [] };
  const translated = await translateItems(ports, version, kind, open);
  const texts = rows.map((row, i) => {
    if (items[i] === null) return row.text;
    const text = translated.texts.shift() ?? null;
    if (text === row.text) unchanged.add(row);
    return text;
  });
  return { texts, losses: translated.losses };
}

/** Whether a stored text is what this version would send. */
export function isAsStored(version: Version, row: PageRow): boolean {
  return version === newest && row.origin === version.number && !row.text.includes('"wire:');
}

function itemOf({ text, origin }: PageRow): Item {
  const object = JSON.parse(text) as JsonObject;
  return { object, origin, owner: ownerOf(object), lastUpdated: String(object.last_updated), text };
}

/** The owner a whole object of the model names. */
export function ownerOf(object: JsonObject): Owner {
  return { country_code: String(object.country_code), party_id: String(object.party_id) };
}

/** What is told of an object whose translation broke: the others are not to suffer for it. */
const BROKE: Loss = { pointer: "", reason: "could not be translated: a fault of the gateway" };

/** Model objects as JSON texts of a version; references of all of them are read in one call. */
export async function translateItems(ports: Wanted, version: Version, kind: Kind, items: Item[]): Promise<Translated> {
  const codec = version.codecs[kind] as Codec | undefined;
  if (codec === undefined) return { texts: items.map(() => null), losses: [] };
  const references = await loadReferences(ports, codec, items);
  const now = ports.clock.now();
  const losses: Loss[] = [];
  const texts = items.map((item, i) => {
    const down = safelyDown(ports, codec, item, {
      origin: item.origin,
      references: references[i] ?? {},
      now,
      lastUpdated: item.lastUpdated,
      ...(item.evse === undefined ? {} : { evse: item.evse }),
    });
    const prefix = items.length > 1 ? `/${i}` : "";
    const lost = down.refused ? [down.refused] : down.losses.filter(isRealLoss);
    for (const { pointer, reason } of lost) losses.push({ pointer: prefix + pointer, reason });
    if (down.refused) return null;
    return saysTheSame(codec, item, down) ? (item.text as string) : JSON.stringify(down.wire);
  });
  return { texts, losses };
}

/** One object that meets a bug must not keep the others of its page from being read. */
function safelyDown({ log }: Pick<Wanted, "log">, codec: Codec, { object }: Item, context: DownContext): Down {
  try {
    return codec.down(object as never, context);
  } catch (bug) {
    const stack = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
    log.write("error", "A bug in the translation of an object", { stack, kind: codec.kind, id: String(object.id) });
    return { refused: BROKE };
  }
}

/** Whether a wire object is the object itself, nothing lost, and always will be: it depends on no other object. */
function saysTheSame(codec: Codec, { text, object }: Item, down: Exclude<Down, { refused: Loss }>): boolean {
  if (text === undefined || down.losses.length > 0) return false;
  const { tariffs, location, token } = codec.needs(object as never);
  return tariffs.length === 0 && !location && !token && deepEqual(down.wire, object);
}
