import * as v from "valibot";
import { storeMany } from "../gateway/sessions.ts";
import { isObject, type JsonObject, parseJson } from "../lib/json.ts";
import type { Fault } from "../ocpi/codec.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Target, Writer } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { type Line, lineSplitter } from "./ndjson.ts";
import { readOwn } from "./own-objects.ts";
import { problemOf } from "./problem.ts";
import { type ObjectKind, targetOf } from "./rows/object-kinds.ts";
import { type Spool, spool } from "./spool.ts";

/**
 * A window is stored when it has so many lines or so many characters: few calls of D1, of which an invocation has a thousand
 * and each of which leaves its payload to the collector. Just below what `putMany` stores at once.
 */
const WINDOW = { lines: 2_000, characters: 1_400_000 };

/** Bytes read from the upload at once. */
const READ_BYTES = 65_536;

const results = ["created", "updated", "unchanged", "invalid"] as const;
type Result = (typeof results)[number];

const Summary = v.object({
  lines: v.pipe(v.number(), v.description("Lines read, blank ones too.")),
  created: v.number(),
  updated: v.number(),
  unchanged: v.number(),
  invalid: v.number(),
  complete: v.pipe(v.boolean(), v.description("Whether the whole upload was read and dealt with.")),
  error: v.optional(v.pipe(v.string(), v.description("Why it was not."))),
});

/** A line of the answer to an import: about one line of the upload, or last of all the summary. */
export const ImportLine = v.union([
  v.object({
    line: v.pipe(v.number(), v.integer(), v.minValue(1)),
    id: v.nullable(v.string()),
    result: v.picklist(results),
    errors: v.optional(v.array(v.object({ pointer: v.string(), message: v.string() }))),
  }),
  v.object({ summary: Summary }),
]);

/** A line of the upload, read: to be stored, or with what is wrong. */
type Entry = { number: number; id: string | null } & (
  | { faults: Fault[] }
  | { target: Target; model: JsonObject; size: number }
);

type Needs = Pick<Ports, "objects" | "sessions" | "commands" | "background" | "config" | "log" | "clock" | "feed">;

/**
 * Imports own objects from NDJSON: reads a window, stores it, notes a line of answer per line, and holds nothing of it any
 * longer. It never waits for its answer to be read. Gives the answer, which ends with a summary whatever happened.
 */
export function importObjects(
  ports: Needs,
  writer: Writer,
  kind: ObjectKind,
  source: ReadableStream<Uint8Array> | undefined,
): ReadableStream<Uint8Array> {
  const answer = spool();
  ports.background.run(run(ports, writer, kind, source, answer));
  return answer.readable;
}

async function run(
  ports: Needs,
  writer: Writer,
  kind: ObjectKind,
  source: ReadableStream<Uint8Array> | undefined,
  answer: Spool,
): Promise<void> {
  const totals = { lines: 0, created: 0, updated: 0, unchanged: 0, invalid: 0 };
  const window: { entries: Entry[]; characters: number } = { entries: [], characters: 0 };
  let storing = false;

  const flush = async () => {
    if (window.entries.length === 0) return;
    storing = true;
    const entries = window.entries.splice(0);
    window.characters = 0;
    await answer.write(await storeWindow(ports, writer, kind, entries, totals));
    storing = false;
  };

  const take = async (lines: Line[]) => {
    for (const line of lines) {
      totals.lines = line.number;
      window.entries.push(readLine(kind, line));
      window.characters += "text" in line ? line.text.length : 0;
      if (window.entries.length >= WINDOW.lines || window.characters >= WINDOW.characters) await flush();
    }
  };

  let error: string | undefined;
  const splitter = lineSplitter(ports.config.bodyLimits.objects);
  try {
    const read = await readAll(source, splitter.push, take);
    error = read.error;
    // Half a line is no object; a last line without line end is one.
    if (error === undefined) await take(splitter.end());
    await flush();
    totals.lines = Math.max(totals.lines, splitter.count());
  } catch (cause) {
    ports.log.write("error", "import failed", {
      module: kind.module,
      error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    });
    error = `The gateway failed while ${storing ? "storing" : "reading"}; lines without an answer may be sent again`;
  }
  const summary = { ...totals, complete: error === undefined, ...(error !== undefined ? { error } : {}) };
  await answer.write(`${JSON.stringify({ summary })}\n`);
  answer.end();
}

/**
 * Reads a body to its end, always into the same memory: a new chunk for every read would lie about until the collector
 * finds it worth coming. An error of the body itself (cut off, not gzip) is told; one of `take` is thrown.
 */
async function readAll(
  source: ReadableStream<Uint8Array> | undefined,
  split: (chunk: Uint8Array) => Line[],
  take: (lines: Line[]) => Promise<void>,
): Promise<{ error?: string }> {
  const reader = source?.getReader({ mode: "byob" });
  if (!reader) return {};
  let memory = new ArrayBuffer(READ_BYTES);
  for (;;) {
    let chunk: ReadableStreamReadResult<Uint8Array>;
    try {
      chunk = await reader.read(new Uint8Array(memory));
    } catch {
      return {
        error:
          "The upload broke off, or is not what its Content-Encoding says; complete lines before that were dealt with",
      };
    }
    if (chunk.done) return {};
    memory = chunk.value.buffer as ArrayBuffer;
    await take(split(chunk.value));
  }
}

function readLine(kind: ObjectKind, line: Line): Entry {
  const { number } = line;
  if ("fault" in line) return { number, id: null, faults: [{ pointer: "", message: line.fault }] };
  const json = parseJson(line.text);
  if (!json.ok) return { number, id: null, faults: [...json.error.faults] };
  const named = isObject(json.value) ? json.value[kind.idParam] : undefined;
  const id = typeof named === "string" ? named : null;
  const read = readOwn(kind.kind, json.value, {});
  if (!read.ok) return { number, id, faults: read.error };
  const model = read.value;
  const party = { country_code: String(model.country_code), party_id: String(model.party_id) };
  if (id === null || id === "") return { number, id, faults: [{ pointer: `/${kind.idParam}`, message: "is empty" }] };
  const type = typeof model.type === "string" ? model.type : undefined;
  return { number, id, target: targetOf(kind, { ...party, [kind.idParam]: id }, type), model, size: line.text.length };
}

/** Stores what can be stored of a window in one go, and gives its lines of answer. */
async function storeWindow(
  ports: Needs,
  writer: Writer,
  kind: ObjectKind,
  entries: Entry[],
  totals: Record<Result, number>,
): Promise<string> {
  const items = entries.flatMap((entry) => ("target" in entry ? [entry] : []));
  const outcomes = items.length > 0 ? await storeMany(ports, writer, kind.module, items) : [];
  let at = 0;
  let text = "";
  for (const entry of entries) {
    const { number: line, id } = entry;
    const told = "faults" in entry ? { result: "invalid" as const, errors: entry.faults } : resultOf(outcomes[at++]);
    totals[told.result]++;
    text += `${JSON.stringify({ line, id, ...told })}\n`;
  }
  return text;
}

function resultOf(outcome: Awaited<ReturnType<typeof storeMany>>[number] | undefined): {
  result: Result;
  errors?: Fault[];
} {
  if (!outcome) throw new Error("an object of the window has no outcome");
  // An object older than the stored one changes nothing, as over OCPI.
  if (outcome.ok) return { result: outcome.value === "older" ? "unchanged" : outcome.value };
  return { result: "invalid", errors: faultsOf(outcome.error) };
}

function faultsOf(reason: Reason): Fault[] {
  return reason.kind === "invalid"
    ? reason.faults
    : [{ pointer: "", message: problemOf(reason).detail ?? reason.kind }];
}
