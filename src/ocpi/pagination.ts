import { err, ok, type Result } from "../lib/result.ts";
import { parseLooseTime } from "../lib/time.ts";
import type { Fault } from "./codec.ts";
import type { QueryParam } from "./endpoints.ts";

// Paging of lists. Our `Link` carries the numeric offset and limit that clients parse, and beside them the position in
// creation order the page ended at, so that a crawl during writes neither skips nor repeats.
// Spec: 2.2.1 transport_and_format, Pagination.

/** Objects a page has when the client does not say. */
export const DEFAULT_LIMIT = 100;
/** Most objects of a page, whatever the client says; X-Limit tells. */
export const MAX_LIMIT = 1000;
/** Beyond this a client must follow `Link`: a position deep in a list costs the database every row before it. */
export const MAX_OFFSET = 1_000_000;

/** Query parameter of our `Link` that holds the position; clients follow it verbatim. */
const POSITION = "after";

/** A request for a page, checked. */
export interface PageRequest {
  offset: number;
  limit: number;
  /** Position the page before ended at; null on a first page and for clients that count themselves. Wins over `offset`. */
  after: number | null;
  /** Inclusive, epoch ms; as written in `filters`. */
  dateFrom: number | null;
  /** Exclusive, epoch ms. */
  dateTo: number | null;
  /** The filters as the client wrote them, for the `Link` to repeat. */
  filters: [name: string, value: string][];
}

/** What is known of a page once it is read. */
export interface PageInfo {
  /** Objects that match and the client may see, whatever the page. */
  total: number;
  /** Position of the last object on this page; null when the page is empty. */
  last: number | null;
  /** Whether there is anything behind this page. */
  more: boolean;
}

/**
 * Reads the paging parameters an endpoint has; parameters it does not have are ignored. A limit above {@link MAX_LIMIT}
 * is lowered; zero, negative, repeated, or no number at all is a fault, and so is a date that is none.
 */
export function readPage(query: URLSearchParams, allowed: readonly QueryParam[]): Result<PageRequest, Fault[]> {
  const faults: Fault[] = [];
  const filters: [string, string][] = [];
  const read = (name: string): string | null => {
    const values = query.getAll(name);
    if (values.length > 1) faults.push({ pointer: name, message: "is given more than once" });
    return values[0] ?? null;
  };
  const count = (name: string, lowest: number, highest: number): number | null => {
    const text = read(name);
    if (text === null) return null;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= lowest && value <= highest) return value;
    faults.push({ pointer: name, message: `must be a number from ${lowest} to ${highest}` });
    return null;
  };
  const date = (name: "date_from" | "date_to"): number | null => {
    const text = allowed.includes(name) ? read(name) : null;
    if (text === null) return null;
    filters.push([name, text]);
    // A `+` that the client forgot to encode arrives as a space. The length is checked before any pattern sees the text.
    const time = text.length <= 40 ? parseLooseTime(text.replace(/ (?=\d\d:?\d\d$)/, "+")) : undefined;
    if (time === undefined) faults.push({ pointer: name, message: "is not a DateTime" });
    return time ?? null;
  };
  const page: PageRequest = {
    after: count(POSITION, 0, Number.MAX_SAFE_INTEGER),
    offset: 0,
    limit: Math.min(count("limit", 1, 999_999_999_999_999) ?? DEFAULT_LIMIT, MAX_LIMIT),
    dateFrom: date("date_from"),
    dateTo: date("date_to"),
    filters,
  };
  page.offset = count("offset", 0, page.after === null ? MAX_OFFSET : Number.MAX_SAFE_INTEGER) ?? 0;
  return faults.length > 0 ? err(faults) : ok(page);
}

/**
 * The headers of a page: `X-Total-Count`, `X-Limit` (the most objects a page of this crawl has, not how many this one
 * has), and `Link` while there is more.
 * @param url where the list stands, without a query
 */
export function pageHeaders(url: string, page: PageRequest, info: PageInfo): Record<string, string> {
  const headers: Record<string, string> = { "X-Total-Count": String(info.total), "X-Limit": String(page.limit) };
  if (info.more && info.last !== null) {
    const query = new URLSearchParams(page.filters);
    query.set("offset", String(page.offset + page.limit));
    query.set("limit", String(page.limit));
    query.set(POSITION, String(info.last));
    headers.Link = `<${url}?${query}>; rel="next"`;
  }
  return headers;
}
