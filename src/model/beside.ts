import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";

/**
 * Prefix of the keys by which a model object keeps what a partner wrote and the model cannot hold: `wire:price` is the text of
 * `price` in 2.0 (`"2.00"`). Only codecs write and read them; operators neither see nor send them.
 */
export const BESIDE = "wire:";

/** A model object without what codecs keep in it for themselves, at every depth: what an operator sees. */
export function withoutBeside<T extends JsonObject>(object: T): T {
  return clean(object) as T;
}

function clean(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(clean);
  if (!isObject(value)) return value;
  const shown: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (!key.startsWith(BESIDE)) shown[key] = clean(value[key] ?? null);
  }
  return shown;
}
