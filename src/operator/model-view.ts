import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";

/** Members of the model that keep the spelling of the version an object came in: inside matters only. */
const SPELLING = "wire:";

/** Text of a model object as an operator sees it; parsed only when there is something to hide. */
export function shownText(text: string): string {
  return text.includes(`"${SPELLING}`) ? JSON.stringify(shown(JSON.parse(text))) : text;
}

/** A model object as an operator sees it. */
export function shown<T extends JsonValue | undefined>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => shown(item)) as T;
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    if (!name.startsWith(SPELLING)) result[name] = shown(member);
  }
  return result as T;
}

/** Whether a name is one an operator may not use. */
export function isReserved(name: string): boolean {
  return name.startsWith(SPELLING);
}
