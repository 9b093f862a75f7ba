import * as v from "valibot";
import { type JsonValue, parseJson } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Fault } from "../ocpi/codec.ts";
import { faultsOf } from "./faults.ts";
import type { Refusal } from "./problem.ts";
import type { BodySpec } from "./table.ts";

/** The bytes of a body, unpacked when it came as gzip; null: a Content-Encoding we do not know. */
export function unpacked(request: Request): ReadableStream<Uint8Array> | null | undefined {
  const encoding = (request.headers.get("Content-Encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return request.body ?? undefined;
  if (encoding !== "gzip" && encoding !== "x-gzip") return null;
  return request.body?.pipeThrough(new DecompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>);
}

/** Media type of a request, lower case, without parameters; empty when it names none. */
export function mediaType(request: Request): string {
  return (request.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Reads a whole body as text, at most `limit` bytes of it. */
export async function readText(request: Request, limit: number): Promise<Result<string, Refusal>> {
  if (Number(request.headers.get("Content-Length") ?? 0) > limit) return err({ kind: "too_large", limit });
  const stream = unpacked(request);
  if (stream === null) return err({ kind: "unsupported_encoding", message: "Content-Encoding may be gzip, or absent" });
  if (stream === undefined) return ok("");
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > limit) return err({ kind: "too_large", limit });
      chunks.push(chunk);
    }
  } catch {
    return err({ kind: "malformed", message: "The body broke off, or is not what its Content-Encoding says" });
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    return err({ kind: "malformed", message: "The body is not UTF-8" });
  }
}

/** JSON text as a value; what cannot be read is malformed, what may not be stored is invalid. */
export function readJson(text: string): Result<JsonValue, Refusal> {
  const parsed = parseJson(text);
  if (parsed.ok) return parsed;
  const faults = [...parsed.error.faults];
  if (!parsed.error.malformed) return err({ kind: "invalid", faults });
  return err({
    kind: "malformed",
    message: `The body ${faults[0]?.message ?? "is not valid JSON"}${whereJsonBreaks(text)}`,
  });
}

/** Checks a body against the schema of its row. It is read as JSON whatever its Content-Type says: curl and others name another. */
export function checkBody<T>(spec: BodySpec<T>, text: string): Result<T | undefined, Refusal> {
  if (text.trim() === "") {
    if (!spec.required) return checkValue(spec, {});
    return err({ kind: "invalid", faults: [{ pointer: "", message: "a body is required" }] });
  }
  const json = readJson(text);
  return json.ok ? checkValue(spec, json.value) : json;
}

function checkValue<T>(spec: BodySpec<T>, value: unknown): Result<T, Refusal> {
  const lists = listsForObjects(spec.schema, value);
  if (lists.length > 0) return err({ kind: "invalid", faults: lists });
  const read = v.safeParse(spec.schema, value);
  return read.success ? ok(read.output) : err({ kind: "invalid", faults: faultsOf(read.issues) });
}

/** The schemas within a schema. */
interface Inner {
  entries?: Record<string, v.GenericSchema>;
  wrapped?: v.GenericSchema;
  item?: v.GenericSchema;
}

/** Faults for lists where a schema wants an object: to the schema a list is an object without its fields. */
function listsForObjects(schema: v.GenericSchema, value: unknown, pointer = ""): Fault[] {
  const { entries, wrapped, item } = schema as unknown as Inner;
  if (wrapped !== undefined) return listsForObjects(wrapped, value, pointer);
  if (item !== undefined && Array.isArray(value))
    return value.flatMap((one, index) => listsForObjects(item, one, `${pointer}/${index}`));
  // A body without a schema to look into (its operation reads it) is an object too.
  const isObject = entries !== undefined || (pointer === "" && item === undefined);
  if (isObject && Array.isArray(value)) return [{ pointer, message: "is not a JSON object" }];
  if (entries === undefined || typeof value !== "object" || value === null) return [];
  const members = value as Record<string, unknown>;
  return Object.entries(entries).flatMap(([name, entry]) =>
    listsForObjects(entry, members[name], `${pointer}/${name}`),
  );
}

/** Line and column where a text stops being JSON, for a person who looks for the comma; empty when it cannot be told. */
function whereJsonBreaks(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (cause) {
    const position = /position (\d+)/.exec(cause instanceof Error ? cause.message : "")?.[1];
    if (position === undefined) return "";
    const before = text.slice(0, Number(position)).split("\n");
    return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
  }
}
