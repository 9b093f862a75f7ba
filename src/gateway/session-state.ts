import { deepEqual, type JsonObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Session } from "../model/sessions.ts";
import type { Fault } from "../ocpi/codec.ts";
import { patchObject } from "../ocpi/patch.ts";
import type { Reason } from "../ocpi/status.ts";
import { versionByNumber } from "../ocpi/versions.ts";
import type { Applied, Loaded, StoredObject, Target, Writer } from "../ports/objects.ts";
import type { SessionChange } from "../ports/sessions.ts";
import { applyDelete, applyPut, isIdle, refusal, saidBy } from "./apply.ts";
import { sameContent } from "./locations.ts";
import { lastSaid, stampOf } from "./stamp.ts";

// The life of a session: what a message does to its state, without I/O.

/** Makes of a stored session and a merge patch the session that would be PUT. */
export type MergeRead = (stored: JsonObject, patch: JsonObject) => Result<JsonObject, Fault[]>;

/** Where a status stands in the life of a session; one that stands further back is never come back to. Spec: 2.2.1 mod_sessions, SessionStatus. */
const stages: Readonly<Record<string, number>> = { RESERVATION: 0, PENDING: 1, ACTIVE: 2, COMPLETED: 3, INVALID: 3 };
const END = 3;

const stageOf = (status: JsonValue | undefined): number => stages[String(status)] ?? 0;

/** Whether a session is over: COMPLETED or INVALID. */
export const hasEnded = (session: JsonObject): boolean => stageOf(session.status) === END;

/**
 * What a message makes of a session. Ended, it stays as it is: the same again is taken, anything else refused. Earlier than what is
 * stored, it is taken and changes nothing. A PATCH that was sent twice counts once, though it adds to a list.
 * Spec: 2.2.1 mod_sessions, Session (`status`), PUT, PATCH.
 */
export function applySession(
  writer: Writer,
  target: Target,
  loaded: Loaded,
  change: SessionChange,
  now: number,
  read: MergeRead,
): Result<Applied, Reason> {
  if (change.kind === "delete") return applyDelete(writer, target, loaded);
  const before = loaded.object === null || loaded.object.deleted ? null : loaded.object;
  const model = change.kind === "put" ? ok(change.model) : edited(writer, target, loaded, before, change, read);
  if (!model.ok) return model;
  if (model.value === "older") return ok({ outcome: "older", object: before as StoredObject });
  const applied = applyPut(writer, target, loaded, model.value, now);
  if (!applied.ok || before === null || isIdle(applied.value.outcome)) return applied;
  return isTooLarge(applied.value.object.body) ? err(tooLarge) : lived(before, applied.value);
}

/** Most characters of a session as JSON: it must fit into one value of the database, which takes 2 MB. */
const MOST_CHARACTERS = 1_200_000;
/** Periods a session may have before it is worth asking how large it is. */
const MANY_PERIODS = 2_000;

const isTooLarge = (session: JsonObject): boolean =>
  listOf(session.charging_periods).length > MANY_PERIODS && JSON.stringify(session).length > MOST_CHARACTERS;

const tooLarge: Reason = {
  kind: "invalid",
  faults: [{ pointer: "/charging_periods", message: `make the Session larger than ${MOST_CHARACTERS} characters` }],
};

type Edit = Exclude<SessionChange, { kind: "put" | "delete" }>;

/** The session as the message would have it; without `last_updated` where the message has none. */
function edited(
  writer: Writer,
  target: Target,
  loaded: Loaded,
  before: StoredObject | null,
  change: Edit,
  read: MergeRead,
): Result<JsonObject | "older", Reason> {
  const refused = refusal(writer, target, loaded);
  if (refused !== undefined) return err(refused);
  if (before === null) return err({ kind: "unknown_object", message: `Unknown: Session ${target.id}` });
  const model = change.kind === "merge" ? read(before.body, change.patch) : patched(writer, before, change);
  return model.ok ? model : err({ kind: "invalid", faults: model.error });
}

function patched(
  writer: Writer,
  before: StoredObject,
  { version: number, body, context }: Extract<Edit, { kind: "patch" }>,
): Result<JsonObject | "older", Fault[]> {
  const version = versionByNumber(number);
  if (version === undefined) throw new Error(`There is no OCPI ${number}`);
  const session = before.body as Session;
  const merged = patchObject(version, "Session", session, body, { ...context, origin: before.origin });
  if (!merged.ok) return merged;
  const said = saidBy(writer, body, before.last_updated, before.body);
  if (said === "older") return ok("older");
  const model = { ...(merged.value as JsonObject) };
  if (stampOf(body.last_updated) === undefined) delete model.last_updated;
  else if (isSaidLast(body.last_updated, before) && saysAgain(before.body, model, body)) {
    model.charging_periods = before.body.charging_periods as JsonValue;
  }
  return ok(model);
}

/** Whether a time is the one that was said last of a session. */
const isSaidLast = (said: JsonValue | undefined, { last_updated, body }: StoredObject): boolean =>
  stampOf(said)?.ms === stampOf(lastSaid(last_updated, body))?.ms;

/** Whether the periods a PATCH adds are the last ones already: it came before, and its answer was lost. */
function saysAgain(before: JsonObject, after: JsonObject, body: JsonObject): boolean {
  const added = Array.isArray(body.charging_periods) ? body.charging_periods.length : 0;
  const [old, all] = [listOf(before.charging_periods), listOf(after.charging_periods)];
  return added > 0 && all.length === old.length + added && deepEqual(old.slice(-added), all.slice(-added));
}

const listOf = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

/** Holds a change that came in time against the life of a session. */
function lived(before: StoredObject, applied: Applied): Result<Applied, Reason> {
  const { object } = applied;
  const [from, to] = [before.body.status, object.body.status];
  if (stageOf(from) === END) {
    // Said by the partner that speaks for its party now, it becomes that partner's.
    if (sameContent(before.body, object.body))
      return ok(before.partner === object.partner ? { outcome: "unchanged", object: before } : applied);
    return err({ kind: "ended", message: `Session ${before.id} is ${from} and changes no more` });
  }
  if (stageOf(to) >= stageOf(from)) return ok(applied);
  return err({ kind: "ended", message: `Session ${before.id} is ${from} and does not become ${to} again` });
}

/**
 * Whether a change must be in the database before it is acknowledged: a new session, its end, another status, and whatever decides
 * who sees it. Meter values and periods may follow.
 */
export function isUrgent(before: StoredObject | null, after: StoredObject): boolean {
  if (before === null || before.deleted !== after.deleted || before.body.status !== after.body.status) return true;
  return (["id", "partner", "origin", "audience"] as const).some((column) => before[column] !== after[column]);
}
