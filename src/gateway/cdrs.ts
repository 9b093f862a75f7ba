import { deepEqual, isObject, type JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { parseLooseTime } from "../lib/time.ts";
import { sessionOnlyDimensions } from "../model/enums.ts";
import { canonical } from "../ocpi/canonical.ts";
import type { Codec, Fault } from "../ocpi/codec.ts";
import { codecOf, versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import { isMarked } from "./stamp.ts";

// CDRs are said once and hold for good: what is stored under an id is never changed. Pure.
// Spec: 2.2.1 mod_cdrs, "CDRs are immutable"; ambiguous there: what a second POST of an id is answered.

/**
 * Whether a CDR is the one stored under its id. Compared is what was said, in the words of the version it was said in, so that what
 * the gateway knew of its token at that time makes no difference; in another version, what is billed. A time that is not said
 * contradicts none.
 */
export function isSameCdr(stored: Pick<StoredObject, "body" | "origin">, cdr: JsonObject, origin: string): boolean {
  const [a, b] = [stored.body, cdr];
  if (cdr.last_updated != null && !isMarked(a.last_updated) && !isSameTime(a.last_updated, b.last_updated))
    return false;
  if (stored.origin !== origin) return deepEqual(billed(a), billed(b));
  const [first, second] = [saidAs(origin, a), saidAs(origin, b)];
  return deepEqual(canonical({ ...first, last_updated: null }), canonical({ ...second, last_updated: null }));
}

function isSameTime(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" ? parseLooseTime(a) === parseLooseTime(b) : a === b;
}

/** A CDR as its own version says it. */
function saidAs(origin: string, cdr: JsonObject): JsonObject {
  const version = versionByNumber(origin);
  const codec = version && (codecOf(version, "CDR") as Codec | undefined);
  // A time it came without is set later: which one makes no difference here.
  const context = { origin, lastUpdated: "2000-01-01T00:00:00Z" };
  return codec?.down(cdr as Parameters<Codec["down"]>[0], context).wire ?? cdr;
}

/** What a CDR is for, which no version leaves out. */
function billed({ currency, start_date_time, total_cost }: JsonObject): JsonObject {
  const start = typeof start_date_time === "string" ? (parseLooseTime(start_date_time) ?? start_date_time) : null;
  const cost = isObject(total_cost) ? Number(total_cost.before_taxes) : null;
  return { currency: currency ?? null, start, cost };
}

const sessionOnly: ReadonlySet<unknown> = new Set(sessionOnlyDimensions);

/**
 * A CDR of our own without what only Sessions may say, and without periods that say nothing else. Spec: 2.2.1 mod_cdrs, CdrDimensionType,
 * "Session Only".
 */
export function withoutSessionDimensions(cdr: JsonObject): JsonObject {
  if (!Array.isArray(cdr.charging_periods)) return cdr;
  const charging_periods = cdr.charging_periods.flatMap((period) => {
    if (!isObject(period) || !Array.isArray(period.dimensions)) return [period];
    const dimensions = period.dimensions.filter((one) => !isObject(one) || !sessionOnly.has(one.type));
    return dimensions.length === 0 && period.dimensions.length > 0 ? [] : [{ ...period, dimensions }];
  });
  return { ...cdr, charging_periods };
}

/** Most characters of what stands for a CDR in a URL: more is no path of ours. */
const MOST_NAME = 255;

/** What stands for a CDR in the URL that its POST is answered with. It is as good for nobody but the partner whose CDR it is. */
export function nameOfCdr({
  country_code,
  party_id,
  id,
}: Pick<StoredObject, "country_code" | "party_id" | "id">): string {
  const bytes = new TextEncoder().encode(`${country_code}*${party_id}*${id}`);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The CDR behind a name of {@link nameOfCdr}; null: it is none. */
export function cdrNamed(name: string): { country_code: string; party_id: string; id: string } | null {
  if (!/^[\w-]+$/.test(name)) return null;
  try {
    const bytes = Uint8Array.from(atob(name.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const [, country_code = "", party_id = "", id = ""] = /^([^*]*)\*([^*]*)\*(.+)$/s.exec(text) ?? [];
    return id === "" ? null : { country_code, party_id, id };
  } catch {
    return null;
  }
}

/** The id of a CDR, if a URL can name it. */
export function idOfCdr(cdr: JsonObject): Result<string, Fault[]> {
  const { id, country_code, party_id } = cdr;
  if (typeof id !== "string" || id === "") return err([{ pointer: "/id", message: "must not be empty" }]);
  const name = nameOfCdr({ country_code: String(country_code), party_id: String(party_id), id });
  return name.length <= MOST_NAME ? ok(id) : err([{ pointer: "/id", message: "is too long to be named in a URL" }]);
}
