import type { Journal, JournalEntry } from "../../src/ports/evidence.ts";
import type { Clock, Fetcher, Ids, OutboundOutcome, OutboundRequest, Secrets } from "../../src/ports/world.ts";

/** Ids that can be foretold: `uuid-1`, and tokens of 43 characters. */
export function countingIds(): Ids {
  let n = 0;
  return { uuid: () => `uuid-${++n}`, token: () => `token-${String(++n).padStart(37, "0")}`, random: () => 0.5 };
}

/** Secrets that a test can read: hashing and sealing are spelt out. */
export const openSecrets: Secrets = {
  hash: async (token) => `hash(${token})`,
  seal: async (text, boundTo) => `sealed(${boundTo}|${text})`,
  async open(sealed, boundTo) {
    const prefix = `sealed(${boundTo}|`;
    if (!sealed.startsWith(prefix)) throw new Error("sealed for another");
    return sealed.slice(prefix.length, -1);
  },
};

/** A journal that keeps its entries at hand. */
export function listJournal(): Journal & { entries: JournalEntry[] } {
  const entries: JournalEntry[] = [];
  return {
    entries,
    record: (entry) => void entries.push(entry),
    list: async () => entries.map((entry, id) => ({ ...entry, id })),
  };
}

/** An answer of a partner as the fetcher would give it. */
export function answer(body: unknown, status = 200, headers: Record<string, string> = {}): OutboundOutcome {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { kind: "answer", status, headers: new Headers(headers), body: text, url: "" };
}

/** The envelope of a success. */
export const success = (data?: unknown) => ({
  status_code: 1000,
  timestamp: "2026-05-01T10:00:00Z",
  ...(data === undefined ? {} : { data }),
});

/** A fetcher that answers by a function, and remembers what it was asked. */
export function scriptedFetcher(
  respond: (request: OutboundRequest) => OutboundOutcome | Promise<OutboundOutcome>,
): Fetcher & { requests: OutboundRequest[] } {
  const requests: OutboundRequest[] = [];
  return {
    requests,
    async fetch(request) {
      requests.push(request);
      const outcome = await respond(request);
      return outcome.kind === "answer" && outcome.url === "" ? { ...outcome, url: request.url } : outcome;
    },
  };
}

/** A clock that stands still until it is told. */
export function standingClock(
  start = Date.parse("2026-05-01T10:00:00Z"),
): Clock & { now: () => number; advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}
