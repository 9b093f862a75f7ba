import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { parseLooseTime } from "../lib/time.ts";

/** Fields that say a time. */
const TIME = /date_?time$|^last_updated$/;

/**
 * A body as what it says, to be held against another: null, an empty list and nothing at all are the same, and so is a time however it is
 * spelt. Spec: 2.2.1 terminology, Cardinality; types, DateTime.
 */
export function canonical(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const said: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === null || member === undefined || (Array.isArray(member) && member.length === 0)) continue;
    const time = typeof member === "string" && TIME.test(name) ? parseLooseTime(member) : undefined;
    said[name] = time ?? canonical(member);
  }
  return said;
}
