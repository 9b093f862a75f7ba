const strict = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z?$/;
const lenient = /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{1,2}):(\d\d):(\d\d)([.,]\d+)?(?:([Zz])|([+-])(\d\d):?(\d\d))?$/;

/** Epoch milliseconds of calendar parts (UTC), undefined when a part is out of range. Fractions beyond ms are cut. */
function epoch(parts: RegExpExecArray, seconds: number): number | undefined {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > seconds) return undefined;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Number((parts[7] ?? ".0").slice(1, 4).padEnd(3, "0")));
  return date.getTime();
}

/**
 * Epoch milliseconds of an OCPI DateTime: UTC, `Z` or no designator (which means UTC), optional fractions of which
 * milliseconds count. A leap second counts as the second after it. Undefined for anything else, offsets included.
 * Spec: 2.2.1 types, DateTime.
 */
export function parseTime(text: string): number | undefined {
  const parts = strict.exec(text);
  return parts === null ? undefined : epoch(parts, 60);
}

/**
 * Epoch milliseconds of what peers send for a DateTime: besides the strict form offsets (allowed in 2.0), lower-case
 * letters, missing leading zeros (`1970-1-1T00:00:00Z` is in the standard), a space for the T, seconds up to 99.
 * Spec: 2.0 types, DateTime; 2.2.1 mod_cdrs, note on missing times.
 */
export function parseLooseTime(text: string): number | undefined {
  const parts = lenient.exec(text);
  if (parts === null) return undefined;
  const local = epoch(parts, 99);
  if (local === undefined) return undefined;
  const offset = parts[9] === undefined ? 0 : (Number(parts[10]) * 60 + Number(parts[11])) * 60_000;
  return parts[9] === "-" ? local + offset : local - offset;
}

/** Epoch milliseconds as `2026-01-31T12:00:00Z`, with milliseconds only when there are any. */
export const formatTime = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

/** Epoch milliseconds as `2026-01-31T12:00:00Z`; a fraction of a second is cut. */
export const formatSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * Order of two DateTimes: negative when `a` is earlier. Equal instants written differently are equal; what cannot be
 * read is earlier than everything.
 */
export function compareTimes(a: string, b: string): number {
  if (a === b) return 0;
  const left = parseLooseTime(a) ?? Number.NEGATIVE_INFINITY;
  const right = parseLooseTime(b) ?? Number.NEGATIVE_INFINITY;
  return left === right ? 0 : left - right;
}
