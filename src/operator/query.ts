import * as v from "valibot";
import { err, ok, type Result } from "../lib/result.ts";
import { parseTime } from "../lib/time.ts";
import { faultsOf } from "./faults.ts";
import type { Refusal } from "./problem.ts";
import type { QuerySchema } from "./table.ts";

/** Text of a point in time, RFC 3339, UTC where no offset is given. */
export const TimeText = v.pipe(
  v.string(),
  v.maxLength(40),
  v.check((text) => parseTime(text) !== undefined, "is not a time as in 2026-01-31T12:00:00Z"),
  v.metadata({ format: "date-time" }),
);

const limit = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000), v.description("Most items in one answer.")),
  100,
);
const cursor = v.optional(
  v.pipe(v.string(), v.maxLength(1000), v.description("`next_cursor` of the page before; opaque.")),
);

/** Parameters every list takes. */
export const listEntries = { limit, cursor };

/**
 * Reads the query of a request. Unknown parameters are ignored; of one that is repeated the first counts.
 * Numbers are read as numbers where the schema asks for one.
 */
export function readQuery<T>(schema: QuerySchema<T>, params: URLSearchParams): Result<T, Refusal> {
  const given: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(schema.entries)) {
    const text = params.get(name);
    if (text !== null) given[name] = wantsNumber(entry) && /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text;
  }
  const read = v.safeParse(schema, given);
  return read.success ? ok(read.output) : err({ kind: "bad_request", faults: faultsOf(read.issues) });
}

function wantsNumber(schema: v.GenericSchema): boolean {
  const inner = "wrapped" in schema ? (schema.wrapped as v.GenericSchema) : schema;
  return inner.type === "number";
}

/** An opaque cursor around a position. */
export function cursorOf(position: Record<string, string | number>): string {
  const bytes = new TextEncoder().encode(JSON.stringify(position));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The position behind a cursor of ours; absent: the start. */
export function readCursor<T>(
  schema: v.GenericSchema<unknown, T>,
  text: string | undefined,
): Result<T | null, Refusal> {
  if (text === undefined || text === "") return ok(null);
  const refusal: Refusal = {
    kind: "bad_request",
    faults: [{ pointer: "/cursor", message: "is not a cursor of this list" }],
  };
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const read = v.safeParse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    return read.success ? ok(read.output) : err(refusal);
  } catch {
    return err(refusal);
  }
}
