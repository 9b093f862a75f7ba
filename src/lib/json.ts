import { escapeToken } from "./pointer.ts";
import { err, ok, type Result } from "./result.ts";

/** Anything JSON can say. `undefined` members are tolerated in objects we build: JSON leaves them out. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Deepest nesting of arrays and objects we parse: deeper is an attack, not a Location. */
export const MAX_DEPTH = 64;

/** What is wrong with a JSON text; `malformed`: it is not JSON we read at all (HTTP 400), else values to refuse (2001). */
export interface JsonError {
  readonly malformed: boolean;
  readonly faults: readonly { readonly pointer: string; readonly message: string }[];
}

/** Whether a value is a JSON object (not null, not an array). */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a key could reach a prototype when copied carelessly; such keys are never kept. */
export const isUnsafeKey = (key: string): boolean =>
  key === "__proto__" || key === "constructor" || key === "prototype";

/** Whether two JSON values say the same; members that are undefined count as missing. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (Array.isArray(b)) return false;
  const left = a as JsonObject;
  const right = b as JsonObject;
  for (const key of Object.keys(left)) {
    if (left[key] === undefined) continue;
    if (!Object.hasOwn(right, key) || !deepEqual(left[key], right[key])) return false;
  }
  for (const key of Object.keys(right)) {
    if (right[key] !== undefined && (!Object.hasOwn(left, key) || left[key] === undefined)) return false;
  }
  return true;
}

/** What one pass over a JSON text shows before it is parsed. */
interface Scan {
  readonly depth: number;
  /** Whether parsed values need a look: escapes (NUL, lone surrogates, `__proto__`), or numbers that may overflow. */
  readonly suspicious: boolean;
}

/** One pass over a text: nesting depth outside strings, and whether {@link inspect} is needed. Linear, allocates nothing. */
function scan(text: string): Scan {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  let suspicious = false;
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) {
        if (text.charCodeAt(index + 1) === 0x75) suspicious = true;
        index++;
      } else if (code === 0x22) inString = false;
      else if (code >= 0xd800 && code <= 0xdfff) suspicious = true;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (code >= 0x30 && code <= 0x39) {
      digits++;
      if (digits > 300) suspicious = true;
    } else if ((code === 0x65 || code === 0x45) && digits > 0) suspicious = true;
    else if (code === 0x2c || code === 0x3a) digits = 0;
  }
  return { depth: deepest, suspicious: suspicious || /"(__proto__|constructor|prototype)"/.test(text) };
}

/** Collects faults of a parsed value and removes unsafe keys from it, at every depth. */
function inspect(value: JsonValue, pointer: string, faults: { pointer: string; message: string }[]): void {
  if (typeof value === "string") {
    if (value.includes("\0")) faults.push({ pointer, message: "contains a NUL character" });
    if (!value.isWellFormed()) faults.push({ pointer, message: "contains half of a surrogate pair" });
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) faults.push({ pointer, message: "is too large a number" });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) inspect(item, `${pointer}/${index}`, faults);
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (isUnsafeKey(key)) {
        delete value[key];
        continue;
      }
      if (key.includes("\0") || !key.isWellFormed()) {
        faults.push({ pointer, message: "has a member whose name is not text" });
        continue;
      }
      inspect(value[key] as JsonValue, `${pointer}/${escapeToken(key)}`, faults);
    }
  }
}

/**
 * Parses JSON from a peer. A byte order mark is skipped; nesting deeper than {@link MAX_DEPTH} is refused before parsing; NUL,
 * lone surrogates and numbers beyond a double are faults with a pointer; keys that could reach a prototype are
 * removed at every depth. A key said twice: the last one counts, as JSON.parse has it.
 */
export function parseJson(text: string): Result<JsonValue, JsonError> {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const { depth, suspicious } = scan(body);
  if (depth > MAX_DEPTH) {
    return err({ malformed: true, faults: [{ pointer: "", message: `nested deeper than ${MAX_DEPTH} levels` }] });
  }
  let value: JsonValue;
  try {
    value = JSON.parse(body) as JsonValue;
  } catch {
    return err({ malformed: true, faults: [{ pointer: "", message: "is not valid JSON" }] });
  }
  if (!suspicious) return ok(value);
  const faults: { pointer: string; message: string }[] = [];
  inspect(value, "", faults);
  return faults.length === 0 ? ok(value) : err({ malformed: false, faults });
}
