import type { ObjectModule, OcpiObject, PartyId } from "./types.ts";
import { atLeast, type Version } from "./versions.ts";

/** One change of a stored object: what came, and the whole object after it (undefined: deleted). */
export interface Change {
  time: Date;
  method: string;
  body: OcpiObject | undefined;
  object: OcpiObject | undefined;
}

/** The objects of one module that the peer sent. */
export interface ModuleStore {
  /** The latest object under `CC/PID/id` (Tokens other than RFID: `CC/PID/uid/TYPE`; ClientInfo: `CC/PID/ROLE`). */
  get(key: string): OcpiObject | undefined;
  /** Everything that happened to it, oldest first. */
  history(key: string): Change[];
  keys(): string[];
  list(): OcpiObject[];
  readonly size: number;
}

interface Entry {
  key: string;
  object: OcpiObject | undefined;
  history: Change[];
}

/** A store to write to. From 2.2 on ids are compared without regard to case, before exactly. */
export interface WritableStore extends ModuleStore {
  write(version: Version, key: string, method: string, body: OcpiObject | undefined, object?: OcpiObject): void;
  find(version: Version, key: string): OcpiObject | undefined;
}

function fold(version: Version, key: string): string {
  return atLeast(version, "2.2") ? key.toLowerCase() : key;
}

function createModuleStore(): WritableStore {
  const entries = new Map<string, Entry>();
  const present = () => [...entries.values()].filter(({ object }) => object !== undefined);
  const seek = (key: string) => entries.get(key) ?? entries.get(key.toLowerCase());
  return {
    get: (key) => seek(key)?.object,
    find: (version, key) => entries.get(fold(version, key))?.object,
    history: (key) => seek(key)?.history ?? [],
    keys: () => present().map(({ key }) => key),
    list: () => present().map(({ object }) => object as OcpiObject),
    get size() {
      return present().length;
    },
    write(version, key, method, body, object) {
      const entry = entries.get(fold(version, key)) ?? { key, object: undefined, history: [] };
      entry.object = object;
      entry.history.push({ time: new Date(), method, body, object });
      entries.set(fold(version, key), entry);
    },
  };
}

/** What the peer sent, by module. */
export type Store = Record<ObjectModule, WritableStore>;

/** An empty store of every module. */
export function createStore(): Store {
  return {
    locations: createModuleStore(),
    tariffs: createModuleStore(),
    tokens: createModuleStore(),
    sessions: createModuleStore(),
    cdrs: createModuleStore(),
    hubclientinfo: createModuleStore(),
  };
}

/** The objects a partner owns in one module, served oldest first. */
export interface OwnModule {
  /** Adds or replaces objects; the place in the list is that of the first addition. */
  add(...objects: OcpiObject[]): void;
  /** By id (a Token's uid), whoever of the own parties it belongs to. */
  get(id: string): OcpiObject | undefined;
  delete(id: string): void;
  list(): OcpiObject[];
  clear(): void;
}

/** Own objects by module. */
export type Own = Record<ObjectModule, OwnModule>;

/** The id of an object within its module. */
export function idOf(module: string, object: OcpiObject): string {
  if (module === "tokens") return String(object.uid);
  return module === "hubclientinfo" ? `${object.country_code}/${object.party_id}/${object.role}` : String(object.id);
}

function createOwnModule(version: Version, module: ObjectModule): OwnModule {
  const objects = new Map<string, OcpiObject>();
  const keyOf = (object: OcpiObject) =>
    fold(version, storeKey(module, object as unknown as PartyId, idOf(module, object), object.type));
  const find = (id: string) =>
    [...objects].find(([, object]) => fold(version, idOf(module, object)) === fold(version, id));
  return {
    add(...added) {
      for (const object of added) objects.set(keyOf(object), object);
    },
    get: (id) => find(id)?.[1],
    delete(id) {
      const found = find(id);
      if (found) objects.delete(found[0]);
    },
    list: () => [...objects.values()],
    clear: () => objects.clear(),
  };
}

/** The own objects of a partner in one version, empty. */
export function createOwn(version: Version): Own {
  return {
    locations: createOwnModule(version, "locations"),
    tariffs: createOwnModule(version, "tariffs"),
    tokens: createOwnModule(version, "tokens"),
    sessions: createOwnModule(version, "sessions"),
    cdrs: createOwnModule(version, "cdrs"),
    hubclientinfo: createOwnModule(version, "hubclientinfo"),
  };
}

/** `CC/PID/id`, the key of an object in the store; RFID is the silent type of a Token. */
export function storeKey(module: string, owner: PartyId, id: string, type = "RFID"): string {
  const key = `${owner.country_code}/${owner.party_id}/${id}`;
  return module === "tokens" && type !== "RFID" ? `${key}/${type}` : key;
}

function same(version: Version, a: unknown, b: string): boolean {
  return fold(version, String(a)) === fold(version, b);
}

/** The Location, or the EVSE or Connector in it that the path names; undefined when there is none. */
export function inLocation(
  version: Version,
  location: OcpiObject | undefined,
  path: readonly string[],
): OcpiObject | undefined {
  const [uid, id] = path;
  if (!location || uid === undefined) return location;
  const evse = (location.evses ?? []).find((e: OcpiObject) => same(version, e.uid, uid));
  if (!evse || id === undefined) return evse;
  return (evse.connectors ?? []).find((c: OcpiObject) => same(version, c.id, id));
}

/** An object with a PATCH applied: fields are replaced whole, but charging periods of a Session are appended from 2.2 on. */
export function patched(version: Version, module: string, object: OcpiObject, patch: OcpiObject): OcpiObject {
  const merged = { ...object, ...patch };
  if (module === "sessions" && atLeast(version, "2.2")) {
    merged.charging_periods = [...(object.charging_periods ?? []), ...(patch.charging_periods ?? [])];
    if (merged.charging_periods.length === 0) delete merged.charging_periods;
  }
  return merged;
}

function replaced(version: Version, list: OcpiObject[], key: "uid" | "id", id: string, by: OcpiObject): OcpiObject[] {
  const at = list.findIndex((element) => same(version, element[key], id));
  return at < 0 ? [...list, by] : list.with(at, by);
}

/**
 * A Location with one EVSE or Connector put or patched; the new `last_updated` climbs to what holds it.
 *
 * @param path `[evse_uid]` or `[evse_uid, connector_id]`
 * @returns undefined when the parent, or for a PATCH the object itself, is not there
 */
export function withPart(
  version: Version,
  location: OcpiObject,
  path: readonly string[],
  method: "PUT" | "PATCH",
  part: OcpiObject,
): OcpiObject | undefined {
  const [uid = "", id] = path;
  const before = inLocation(version, location, path);
  if (!before && method === "PATCH") return undefined;
  const after = method === "PATCH" ? { ...before, ...part } : part;
  const moment = part.last_updated === undefined ? {} : { last_updated: part.last_updated };
  if (id === undefined) {
    return { ...location, evses: replaced(version, location.evses ?? [], "uid", uid, after), ...moment };
  }
  const evse = inLocation(version, location, [uid]);
  if (!evse) return undefined;
  const connectors = replaced(version, evse.connectors ?? [], "id", id, after);
  const evses = replaced(version, location.evses, "uid", uid, { ...evse, connectors, ...moment });
  return { ...location, evses, ...moment };
}
