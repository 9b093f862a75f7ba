import { deepEqual, isObject, isUnsafeKey, type JsonObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Codec, DownContext, Fault, Kind, Objects, UpContext } from "./codec.ts";
import { codecOf, type Version } from "./versions.ts";

/** What a PATCH needs to know besides stored object and patch: the contexts of both ways, `origin` being the stored object's. */
export type PatchContext = DownContext & Pick<UpContext, "owner" | "role" | "token">;

/** Fields that name an object: a PATCH may repeat them, not change them. */
const identity: Readonly<Record<string, readonly string[]>> = {
  Location: ["country_code", "party_id", "id"],
  EVSE: ["uid"],
  Connector: ["id"],
  Tariff: ["country_code", "party_id", "id"],
  Token: ["country_code", "party_id", "uid"],
  Session: ["country_code", "party_id", "id"],
};

function identityOf(version: Version, kind: Kind): readonly string[] {
  const fields = identity[kind] ?? [];
  const own = version.dialect.objectsCarryOwner ? fields : fields.filter((name) => name === "id" || name === "uid");
  return kind === "Token" && version.dialect.tokenTypeQuery ? [...own, "type"] : own;
}

/**
 * A stored model object after a PATCH in a partner's version: what the patch says replaces whole top-level fields (lists
 * too, but for those the version appends to), all else stays, also what the version cannot say. Refused are a missing
 * last_updated where the version asks for it, null on a required field, a changed identity, and whatever the schema refuses.
 * Throws (a bug) when the version lacks the kind. Spec: 2.2.1 transport_and_format, PATCH; mod_locations, PATCH.
 */
export function patchObject<K extends Kind>(
  version: Version,
  kind: K,
  stored: Objects[K],
  patch: unknown,
  context: PatchContext,
): Result<Objects[K], Fault[]> {
  const codec = codecOf(version, kind);
  if (codec === undefined) throw new Error(`${version.number} has no ${kind}`);
  if (!isObject(patch)) return err([{ pointer: "", message: "must be an object" }]);
  const down = codec.down(stored, context);
  if (down.refused !== undefined) return err([{ pointer: "", message: down.refused.reason }]);
  const { merged, faults } = merge(version, kind, down.wire, patch);
  const parsed = codec.parse(merged);
  if (!parsed.ok) faults.push(...parsed.error);
  if (faults.length > 0) return err(faults);
  return ok(carryOver(codec, stored, down.wire, merged, context));
}

/** The wire object with the patch's fields in it, and what is wrong with the patch itself. */
function merge(
  version: Version,
  kind: Kind,
  wire: JsonObject,
  patch: JsonObject,
): { merged: JsonObject; faults: Fault[] } {
  const merged: JsonObject = { ...wire };
  const faults: Fault[] = [];
  const appended = version.dialect.patchAppends[kind] ?? [];
  const fixed = identityOf(version, kind);
  if (version.dialect.patchNeedsLastUpdated.includes(kind) && patch.last_updated == null) {
    faults.push({ pointer: "/last_updated", message: "is required in a PATCH" });
  }
  for (const key of Object.keys(patch)) {
    if (isUnsafeKey(key)) continue;
    const value = patch[key] as JsonValue;
    if (appended.includes(key)) merged[key] = appendTo(wire[key], value);
    else if (!fixed.includes(key)) merged[key] = value;
    else if (!sameName(wire[key], value, version.dialect.ciIds)) {
      faults.push({ pointer: `/${key}`, message: "names the object and cannot be changed" });
    }
  }
  return { merged, faults };
}

/** A list with more items; null and an empty list add nothing. What is no list takes its place, to be refused. */
function appendTo(list: JsonValue | undefined, more: JsonValue): JsonValue | undefined {
  if (more === null || (Array.isArray(more) && more.length === 0)) return list;
  return Array.isArray(more) && Array.isArray(list) ? [...list, ...more] : more;
}

function sameName(stored: JsonValue | undefined, said: JsonValue, caseless: boolean): boolean {
  if (stored === said) return true;
  return (
    caseless && typeof stored === "string" && typeof said === "string" && stored.toLowerCase() === said.toLowerCase()
  );
}

/** The stored object with those fields replaced that the patch changed, seen from the model. */
function carryOver<K extends Kind>(
  codec: Codec<K>,
  stored: Objects[K],
  before: JsonObject,
  after: JsonObject,
  context: PatchContext,
): Objects[K] {
  const model = stored as JsonObject;
  const { country_code, party_id } = model;
  const own =
    typeof country_code === "string" && typeof party_id === "string" ? { country_code, party_id } : context.owner;
  const up: UpContext = { owner: own, role: context.role, token: context.token };
  const old = codec.up(before, up) as JsonObject;
  const now = codec.up(after, up) as JsonObject;
  const result: JsonObject = { ...model };
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (deepEqual(old[key], now[key])) continue;
    if (now[key] === undefined) delete result[key];
    else result[key] = now[key];
  }
  return result as Objects[K];
}
