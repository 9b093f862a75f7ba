import { DatabaseSync, type StatementSync } from "node:sqlite";
import { partnerPumpStore, type Sqlite } from "../../../src/cloudflare/durable/partner-store.ts";
import type { PumpPorts } from "../../../src/delivery/desk.ts";
import type { Pump } from "../../../src/delivery/pump.ts";
import type { PullStore, PumpStore } from "../../../src/delivery/state.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { NewEvent, Pull } from "../../../src/ports/evidence.ts";
import type { StoredObject } from "../../../src/ports/objects.ts";
import type { Partner, Party } from "../../../src/ports/partners.ts";
import type { OutboundOutcome, OutboundRequest } from "../../../src/ports/world.ts";

// A world for the pump of one partner: a change feed in memory, a partner behind the fetcher that can be made to misbehave, and the
// very SQLite store of the Durable Object, over node:sqlite.

/** {@link Sqlite} over node:sqlite; the database outlives the store, as storage outlives a process. */
export function sqliteOn(database: DatabaseSync): Sqlite {
  const statements = new Map<string, StatementSync>();
  return {
    exec: (sql, ...bindings) => {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      const rows = statement.all(...bindings);
      return { toArray: () => rows as Record<string, unknown>[] };
    },
    transaction: (work) => {
      database.exec("BEGIN");
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
  };
}

export interface Request {
  method: string;
  /** Behind the endpoint's URL: `locations/NL/TNM/LOC1`, with its query. */
  path: string;
  body: JsonObject | null;
}

/** How the partner answers: an HTTP status and OCPI code, or not at all. `stores`: whether it took what it was sent all the same. */
export type Behaviour =
  | {
      http: number;
      code: number | null;
      message?: string;
      data?: JsonObject;
      stores?: boolean;
      headers?: Record<string, string>;
    }
  | { silent: "timeout" | "network"; stores?: boolean };

export const FINE: Behaviour = { http: 200, code: 1000 };

export interface World {
  now: number;
  random: () => number;
  partner: Partner;
  parties: Party[];
  objects: Map<string, StoredObject>;
  revision: number;
  events: NewEvent[];
  requests: Request[];
  /** What the partner holds, by path of the whole object. */
  held: Map<string, JsonObject>;
  behave: (request: Request) => Behaviour | Promise<Behaviour>;
  /** Called before every answer of our own storage; may throw. */
  disturb: (what: string) => void;
  store: PumpStore;
  pump: Pump;
  pulls: Map<string, Pull>;
  /** As after a crash: a new store over the same storage. */
  restart(): void;
  put(module: string, body: JsonObject, change?: Partial<StoredObject>): StoredObject;
  calls: Record<string, number>;
}

const BASE = "https://partner.test/ocpi/";

export function newWorld(version = "2.2.1", change: Partial<Partner> = {}): World {
  const database = new DatabaseSync(":memory:");
  let life = 0;
  const open = (): PumpStore => mortal(partnerPumpStore(sqliteOn(database)), () => life);
  const endpoints = ["locations", "tariffs", "tokens"].map((identifier) => ({
    identifier,
    role: version.startsWith("2.2") || version.startsWith("2.3") ? ("RECEIVER" as const) : null,
    url: BASE + identifier,
  }));
  const partner: Partner = {
    id: "p1",
    name: "Partner",
    status: "REGISTERED",
    side: "EMSP",
    version,
    versions_url: "https://partner.test/ocpi/versions",
    roles: [{ role: "EMSP", country_code: "DE", party_id: "MSP" }],
    endpoints,
    token_encoding: "base64",
    outbound_token: "sealed",
    allow: {},
    settings: { token_encoding: "auto", push: true, retry: true, initial: "none" },
    epoch: 1,
    created_at: 0,
    last_seen_at: null,
    ...change,
  };
  const world: World = {
    now: 1_000_000,
    random: () => 0.5,
    partner,
    parties: [{ country_code: "NL", party_id: "TNM", roles: ["CPO"], business_details: { name: "TNM" } }],
    objects: new Map(),
    revision: 0,
    events: [],
    requests: [],
    held: new Map(),
    behave: () => FINE,
    disturb: () => {},
    store: open(),
    pump: undefined as unknown as Pump,
    pulls: new Map(),
    restart: () => {
      life += 1;
      world.store = open();
      world.pump = { ...world.pump, ports: portsOf(world, () => life), store: world.store };
    },
    put: (module, body, changes = {}) => {
      const id = String(body.id ?? body.uid);
      const known = world.objects.get(`${module}/${id}`);
      world.revision += 1;
      const { evses = [], last_updated, ...head } = body;
      const whole = module === "locations";
      const object: StoredObject = {
        seq: known?.seq ?? world.objects.size + 1,
        module,
        country_code: "NL",
        party_id: "TNM",
        id_key: id,
        recipient: "",
        id,
        partner: null,
        origin: "2.3.0",
        audience: "*",
        body: whole ? head : body,
        last_updated: String(last_updated),
        received_ms: world.now,
        revision: world.revision,
        deleted: false,
        evses: (evses as JsonObject[]).map((evse, pos) => {
          const uid = String(evse.uid);
          return { uid_key: uid, uid, pos, body: evse, revision: world.revision };
        }),
        ...changes,
      };
      world.objects.set(`${module}/${id}`, object);
      return object;
    },
    calls: {},
  };
  const pulls: PullStore = {
    save: async (pull) => void world.pulls.set(pull.id, structuredClone(pull)),
    get: async (_, id) => world.pulls.get(id) ?? null,
  };
  world.pump = { partner: "p1", ports: portsOf(world, () => life), store: world.store, pulls, stopped: () => false };
  return world;
}

/** A store that is dead to whoever got it in an earlier life. */
function mortal(store: PumpStore, life: () => number): PumpStore {
  const born = life();
  return new Proxy(store, {
    get: (target, name, receiver) => {
      if (life() !== born) throw new Error("The process was killed");
      return Reflect.get(target, name, receiver);
    },
  });
}

function portsOf(world: World, life: () => number): PumpPorts {
  const born = life();
  const asked = async <T>(what: string, answer: () => T): Promise<T> => {
    await Promise.resolve();
    if (life() !== born) throw new Error("The process was killed");
    world.calls[what] = (world.calls[what] ?? 0) + 1;
    world.disturb(what);
    return answer();
  };
  const unused = (): never => {
    throw new Error("Not part of this test");
  };
  let ids = 0;
  const all = () => [...world.objects.values()];
  const ports: Partial<Record<keyof PumpPorts, unknown>> = {
    config: {
      publicUrl: "https://gateway.test",
      allowPrivateNetwork: false,
      bodyLimits: { objects: 1, small: 1 },
      journalDays: 1,
    },
    clock: { now: () => world.now },
    ids: { uuid: () => `id-${ids++}`, token: unused, random: () => world.random() },
    secrets: { hash: unused, seal: unused, open: async () => "token" },
    // A dead process sends nothing.
    fetcher: { fetch: (request: OutboundRequest) => (life() === born ? answer(world, request) : unused()) },
    parties: { list: () => asked("parties", () => world.parties) },
    partners: { get: () => asked("partner", () => world.partner) },
    objects: {
      head: () => asked("head", () => world.revision),
      changes: (query: { module: string; after: number; upTo: number; limit: number }) =>
        asked("changes", () =>
          all()
            .filter(
              ({ module, revision }) => module === query.module && revision > query.after && revision <= query.upTo,
            )
            .sort((a, b) => a.revision - b.revision)
            .slice(0, query.limit)
            .map((object) => ({ ...object, evses: [] })),
        ),
      bySeq: (seqs: number[]) => asked("bySeq", () => structuredClone(all().filter(({ seq }) => seqs.includes(seq)))),
      many: (module: string) => asked("many", () => all().filter((object) => object.module === module)),
    },
    events: { append: (events: NewEvent[]) => asked("events", () => void world.events.push(...events)), list: unused },
    journal: { record: () => {}, list: unused },
    hosts: {},
    feed: { notify: async () => {} },
    background: { run: () => {} },
    log: { write: () => {} },
  };
  return ports as PumpPorts;
}

async function answer(world: World, request: OutboundRequest): Promise<OutboundOutcome> {
  const path = decodeURIComponent(request.url.slice(BASE.length));
  const body = request.body === undefined ? null : (JSON.parse(request.body) as JsonObject);
  const seen = { method: request.method, path, body };
  world.requests.push(seen);
  const behaviour = await world.behave(seen);
  const taken =
    "silent" in behaviour ? behaviour.stores : (behaviour.stores ?? (behaviour.http < 300 && behaviour.code === 1000));
  if (taken) store(world, seen);
  if ("silent" in behaviour) return { kind: behaviour.silent, detail: behaviour.silent };
  const { http, code, headers, message: status_message, data } = behaviour;
  const envelope = { status_code: code, status_message, data, timestamp: "2026-01-01T00:00:00Z" };
  const text = code === null ? "<html>" : JSON.stringify(envelope);
  return { kind: "answer", status: http, headers: new Headers(headers), body: text, url: request.url };
}

/** The partner's side: POST adds or replaces, PUT replaces, an EVSE goes into its Location and stamps it, DELETE removes. */
function store(world: World, { method, path, body }: Request): void {
  const [module, country, party, id, evse] = path.replace(/\?.*/, "").split("/");
  const key = [module, country, party, id].join("/");
  if (method === "GET") return;
  if (method === "POST") world.held.set(`${module}/${body?.id}`, body as JsonObject);
  else if (method === "DELETE") world.held.delete(key);
  else if (evse === undefined) world.held.set(key, body as JsonObject);
  else {
    const location = world.held.get(key) as JsonObject;
    const others = ((location.evses ?? []) as JsonObject[]).filter(({ uid }) => uid !== evse);
    world.held.set(key, { ...location, evses: [...others, body as JsonObject], last_updated: body?.last_updated });
  }
}
