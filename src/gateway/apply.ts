import { deepEqual, type JsonObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Fault } from "../ocpi/codec.ts";
import type { Reason } from "../ocpi/status.ts";
import { versionByNumber } from "../ocpi/versions.ts";
import type {
  Applied,
  Loaded,
  ObjectRef,
  ObjectWrite,
  Outcome,
  StoredObject,
  Target,
  Writer,
} from "../ports/objects.ts";
import { isSameCdr } from "./cdrs.ts";
import { audienceOf, ownsModule } from "./entitlement.ts";
import { aliasOf, keyOf, moduleOf, partyKey, refOf } from "./keys.ts";
import {
  connectorOf,
  evseFaults,
  LAST,
  replaceEvse,
  replaceEvses,
  sameContent,
  stampedEvse,
  takeApart,
  withConnector,
} from "./locations.ts";
import {
  besideLocation,
  besideStamp,
  isEarlier,
  isLater,
  isMarked,
  lastSaid,
  type Stamp,
  saysSameTime,
  stampNow,
  stampOf,
  stampTheirs,
} from "./stamp.ts";

// What a write does to the state of an object: the rules, without I/O. A state is never changed in place; parts that stay as
// they are stay the same values, by which `writeOf` tells what must be stored.

/** Whether an outcome leaves everything as it is. */
export const isIdle = (outcome: Outcome): boolean => outcome === "unchanged" || outcome === "older";

/** Why a writer may not write at all here; undefined: it may. `own`: the party is one of ours. */
export function refusal(writer: Writer, target: Target, { own, object }: Loaded): Reason | undefined {
  const { module, country_code, party_id } = target;
  if (writer.partner === null) {
    if (own) return undefined;
    return { kind: "forbidden", message: `${partyKey(country_code, party_id)} is not one of our parties` };
  }
  const foreign = object !== null && object.partner === null;
  if (!foreign && ownsModule(writer.partner, module, country_code, party_id)) return undefined;
  return unknown(`${moduleOf(module).resource} ${target.id} of ${partyKey(country_code, party_id)}`);
}

const unknown = (what: string): Reason => ({ kind: "unknown_object", message: `Unknown: ${what}` });

/** What a body says of its own name, where that is not what the URL says. Spec: 2.2.1 transport_and_format, Client Owned Object Push. */
function nameFaults(target: Target, model: JsonObject): Fault[] {
  const faults: Fault[] = [];
  const check = (field: string, said: string, ci: boolean): void => {
    const value = model[field];
    if (value === undefined || value === null) return;
    if (typeof value === "string" && keyOf(value, ci) === keyOf(said, ci)) return;
    faults.push({ pointer: `/${field}`, message: `is not what the URL says (${said})` });
  };
  if (target.connector_id !== undefined) check("id", target.connector_id, target.ciIds);
  else if (target.evse_uid !== undefined) check("uid", target.evse_uid, target.ciIds);
  else {
    check("country_code", target.country_code, true);
    check("party_id", target.party_id, true);
    check(moduleOf(target.module).idField, target.id, target.ciIds);
    if (target.module === "tokens" && target.type !== undefined) check("type", target.type, false);
  }
  return faults;
}

/** A body with the names the URL has said for it. */
function named(target: Target, model: JsonObject): JsonObject {
  const names: JsonObject =
    target.connector_id !== undefined
      ? { id: target.connector_id }
      : target.evse_uid !== undefined
        ? { uid: target.evse_uid }
        : {
            country_code: target.country_code,
            party_id: target.party_id,
            [moduleOf(target.module).idField]: target.id,
            ...(target.module === "tokens" && target.type !== undefined && { type: target.type }),
          };
  const absent = Object.entries(names).filter(([field]) => model[field] === undefined || model[field] === null);
  return absent.length === 0 ? model : { ...model, ...Object.fromEntries(absent) };
}

/** Where the object of a PUT is kept: a Token whose URL says no type has that of its body. */
export function refOfPut(target: Target, model: JsonObject): ObjectRef {
  const type = target.type ?? (typeof model.type === "string" ? model.type : undefined);
  return refOf({ ...target, ...(type !== undefined && { type }) });
}

/**
 * A PUT of an object, an EVSE or a Connector, on the state that was loaded for it (for an EVSE or Connector that EVSE is
 * enough). Without `last_updated` it is set to now, unless nothing else differs: then nothing changes.
 * Spec: 2.2.1 transport_and_format, PUT; mod_locations, PUT Method (parents' `last_updated`).
 */
export function applyPut(
  writer: Writer,
  target: Target,
  loaded: Loaded,
  model: JsonObject,
  now: number,
): Result<Applied, Reason> {
  const refused = refusal(writer, target, loaded);
  if (refused !== undefined) return err(refused);
  const faults = nameFaults(target, model);
  if (faults.length > 0) return err({ kind: "invalid", faults });
  const body = named(target, model);
  if (target.evse_uid === undefined) return putWhole(writer, target, loaded.object, body, now);
  const location = loaded.object;
  if (location === null || location.deleted)
    return err(unknown(`Location ${target.id}, which would hold EVSE ${target.evse_uid}`));
  return putPart(writer, target, location, body, now);
}

function putWhole(
  writer: Writer,
  target: Target,
  stored: StoredObject | null,
  model: JsonObject,
  now: number,
): Result<Applied, Reason> {
  const before = stored === null || stored.deleted ? null : stored;
  const sameWriter = before !== null && before.partner === (writer.partner?.id ?? null);
  if (before !== null && moduleOf(target.module).delivery === "record") {
    if (!isSameCdr(before, model, writer.origin)) return err(another(target));
    if (sameWriter) return ok({ outcome: "unchanged", object: before });
  }
  const known = sameWriter ? before : null;
  const said = saidBy(writer, model, known?.last_updated, known?.body);
  if (before !== null && said === "older") return ok({ outcome: "older", object: before });
  const stamp = said === "older" || said === undefined ? stampFor(writer)(now, before?.last_updated) : said;
  const isLocation = target.module === "locations";
  const last = model.last_updated ?? lastSaid(known?.last_updated, known?.body);
  const { body, evses } = isLocation
    ? takeApart({ ...(mayBeBumped(writer) && besideLocation(last)), ...model })
    : { body: { ...model, ...besideStamp(stamp, last), last_updated: stamp.text }, evses: [] };
  const faults = evseFaults(evses, target.ciIds);
  if (faults.length > 0) return err({ kind: "invalid", faults });
  const nextEvses = replaceEvses(stored?.evses ?? [], evses, stamp, target.ciIds);
  const sameBody = before !== null && sameContent(before.body, body);
  if (before !== null && sameWriter && sameBody && sameList(before.evses, nextEvses)) {
    const sameTime = said === undefined || stamp.ms === stampOf(before.last_updated)?.ms;
    if (sameTime) return ok({ outcome: "unchanged", object: before });
  }
  const id = body[moduleOf(target.module).idField];
  const object: StoredObject = {
    ...(stored ?? { seq: 0, revision: 0, ...refOfPut(target, model) }),
    id: typeof id === "string" ? id : target.id,
    partner: writer.partner?.id ?? null,
    origin: writer.origin,
    audience: audienceOf(target.module, body),
    body: sameBody && isLocation && saysSameTime(before.body, body) ? before.body : body,
    last_updated: stamp.text,
    received_ms: now,
    deleted: false,
    evses: nextEvses,
  };
  return ok({ outcome: before === null ? "created" : "updated", object });
}

/** Whether changes of its EVSEs may give a writer's Location a time of ours: its version lets them say none. */
function mayBeBumped({ partner, origin }: Writer): boolean {
  const version = partner === null ? undefined : versionByNumber(origin);
  return version !== undefined && !version.dialect.patchNeedsLastUpdated.includes("EVSE");
}

const another = ({ module, id }: Target): Reason => ({
  kind: "conflict",
  message: `Another ${moduleOf(module).resource} with the id ${id} is known: it never changes`,
});

/**
 * The time a write gives itself; undefined: none that counts. A partner's that lies before what is stored is old news; where that is a time of
 * ours, what lies before the one the partner said last. Our own back office is right whatever time it wrote: a copy it read some time ago carries an
 * older one, and its change counts from now.
 */
export function saidBy(
  writer: Writer,
  model: JsonObject,
  stored: JsonValue | undefined,
  body: JsonObject | undefined,
): Stamp | "older" | undefined {
  const said = stampOf(model.last_updated);
  if (said === undefined || !isEarlier(said, stored)) return said;
  if (writer.partner === null) return undefined;
  return isMarked(stored) && !isEarlier(said, lastSaid(stored, body)) ? undefined : "older";
}

const stampFor = ({ partner }: Writer) => (partner === null ? stampNow : stampTheirs);

/** Without the time it gives itself. */
function timeless(model: JsonObject): JsonObject {
  const { last_updated: _, ...rest } = model;
  return rest;
}

const sameList = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** A PUT of an EVSE, or of a Connector, which is a change of its EVSE. The parents get its `last_updated`, where theirs is not later. */
function putPart(
  writer: Writer,
  target: Target,
  location: StoredObject,
  model: JsonObject,
  now: number,
): Result<Applied, Reason> {
  const uid = target.evse_uid ?? "";
  const key = keyOf(uid, target.ciIds);
  const evse = location.evses.find(({ uid_key }) => uid_key === key);
  const connectorId = target.connector_id;
  if (connectorId !== undefined && evse === undefined) {
    return err(unknown(`EVSE ${uid} of Location ${location.id}, which would hold Connector ${connectorId}`));
  }
  const part = connectorId === undefined ? evse?.body : connectorOf(evse?.body ?? {}, connectorId, target.ciIds);
  const said = saidBy(writer, model, part?.last_updated, part);
  if (said === "older") return ok({ outcome: "older", object: location });
  const stamp = said ?? stampFor(writer)(now, part?.last_updated);
  const next = stampedEvse(said === undefined ? timeless(model) : model, part, stamp, target.ciIds);
  if (deepEqual(part, next)) return ok({ outcome: "unchanged", object: location });
  const body =
    connectorId === undefined ? next : withConnector(evse?.body ?? {}, connectorId, next, stamp, target.ciIds);
  const pos = evse?.pos ?? LAST;
  const bodyUid = connectorId === undefined ? String(body.uid) : (evse?.uid ?? uid);
  const after = replaceEvse(evse, { uid: bodyUid, pos, body }, target.ciIds);
  const evses =
    evse === undefined ? [...location.evses, after] : location.evses.map((one) => (one === evse ? after : one));
  const object = { ...location, evses, ...bumped(location, stamp), received_ms: now };
  return ok({ outcome: part === undefined ? "created" : "updated", object });
}

const bumped = (location: StoredObject, stamp: Stamp): { last_updated: string } => ({
  last_updated: isLater(stamp, location.last_updated) ? stamp.text : location.last_updated,
});

/** A deletion: the object stays as a tombstone, so that the change feed can tell of it. */
export function applyDelete(writer: Writer, target: Target, loaded: Loaded): Result<Applied, Reason> {
  const refused = refusal(writer, target, loaded);
  if (refused !== undefined) return err(refused);
  const { resource, deletable } = moduleOf(target.module);
  if (!deletable) return err({ kind: "method_not_allowed", allow: ["GET", "PUT", "PATCH"] });
  if (loaded.object === null || loaded.object.deleted) return err(unknown(`${resource} ${target.id}`));
  return ok({ outcome: "updated", object: { ...loaded.object, deleted: true } });
}

/** What must be stored to get from one state to the next; for a target that is (in) an EVSE only that was decided on. */
export function writeOf(before: StoredObject | null, after: StoredObject, target?: Target): ObjectWrite {
  const { module, country_code, party_id, id_key, recipient } = after;
  const kept = new Set(before?.evses);
  return {
    ref: { module, country_code, party_id, id_key, recipient },
    before,
    part: target?.evse_uid === undefined ? null : partOf(before, keyOf(target.evse_uid, target.ciIds)),
    id: after.id,
    alias: aliasOf(after.id),
    partner: after.partner,
    origin: after.origin,
    audience: after.audience,
    body: before !== null && before.body === after.body ? null : after.body,
    last_updated: after.last_updated,
    deleted: after.deleted,
    evses: after.evses
      .filter((evse) => !kept.has(evse))
      .map(({ uid_key, uid, pos, body }) => ({ uid_key, uid, pos: pos === LAST ? null : pos, body })),
    event: eventOf(before, after),
  };
}

/** What a write is told as. A record is news once, and not to whom it is from. */
function eventOf(before: StoredObject | null, { module, partner, deleted }: StoredObject): string | null {
  const { resource, delivery } = moduleOf(module);
  if (delivery === "record") return before === null && partner !== null ? `${resource}.received` : null;
  return `${resource}.${deleted ? "deleted" : "changed"}`;
}

const partOf = (before: StoredObject | null, key: string): { uid_key: string; revision: number | null } => ({
  uid_key: key,
  revision: before?.evses.find(({ uid_key }) => uid_key === key)?.revision ?? null,
});
