import { type Context, report } from "./context.ts";
import { findOperation } from "./operations.ts";
import { type CallOptions, callPeer, connected, endpointOf } from "./send.ts";
import type { Answer, ObjectModule, OcpiObject } from "./types.ts";

/** How to crawl a list. */
export interface PullOptions extends Pick<CallOptions, "to" | "from" | "headers"> {
  date_from?: string;
  date_to?: string;
  limit?: number;
  offset?: number;
  /** Sees each page as it comes. */
  onPage?: (answer: Answer, page: number) => void | Promise<void>;
}

const MOST_PAGES = 10_000;

function nextOf(answer: Answer): string | undefined {
  for (const link of (answer.headers.link ?? "").split(/,\s*(?=<)/)) {
    const [, url, rest] = /^<([^>]*)>(.*)$/.exec(link) ?? [];
    if (url && /;\s*rel="?next"?/i.test(rest ?? "")) return url;
  }
  return undefined;
}

/** What the headers and the length of a page say that cannot be. */
function judgePage(context: Context, label: string, first: string, answer: Answer, objects: unknown[]): void {
  const wrong = (name: string, message: string) =>
    report(context, label, "answer", [{ pointer: `header:${name}`, rule: "paging", message }]);
  const [total, limit] = [answer.headers["x-total-count"], answer.headers["x-limit"]];
  for (const [name, value] of [
    ["x-total-count", total],
    ["x-limit", limit],
  ] as const) {
    if (!/^\d+$/.test(value ?? "")) wrong(name, `${value} is no number`);
  }
  if (objects.length > Number(limit)) wrong("x-limit", `${objects.length} objects on a page limited to ${limit}`);
  const next = nextOf(answer);
  if (answer.headers.link !== undefined && next === undefined) wrong("link", `${answer.headers.link} has no next`);
  if (next === undefined) return;
  if (!URL.canParse(next)) wrong("link", `${next} is no absolute URL`);
  else if (new URL(next).origin !== new URL(first).origin) wrong("link", `${next} leads to another host`);
}

/**
 * Crawls a Sender's list of the connected peer: follows Link as it stands until there is none. Rejects when a page is
 * refused or the crawl turns in a circle.
 */
export async function pull(context: Context, module: ObjectModule, options: PullOptions = {}): Promise<OcpiObject[]> {
  const peer = connected(context);
  const { date_from, date_to, limit, offset, onPage, ...rest } = options;
  const match = findOperation(peer.version, module, "SENDER", "GET", []);
  const answerType = "operation" in match ? match.operation.answer : undefined;
  const first = endpointOf(peer, module, "SENDER");
  const objects: OcpiObject[] = [];
  const seen = new Set<string>();
  const totals = new Set<string | undefined>();
  let url: string | undefined = first;
  let query: CallOptions["query"] = { date_from, date_to, limit, offset };
  for (let page = 0; url; page++) {
    const answer: Answer = await callPeer(context, peer, {
      ...rest,
      method: "GET",
      url,
      query,
      version: peer.version,
      module,
      side: "SENDER",
      answerType,
    });
    const label = `GET ${url}`;
    if (answer.http >= 300 || answer.status_code !== 1000) {
      throw Object.assign(new Error(`${label}: HTTP ${answer.http}, OCPI ${answer.status_code}`), { answer });
    }
    const list = (Array.isArray(answer.data) ? answer.data : []) as OcpiObject[];
    judgePage(context, label, first, answer, list);
    objects.push(...list);
    totals.add(answer.headers["x-total-count"]);
    await onPage?.(answer, page);
    query = undefined;
    seen.add(url);
    url = nextOf(answer);
    if (url && (seen.has(url) || page >= MOST_PAGES)) throw new Error(`the pages of ${first} go round in a circle`);
  }
  const [total] = totals;
  const expected = Math.max(0, Number(total) - (offset ?? 0));
  // Only when nothing came or went during the crawl can the pages be held against the total.
  if (totals.size === 1 && expected !== objects.length) {
    const message = `${objects.length} objects came, ${total} were promised`;
    report(context, `GET ${first}`, "answer", [{ pointer: "header:x-total-count", rule: "paging", message }]);
  }
  return objects;
}
