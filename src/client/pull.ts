import type { JsonValue } from "../lib/json.ts";
import { err, type Result } from "../lib/result.ts";
import { formatSeconds } from "../lib/time.ts";
import type { Token } from "../model/tokens.ts";
import type { Codec, Fault } from "../ocpi/codec.ts";
import type { Endpoint } from "../ocpi/endpoints.ts";
import { findEndpoint } from "../ocpi/urls.ts";
import { codecOf, versionByNumber } from "../ocpi/versions.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { nextLink } from "./link.ts";
import { idOf, type PulledObject, readElement, tokensFor } from "./pulled.ts";
import { allowedHosts, type CallPorts, type CallResult, callPartner } from "./request.ts";
import { hostOf } from "./url-rules.ts";

/** Objects asked for at once; the partner may cap it. */
const PAGE_LIMIT = 100;
/** A crawl ends here, whatever the partner links to. */
const MAX_PAGES = 10_000;
/** A crawl ends after so many pages in a row that brought nothing new. */
const MAX_STALE_PAGES = 2;
/**
 * How much earlier than the start of the last pull a delta begins. An object changed while that pull ran, or stamped by
 * a clock behind ours, is got again rather than missed: storing it twice changes nothing.
 */
const OVERLAP_MS = 5 * 60_000;

/** Where a crawl stands. Plain JSON: whoever runs the crawl keeps it between pages, and goes on from it after a crash. */
export interface PullState {
  /** Sent as `date_from`, an OCPI DateTime; null: everything. */
  dateFrom: string | null;
  /** Where the next page is, verbatim; null: the first page. */
  next: string | null;
  /** Pages read. */
  pages: number;
  /** Elements of all pages, good and bad. */
  received: number;
  /** What the partner last said there is (X-Total-Count); null: it does not say. */
  total: number | null;
  /** Pages in a row without anything new. */
  stale: number;
  /** Ids of the first page and the last one: enough to see a server that ignores `offset`. */
  known: string[][];
  /** A URL met earlier, put forward at every power of two: a ring of links passes it sooner or later (Brent). */
  milestone: string | null;
}

/** An element of a page that could not be read; the others are none the worse for it. */
export interface RejectedObject {
  /** Pointer into `data`. */
  pointer: string;
  /** What could be read of its id. */
  id: string | null;
  faults: Fault[];
}

/** A page, and how the crawl goes on. */
export interface PullPage {
  /** The state after this page; of `retry` the state before it. */
  state: PullState;
  objects: PulledObject[];
  rejected: RejectedObject[];
  /**
   * `more`: call again with `state`. `done`: the list ended as it should. `partial`: it was ended here, what was read is
   * good. `retry`: no page came; the same state may be tried later. `failed`: no page came, and none will.
   */
  outcome: "more" | "done" | "partial" | "retry" | "failed";
  /** Why, of `partial`, `retry` and `failed`. */
  message: string | null;
  /** Of `retry`: how long the partner asked to be left alone. */
  retryAfterMs: number | null;
}

/**
 * A crawl from its beginning.
 * @param since start of the last pull that ended well, epoch ms; null: everything
 */
export function startPull(since: number | null): PullState {
  const dateFrom = since === null ? null : formatSeconds(Math.max(0, since - OVERLAP_MS));
  return { dateFrom, next: null, pages: 0, received: 0, total: null, stale: 0, known: [], milestone: null };
}

/** Gets one page of a partner's list of a module and decides how to go on. Never throws. */
export async function pullPage(
  ports: CallPorts & Partial<Pick<Ports, "objects">>,
  partner: Partner,
  module: string,
  state: PullState,
): Promise<PullPage> {
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  const row = version?.endpoints.find(
    (it) => it.module === module && it.role === "SENDER" && it.operation === "listObjects",
  );
  const codec = version && row ? (codecOf(version, row.kind) as Codec | undefined) : undefined;
  if (!row || !codec) return ended(state, "failed", `The partner's version has no list of ${module}`);
  const result = await callPartner(ports, partner, {
    row,
    ...(state.next === null ? { query: firstQuery(row, state) } : { url: state.next }),
  });
  if (result.outcome !== "ok") return noPage(state, result);
  if (!Array.isArray(result.data)) return ended(state, "failed", "The partner's answer holds no list");

  const page = readPage(result.data, codec, partner, await tokensFor(ports, codec, result.data));
  const ids = result.data.map((element, index) => idOf(element) ?? `#${index}`);
  const isNew = ids.some((id) => !state.known.some((page) => page.includes(id)));
  const pages = state.pages + 1;
  const after: PullState = {
    ...state,
    pages,
    received: state.received + result.data.length,
    total: totalOf(result.headers) ?? state.total,
    stale: isNew ? 0 : state.stale + 1,
    known: state.known.length === 0 ? [ids] : [state.known[0] ?? [], ids],
    milestone: Number.isInteger(Math.log2(pages)) ? result.url : state.milestone,
  };
  return { ...goOn(partner, after, result), ...page };
}

/**
 * Gets one object of a partner's by its id. One request; one D1 call where the way up needs a Token.
 * @param params of the path of its Sender interface
 * @returns why there is none, else
 */
export async function pullObject(
  ports: CallPorts & Pick<Ports, "objects">,
  partner: Partner,
  module: string,
  params: Record<string, string>,
): Promise<Result<PulledObject, string>> {
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  const row = version && findEndpoint(version.endpoints, { module, role: "SENDER", operation: "getObject" });
  const codec = version && row ? (codecOf(version, row.kind) as Codec | undefined) : undefined;
  if (!row || !codec) return err(`OCPI ${partner.version} cannot ask for one of ${module}`);
  const result = await callPartner(ports, partner, { row, params });
  const { data = null } = result;
  if (result.outcome !== "ok") return err(whyNot(result));
  const read = readElement(data, codec, partner, (await tokensFor(ports, codec, [data])).get(0));
  return read.ok ? read : err(read.error.map(({ pointer, message }) => `${pointer} ${message}`).join("; "));
}

type Ending = Pick<PullPage, "state" | "outcome" | "message" | "retryAfterMs">;

function goOn(partner: Partner, state: PullState, result: CallResult): Ending {
  const link = nextLink(result.headers?.get("link") ?? null);
  if (link === null) {
    const { received, total } = state;
    const isShort = total !== null && received < total;
    const message = isShort ? `The list ended after ${received} of ${total} objects` : null;
    return ending({ ...state, next: null }, isShort ? "partial" : "done", message);
  }
  const here = result.url ?? "";
  const next = URL.canParse(link) ? link : (URL.parse(link, here)?.href ?? link);
  const host = hostOf(next);
  if (host === null || !allowedHosts(partner).includes(host)) {
    return ending(state, "partial", `The next page is on ${host ?? "no host"}, which is not one of the partner's`);
  }
  if (next === here || next === state.next || next === state.milestone) {
    return ending(state, "partial", "The links of the pages go round in a circle");
  }
  if (state.stale >= MAX_STALE_PAGES) return ending(state, "partial", `${state.stale} pages brought nothing new`);
  if (state.pages >= MAX_PAGES) return ending(state, "partial", `Ended after ${MAX_PAGES} pages`);
  return ending({ ...state, next }, "more", null);
}

function noPage(state: PullState, result: CallResult): PullPage {
  const page = ended(state, isPassing(result) ? "retry" : "failed", whyNot(result));
  return { ...page, retryAfterMs: result.retryAfterMs };
}

function whyNot({ http, message, outcome }: CallResult): string {
  return (http === null ? "" : `HTTP ${http}: `) + (message ?? outcome);
}

function isPassing(result: CallResult): boolean {
  return !["refused", "unauthorized", "not_sent"].includes(result.outcome);
}

function ended(state: PullState, outcome: PullPage["outcome"], message: string): PullPage {
  return { ...ending(state, outcome, message), objects: [], rejected: [] };
}

function ending(state: PullState, outcome: PullPage["outcome"], message: string | null): Ending {
  return { state, outcome, message, retryAfterMs: null };
}

/** Before everything there is: a list that must be asked for by date is asked for since then. */
const EVER = formatSeconds(0);

function firstQuery(row: Endpoint, state: PullState): Record<string, string> {
  const from = state.dateFrom ?? (row.required?.includes("date_from") ? EVER : null);
  const isDated = from !== null && row.query.includes("date_from");
  return { ...(isDated ? { date_from: from } : {}), offset: "0", limit: String(PAGE_LIMIT) };
}

function totalOf(headers: Headers | null): number | null {
  const text = headers?.get("x-total-count")?.trim() ?? "";
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

function readPage(
  data: JsonValue[],
  codec: Codec,
  partner: Partner,
  tokens: ReadonlyMap<number, Token>,
): Pick<PullPage, "objects" | "rejected"> {
  const objects: PulledObject[] = [];
  const rejected: RejectedObject[] = [];
  for (const [index, element] of data.entries()) {
    const read = readElement(element, codec, partner, tokens.get(index));
    if (read.ok) objects.push(read.value);
    else rejected.push({ pointer: `/${index}`, id: idOf(element), faults: read.error });
  }
  return { objects, rejected };
}
