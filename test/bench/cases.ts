import { benchLocation, locationId } from "./location.ts";

/** One HTTP request. */
export type BenchRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
};

/** A registered partner, as its requests need it. */
export type BenchPartner = {
  /** Value of `Authorization`. */
  authorization: string;
  country_code: string;
  party_id: string;
  /** URLs of the gateway's Locations endpoints, by side. */
  sender: string;
  receiver: string;
  /** URL of its Sessions endpoint for what the partner tells of its own. */
  sessions: string;
};

/** Everything requests are made of; plain data, so that it can be handed to another thread. */
export type BenchWorld = {
  floor: string;
  /** Locations the gateway's own party has, and rows the floor has. */
  rows: number;
  /** Locations each partner has sent. */
  partnerRows: number;
  partners: Record<"2.2.1" | "2.3.0", BenchPartner>;
  /** Tokens the gateway's own party has. */
  tokens: number;
  /** Sessions the partner that speaks 2.2.1 has told of; all go on. */
  sessions: number;
  /** The gateway's operator API, and its token. */
  api: string;
  operatorToken: string;
  /** Where the partner that is given commands takes them; test/bench/commanded.ts. */
  commanded: string;
  /** The URL of the last page, as the `Link` of the page before it names it. */
  lastPage: string;
};

/** An operation, measured at the gateway and against what D1 costs alone. */
export type BenchCase = {
  name: string;
  /** What the floor does for it. */
  floor: "read a row" | "upsert a row" | "return a page" | "read a row, write an object" | "relay and wait";
  /** Round trips to D1 it may cost before its Durable Objects are called, authentication included. */
  roundTrips: number;
  /** The nth request; n never comes twice in a run. */
  request: (world: BenchWorld, n: number) => BenchRequest;
  /** The request that follows on its answer, where the operation takes two. */
  follow?: (world: BenchWorld, body: string) => BenchRequest;
};

/** RFC 3339 time of the nth write: later than all before it. */
export const timeOf = (n: number): string =>
  new Date(Date.UTC(2025, 0, 1) + n * 1000).toISOString().replace(".000", "");

const get = (partner: BenchPartner, url: string): BenchRequest => ({
  method: "GET",
  url,
  headers: { authorization: partner.authorization },
});

const write = (partner: BenchPartner, method: string, path: string, body: unknown): BenchRequest => ({
  method,
  url: `${partner.receiver}/${partner.country_code}/${partner.party_id}/${path}`,
  headers: { authorization: partner.authorization, "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Uid of the gateway's nth own token. */
export const tokenUid = (n: number): string => `TOKEN${String(n).padStart(4, "0")}`;

/** A partner asks about a token of ours at one of its Locations. */
function authorize(world: BenchWorld, n: number): BenchRequest {
  const { sender, authorization } = world.partners["2.2.1"];
  const url = `${sender.replace(/\/locations$/, "/tokens")}/${tokenUid(scattered(n, world.tokens))}/authorize`;
  const body = JSON.stringify({ location_id: locationId(0), evse_uids: [`${locationId(0)}-1`] });
  return { method: "POST", url, headers: { authorization, "content-type": "application/json" }, body };
}

/** The id of the partner's nth session. */
export const sessionId = (n: number): string => `S${String(n).padStart(6, "0")}`;

/** Meter values of a session that goes on, as its CPO tells them. */
function meterValues({ partners, sessions }: BenchWorld, n: number): BenchRequest {
  const { country_code, party_id, authorization, sessions: endpoint } = partners["2.2.1"];
  return {
    method: "PATCH",
    url: `${endpoint}/${country_code}/${party_id}/${sessionId(n % sessions)}`,
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ kwh: n / 100, last_updated: timeOf(n) }),
  };
}

const operated = (world: BenchWorld, method: string, path: string, body?: unknown): BenchRequest => ({
  method,
  url: `${world.api}${path}`,
  headers: { authorization: `Bearer ${world.operatorToken}`, "content-type": "application/json" },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

/** A number that visits every row in an order caches do not foresee. */
const scattered = (n: number, rows: number): number => (n * 7919) % rows;

const getLocation = (world: BenchWorld, version: "2.2.1" | "2.3.0", n: number): BenchRequest =>
  get(world.partners[version], `${world.partners[version].sender}/${locationId(scattered(n, world.rows))}`);

const page = (partner: BenchPartner, offset: number): BenchRequest =>
  get(partner, `${partner.sender}?offset=${offset}&limit=50`);

/** The Location the nth write sends: one EVSE has changed its status, the others stand as they stood. */
function changedLocation(world: BenchWorld, n: number) {
  const location = benchLocation(world.partners["2.2.1"], locationId(n % world.partnerRows), timeOf(0));
  const [first] = location.evses;
  if (first) Object.assign(first, { status: statusOf(world, n), last_updated: timeOf(n) });
  return { ...location, last_updated: timeOf(n) };
}

/** Another one each time the same EVSE comes by. */
const statusOf = (world: BenchWorld, n: number): string =>
  Math.floor(n / world.partnerRows) % 2 === 0 ? "CHARGING" : "AVAILABLE";

/** Every operation that is measured by requests, in the order of the table. */
export const cases: BenchCase[] = [
  {
    name: "GET Location, 2.3.0",
    floor: "read a row",
    roundTrips: 1,
    request: (world, n) => getLocation(world, "2.3.0", n),
  },
  {
    name: "GET Location, 2.2.1",
    floor: "read a row",
    roundTrips: 1,
    request: (world, n) => getLocation(world, "2.2.1", n),
  },
  {
    name: "PUT Location, 2.2.1",
    floor: "upsert a row",
    roundTrips: 2,
    request: (world, n) =>
      write(world.partners["2.2.1"], "PUT", locationId(n % world.partnerRows), changedLocation(world, n)),
  },
  {
    name: "PATCH EVSE status, 2.2.1",
    floor: "upsert a row",
    roundTrips: 2,
    request: (world, n) => {
      const id = locationId(n % world.partnerRows);
      const change = { status: statusOf(world, n), last_updated: timeOf(n) };
      return write(world.partners["2.2.1"], "PATCH", `${id}/${id}-1`, change);
    },
  },
  {
    name: "authorize a token, 2.2.1",
    floor: "read a row",
    roundTrips: 1,
    request: authorize,
  },
  {
    name: "PATCH Session meter values, 2.2.1",
    floor: "read a row, write an object",
    roundTrips: 0,
    request: meterValues,
  },
  {
    name: "command, sent to result, 2.2.1",
    floor: "relay and wait",
    roundTrips: 1,
    request: (world, n) => {
      const { country_code, party_id } = world.partners["2.2.1"];
      const to = { country_code, party_id };
      return operated(world, "POST", "/commands/STOP_SESSION", { to, session_id: sessionId(n % world.sessions) });
    },
    follow: (world, body) => operated(world, "GET", `/commands/${JSON.parse(body).id}?wait=30`),
  },
  {
    name: "first page of 50, 2.3.0",
    floor: "return a page",
    roundTrips: 1,
    request: (world) => page(world.partners["2.3.0"], 0),
  },
  {
    name: "first page of 50, 2.2.1",
    floor: "return a page",
    roundTrips: 1,
    request: (world) => page(world.partners["2.2.1"], 0),
  },
  {
    name: "last page of 50 by offset, 2.3.0",
    floor: "return a page",
    roundTrips: 1,
    request: (world) => page(world.partners["2.3.0"], world.rows - 50),
  },
  {
    name: "last page of 50 by Link, 2.3.0",
    floor: "return a page",
    roundTrips: 1,
    request: (world) => get(world.partners["2.3.0"], world.lastPage),
  },
];

/** What the floor is asked while an operation is measured; the same bytes in, the same bytes out. */
export function floorRequest(world: BenchWorld, kind: BenchCase["floor"], n: number): BenchRequest {
  const headers = { "content-type": "application/json" };
  if (kind === "relay and wait") {
    const body = JSON.stringify({ partner: world.commanded, session_id: sessionId(n % world.sessions) });
    return { method: "POST", url: `${world.floor}/relay`, headers, body };
  }
  if (kind === "read a row, write an object") {
    const url = `${world.floor}/object/${locationId(n % world.sessions)}`;
    return { method: "PATCH", url, headers, body: meterValues(world, n).body ?? "" };
  }
  if (kind === "return a page") return { method: "GET", url: `${world.floor}/page/first`, headers };
  const url = `${world.floor}/row/${locationId(scattered(n, world.rows))}`;
  if (kind === "read a row") return { method: "GET", url, headers };
  return { method: "PUT", url, headers, body: JSON.stringify(changedLocation(world, n)) };
}

/** The request that follows on the floor's answer. */
export function floorFollow(world: BenchWorld, kind: BenchCase["floor"], body: string): BenchRequest | undefined {
  if (kind !== "relay and wait") return undefined;
  return { method: "GET", url: `${world.floor}/wait/${JSON.parse(body).id}`, headers: {} };
}
