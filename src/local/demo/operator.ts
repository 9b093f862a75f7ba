import { setTimeout as sleep } from "node:timers/promises";

/** An OCPI exchange as `GET /messages` tells it, the members the demo reads. */
export type Message = {
  id: string;
  partner: string | null;
  direction: "in" | "out";
  module: string | null;
  method: string;
  url: string;
  http_status: number | null;
  ocpi_status: number | null;
  error: string | null;
  losses: { pointer: string; reason: string }[];
  request_body: string | null;
  response_body: string | null;
};

/** An event as `GET /events` tells it. */
export type Event = { id: string; type: string; data: { partner?: string } & Record<string, unknown> };

/** A partner, the members the demo reads. */
export type Partner = {
  id: string;
  name: string;
  version: string | null;
  roles: { role: string; country_code: string; party_id: string }[];
};

/** Whom or what to look for in the journal. */
export type MessageQuery = {
  partner?: string;
  direction?: "in" | "out";
  module?: string;
  method?: string;
  /** What the URL must contain. */
  url?: string;
  /** What the body of the request must contain. */
  body?: string;
};

/** The operator API, as the demo uses it. */
export type Operator = {
  /** Of the API, without a slash at the end. */
  url: string;
  token: string;
  /**
   * One request.
   * @param path below `/api/v1`
   * @returns the answer's JSON, which the caller knows the shape of
   * @throws when it is refused
   */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Waits for the newest message that fits and stands in the journal behind `after`. */
  message(query: MessageQuery, after?: Message): Promise<Message>;
  /** All messages with a partner so far, oldest first, behind `after`. */
  messages(query: MessageQuery, after?: Message): Promise<Message[]>;
  /** Waits for the next event of these types that fits; each is handed out once, in order, and never one before it. */
  event(types: string, fits?: (event: Event) => boolean): Promise<Event>;
  /** Looks until something is there. */
  lookFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  /** Waits until an object has reached a partner; answers the state of its delivery. */
  delivered(partner: string, module: string, id: string): Promise<string>;
};

/** How long the demo waits for anything before it says that it failed. */
const PATIENCE_MS = 10_000;

/** The operator API of a gateway on this machine. */
export function operatorOf(gateway: { url: string; operatorToken: string }): Operator {
  const seen = new Map<string, string>();
  const url = `${gateway.url}/api/v1`;
  const call: Operator["call"] = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${gateway.operatorToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const messages: Operator["messages"] = async ({ method, url, body, ...query }, after) => {
    const { items } = await call<{ items: Message[] }>("GET", `/messages?${new URLSearchParams(query)}`);
    return items
      .filter((message) => method === undefined || message.method === method)
      .filter(
        (message) =>
          (url === undefined || message.url.includes(url)) && (message.request_body ?? "").includes(body ?? ""),
      )
      .filter(({ id }) => after === undefined || Number(id) > Number(after.id))
      .sort((a, b) => Number(a.id) - Number(b.id));
  };
  return {
    url,
    token: gateway.operatorToken,
    call,
    messages,
    lookFor,
    message: (query, after) =>
      lookFor(`a message ${JSON.stringify(query)}`, async () => (await messages(query, after)).at(-1)),
    delivered: (partner, module, id) =>
      lookFor(`a delivery of ${module} ${id}`, async () => {
        const query = new URLSearchParams({ partner, module, state: "DELIVERED" });
        const { items } = await call<{ items: { key: string; state: string }[] }>("GET", `/deliveries?${query}`);
        return items.find(({ key }) => key.split("/").includes(id))?.state;
      }),
    async event(types, fits = () => true) {
      for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
        const query = new URLSearchParams({ after: seen.get(types) ?? "0", wait: "2", types, limit: "1" });
        const { items, next_cursor } = await call<{ items: Event[]; next_cursor: string }>("GET", `/events?${query}`);
        seen.set(types, next_cursor);
        const [event] = items;
        if (event && fits(event)) return event;
      }
      throw new Error(`No event ${types} after ${PATIENCE_MS / 1000} s`);
    },
  };
}

/** Looks until something is there. Neither journal nor deliveries have a long poll, and both follow an answer a little later. */
async function lookFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(25)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`The gateway does not show ${what} after ${PATIENCE_MS / 1000} s`);
}
