import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Fault } from "../ocpi/codec.ts";
import type { Reason } from "../ocpi/status.ts";
import { versionByNumber } from "../ocpi/versions.ts";
import type {
  Actor,
  Applied,
  Guarded,
  Loaded,
  ObjectRef,
  Outcome,
  StoredObject,
  Target,
  Writer,
} from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { applyDelete, applyPut, isIdle, refOfPut, refusal, writeOf } from "./apply.ts";
import { applyWindow, type Item, placesOf, windows } from "./bulk.ts";
import { aliasOf, DEFAULT_TOKEN_TYPE, keyOf, moduleOf, refOf } from "./keys.ts";
import { putTogether } from "./locations.ts";

export type { Item };

/** What writing objects asks of the world. */
export type ObjectPorts = Pick<Ports, "clock" | "objects" | "feed" | "background">;

/**
 * How often a write that lost against another one is decided anew. Every round somebody wins, so this is how many may
 * write the same object, or the same EVSE, at once.
 */
const ATTEMPTS = 100;

/** The whole model object. */
export function assemble(stored: StoredObject): JsonObject {
  return stored.module === "locations" ? putTogether(stored.body, stored.evses, stored.last_updated) : stored.body;
}

/** The EVSE or Connector a target names in a whole Location, or the object itself; null when there is no such part. */
export function partOf(model: JsonObject, target: Target): JsonObject | null {
  const { evse_uid, connector_id, ciIds } = target;
  if (evse_uid === undefined) return model;
  const evse = named(model.evses, "uid", evse_uid, ciIds);
  if (evse === undefined || connector_id === undefined) return evse ?? null;
  return named(evse.connectors, "id", connector_id, ciIds) ?? null;
}

/** The part of this id or, where there is none, the one that goes by this name where its id is too long. */
function named(parts: JsonValue | undefined, field: "uid" | "id", id: string, ciIds: boolean): JsonObject | undefined {
  const list = Array.isArray(parts) ? parts.filter(isObject) : [];
  const idOf = (part: JsonObject): string => String(part[field] ?? "");
  const key = keyOf(id, ciIds);
  return list.find((part) => keyOf(idOf(part), ciIds) === key) ?? list.find((part) => aliasOf(idOf(part)) === id);
}

/** Types under which a Token may be kept that a version without types asks for, the likeliest first. */
const tokenTypes = [DEFAULT_TOKEN_TYPE, "OTHER", "APP_USER", "AD_HOC_USER", "EMAID"];

/** Where the object of a target may be kept: one place, but for a Token whose type was not said. */
const refsOf = (target: Target): ObjectRef[] =>
  target.module === "tokens" && target.type === undefined
    ? tokenTypes.map((type) => refOf({ ...target, type }))
    : [refOf(target)];

/** The object of a target as its owner, or the operator, sees it; null when there is none. One D1 call. */
export async function getObject(
  ports: Pick<Ports, "objects">,
  actor: Actor,
  target: Target,
): Promise<Guarded<StoredObject | null>> {
  const refs = refsOf(target);
  if (refs.length === 1) return ports.objects.get(actor, refs[0] as ObjectRef);
  const found = await ports.objects.load(actor, refs, "none");
  return found.ok ? { ok: true, value: newest(found.value).object } : found;
}

/** Whether ids of an object are compared without case: that its version said so holds wherever it is asked for. */
export const ciIdsOf = (origin: string): boolean => versionByNumber(origin)?.dialect.ciIds ?? true;

/**
 * The object an operator names, whoever it is of: the name as it stands or, where its version does not mind, in other letters. Null: there is
 * none. One D1 call.
 */
export async function objectNamed(
  { objects }: Pick<Ports, "objects">,
  target: Omit<Target, "ciIds">,
): Promise<StoredObject | null> {
  const refs = [false, true].map((ciIds) => refOf({ ...target, ciIds }));
  const apart = refs[0]?.id_key === refs[1]?.id_key ? refs.slice(1) : refs;
  const found = await objects.load({ kind: "operator" }, apart, target.module === "locations" ? "all" : "none");
  const there = found.ok ? found.value.map(({ object }) => object) : [];
  const isNamed = ({ id_key, origin }: StoredObject) => id_key === refOf({ ...target, ciIds: ciIdsOf(origin) }).id_key;
  return there.find((object) => object !== null && !object.deleted && isNamed(object)) ?? null;
}

/** Of what was loaded for a target the object that is there. */
function newest(loaded: Loaded[]): Loaded {
  const there = loaded.filter(({ object }) => object !== null && !object.deleted);
  const latest = there.reduce<Loaded | undefined>(
    (a, b) => ((a?.object?.revision ?? -1) >= (b.object?.revision ?? 0) ? a : b),
    undefined,
  );
  return latest ?? (loaded[0] as Loaded);
}

/** Stores an object, an EVSE or a Connector whole. Two D1 calls; one when nothing changes. */
export function putObject(
  ports: ObjectPorts,
  writer: Writer,
  target: Target,
  model: object,
): Promise<Result<Applied, Reason | "stale">> {
  const body = model as JsonObject;
  return change(ports, writer, target, [refOfPut(target, body)], (loaded, now) =>
    applyPut(writer, target, loaded, body, now),
  );
}

/**
 * Changes an object, an EVSE or a Connector. `edit` gets it as stored (again, if it was changed meanwhile), beside it the
 * whole it is part of, and returns it as it shall be; without `last_updated` where the change gave none: then it is set. Two D1 calls; one when nothing changes.
 * Spec: 2.2.1 transport_and_format, PATCH.
 */
export function patchObject(
  ports: ObjectPorts,
  writer: Writer,
  target: Target,
  edit: (stored: JsonObject, whole: StoredObject) => Result<object, Fault[]>,
): Promise<Result<Applied, Reason | "stale">> {
  return change(ports, writer, target, refsOf(target), (loaded, now) => {
    const refused = refusal(writer, target, loaded);
    if (refused !== undefined) return err(refused);
    const { object } = loaded;
    const part = object === null || object.deleted ? null : partOf(assemble(object), target);
    if (object === null || part === null) return err({ kind: "unknown_object", message: `Unknown: ${nameOf(target)}` });
    const edited = edit(part, object);
    if (!edited.ok) return err({ kind: "invalid", faults: edited.error });
    const type = object.module === "tokens" ? object.id_key.slice(0, object.id_key.indexOf("/")) : undefined;
    return applyPut(writer, { ...target, ...(type && { type }) }, loaded, edited.value as JsonObject, now);
  });
}

/** Deletes an object of a module that knows deletion. Two D1 calls. */
export function deleteObject(
  ports: ObjectPorts,
  writer: Writer,
  target: Target,
): Promise<Result<Applied, Reason | "stale">> {
  return change(ports, writer, target, refsOf(target), (loaded) => applyDelete(writer, target, loaded));
}

/** An object or part as an error message names it. */
const nameOf = ({ module, id, evse_uid, connector_id }: Target): string =>
  [`${moduleOf(module).resource} ${id}`, evse_uid && `EVSE ${evse_uid}`, connector_id && `Connector ${connector_id}`]
    .filter(Boolean)
    .join(", ");

/**
 * Loads, decides, commits; decides anew when another write came between. What is remembered of the object is tried first:
 * a write that was decided on it and goes through has saved the load.
 */
async function change(
  ports: ObjectPorts,
  writer: Writer,
  target: Target,
  refs: ObjectRef[],
  decide: (loaded: Loaded, now: number) => Result<Applied, Reason>,
): Promise<Result<Applied, Reason | "stale">> {
  const evses = evsesOf(target);
  const [ref] = refs;
  const remembered = refs.length === 1 && ref !== undefined ? ports.objects.recall(ref, evses) : null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const fromMemory = attempt === 0 ? remembered : null;
    const found = fromMemory === null ? await ports.objects.load(writer.actor, refs, evses) : ok([fromMemory]);
    if (!found.ok) return err("stale");
    const loaded = newest(found.value);
    const decided = decide(loaded, ports.clock.now());
    if (!decided.ok || isIdle(decided.value.outcome)) {
      if (fromMemory !== null) continue;
      return decided;
    }
    const write = writeOf(loaded.object, decided.value.object, target);
    const done = await ports.objects.commit(writer.actor, [write], []);
    if (done === "stale") return err("stale");
    if (done === "conflict") continue;
    ports.background.run(ports.feed.notify([target.module]));
    return decided;
  }
  return err({ kind: "unavailable", message: `${nameOf(target)} is being changed by too many at once` });
}

/** The EVSEs that must be loaded to decide on a target. */
function evsesOf({ module, evse_uid, ciIds }: Target): "all" | "none" | { uid_key: string } {
  if (module !== "locations") return "none";
  return evse_uid === undefined ? "all" : { uid_key: keyOf(evse_uid, ciIds) };
}

/**
 * Stores whole objects of one module, in order: of two with one name the later one wins. Two D1 calls for a window of
 * hundreds, one when none of them changes anything. Every item has its own outcome: a bad one does not keep the others out.
 * A partner that changed meanwhile (`stale`) makes the items that are left `unavailable`.
 */
export async function putMany(
  ports: ObjectPorts,
  writer: Writer,
  module: string,
  items: readonly Item[],
): Promise<Result<Outcome, Reason>[]> {
  const results: Result<Outcome, Reason>[] = [];
  for (const window of windows(items)) results.push(...(await putWindow(ports, writer, module, window)));
  return results;
}

/** How often a window is tried before its objects are stored one by one. */
const WINDOW_ATTEMPTS = 3;

async function putWindow(
  ports: ObjectPorts,
  writer: Writer,
  module: string,
  items: Item[],
): Promise<Result<Outcome, Reason>[]> {
  const places = placesOf(items);
  for (let attempt = 0; attempt < WINDOW_ATTEMPTS; attempt++) {
    const found = await ports.objects.load(writer.actor, places, module === "locations" ? "all" : "none");
    if (!found.ok) return items.map(stale);
    const { results, writes } = applyWindow(writer, items, found.value, ports.clock.now());
    const done = await ports.objects.commit(writer.actor, writes, []);
    if (done === "stale") return items.map(stale);
    if (done === "conflict") continue;
    if (writes.length > 0) ports.background.run(ports.feed.notify([module]));
    return results;
  }
  return oneByOne(ports, writer, items);
}

const stale = (): Result<Outcome, Reason> =>
  err({ kind: "unavailable", message: "The partner changed while its objects were being stored" });

/** The way of a window that others keep writing into: what they do not touch gets in, what they do is decided anew by itself. */
async function oneByOne(ports: ObjectPorts, writer: Writer, items: Item[]): Promise<Result<Outcome, Reason>[]> {
  const results: Result<Outcome, Reason>[] = [];
  for (const { target, model } of items) {
    const put = await putObject(ports, writer, target, model);
    if (put.ok) results.push(ok(put.value.outcome));
    else results.push(put.error === "stale" ? stale() : err(put.error));
  }
  return results;
}
