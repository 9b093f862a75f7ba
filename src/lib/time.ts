/** Milliseconds of a year, on average over the 400 after which the calendar repeats. */
const YEAR = 365.2425 * 86_400_000;

/** First and last millisecond a DateTime can say: its year has four digits. */
const FIRST = -62_167_219_200_000;
const LAST = 253_402_300_799_999;

/** An instant that a DateTime can say, undefined when it is before the year 0 or after 9999. */
export const sayable = (ms: number): number | undefined => (ms >= FIRST && ms <= LAST ? ms : undefined);

const usual = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z?$/;
const strict = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z?$/;
const lenient = /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{1,2}):(\d\d):(\d\d)([.,]\d+)?(?:([Zz])|([+-])(\d\d):?(\d\d))?$/;

/** Days of a month of the proleptic Gregorian calendar, 1 to 12. */
function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Epoch milliseconds of calendar parts (UTC), undefined when a part is out of range. Fractions beyond ms are cut. */
function epoch(parts: RegExpExecArray, seconds: number): number | undefined {
  const year = Number(parts[1]);
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  const hour = Number(parts[4]);
  const minute = Number(parts[5]);
  const second = Number(parts[6]);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > seconds) return undefined;
  if (day > daysIn(year, month)) return undefined;
  const fraction = parts[7] === undefined ? 0 : Number(parts[7].slice(1, 4).padEnd(3, "0"));
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const shift = year < 100 ? 400 : 0;
  return Date.UTC(year + shift, month - 1, day, hour, minute, second, fraction) - shift * YEAR;
}

/**
 * Epoch milliseconds of an OCPI DateTime: UTC, `Z` or no designator (which means UTC), optional fractions of which
 * milliseconds count. A leap second counts as the second after it. Undefined for anything else, offsets included.
 * Spec: 2.2.1 types, DateTime.
 */
export function parseTime(text: string): number | undefined {
  const parts = strict.exec(text);
  const ms = parts === null ? undefined : epoch(parts, 60);
  return ms === undefined ? undefined : sayable(ms);
}

/** Whether a text is what {@link parseTime} reads, found out faster. */
export const isTime = (text: string): boolean => usual.test(text) || parseTime(text) !== undefined;

/**
 * Epoch milliseconds of what peers send for a DateTime: besides the strict form offsets (allowed in 2.0), lower-case
 * letters, missing leading zeros (`1970-1-1T00:00:00Z` is in the standard), a space for the T, seconds up to 99. Undefined where
 * UTC would need a year that has not four digits.
 * Spec: 2.0 types, DateTime; 2.2.1 mod_cdrs, note on missing times.
 */
export function parseLooseTime(text: string): number | undefined {
  const parts = lenient.exec(text);
  if (parts === null) return undefined;
  const local = epoch(parts, 99);
  if (local === undefined) return undefined;
  const offset = parts[9] === undefined ? 0 : (Number(parts[10]) * 60 + Number(parts[11])) * 60_000;
  return sayable(parts[9] === "-" ? local + offset : local - offset);
}

/** Epoch milliseconds, {@link sayable}, as `2026-01-31T12:00:00Z`, with milliseconds only when there are any. */
export const formatTime = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

/** Epoch milliseconds, {@link sayable}, as `2026-01-31T12:00:00Z`; a fraction of a second is cut. */
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
