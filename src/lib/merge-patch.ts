import { isObject, isUnsafeKey, type JsonObject, type JsonValue } from "./json.ts";

/**
 * The target with a merge patch applied; neither argument is changed. `null` removes a member, objects merge, all else
 * replaces. Keys that could reach a prototype (`__proto__`, `constructor`, `prototype`) are left out.
 * Spec: RFC 7396, 2.
 */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = {};
  if (isObject(target)) {
    for (const key of Object.keys(target)) {
      if (!isUnsafeKey(key)) merged[key] = target[key] as JsonValue;
    }
  }
  for (const key of Object.keys(patch)) {
    if (isUnsafeKey(key)) continue;
    const value = patch[key] as JsonValue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}
