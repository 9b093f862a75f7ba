import type { StoredEvent } from "../../src/ports/evidence.ts";
import type { Partner, Party } from "../../src/ports/partners.ts";
import type { Clock, OutboundOutcome, OutboundRequest } from "../../src/ports/world.ts";
import type { Ports } from "../../src/ports.ts";
import { createServer } from "../../src/server/pipeline.ts";
import { countingIds, listJournal, openSecrets } from "./fake-ports.ts";
import { memoryParties, memoryPartners, type PartnerMemory } from "./memory-stores.ts";

/** What becomes of one request on the way: it arrives and is answered, never arrives, or arrives and the answer is lost. */
export type Fate = "ok" | "request lost" | "answer lost";

/** Hosts that reach each other without a socket. */
export interface Network {
  hosts: Map<string, (request: Request) => Promise<Response>>;
  /** Fates of the next requests, in order; after them all is well. */
  fates: Fate[];
  /** All that was sent, `POST https://b.test/ocpi/2.2.1/credentials` each. */
  sent: string[];
}

/** A network without hosts. */
export const network = (): Network => ({ hosts: new Map(), fates: [], sent: [] });

/** The registration side of a whole gateway, in memory: its real server and use cases on stores that a test can look into. */
export interface MemoryGateway {
  base: string;
  ports: Ports;
  memory: PartnerMemory;
  events: StoredEvent[];
  /** What the pump was told: `registered <partner id>`. */
  told: string[];
  partners(): Partner[];
}

/** Starts a gateway at `https://<host>` on a network. */
export function memoryGateway(net: Network, host: string, parties: Party[], clock: Clock): MemoryGateway {
  const base = `https://${host}`;
  const memory: PartnerMemory = { partners: new Map(), tokens: new Map() };
  const own = memoryParties(parties);
  const events: StoredEvent[] = [];
  const told: string[] = [];
  const ids = countingIds();
  const unused = () => {
    throw new Error("not part of a registration");
  };
  const named = { uuid: () => `${host}-${ids.uuid()}`, token: () => `${host}-${ids.token()}`, random: ids.random };
  const ports = {
    config: {
      publicUrl: base,
      allowPrivateNetwork: false,
      bodyLimits: { objects: 1_000_000, small: 64_000 },
      journalDays: 14,
    },
    clock,
    ids: named,
    secrets: openSecrets,
    fetcher: { fetch: (request: OutboundRequest) => send(net, request) },
    parties: own,
    partners: memoryPartners(clock, own.all, memory),
    objects: new Proxy({}, { get: unused }),
    events: {
      async append(added: { type: string; data: StoredEvent["data"] }[]) {
        for (const { type, data } of added) events.push({ id: events.length + 1, type, data, time: clock.now() });
      },
      list: async () => ({ items: events, last: events.length }),
    },
    journal: listJournal(),
    hosts: {
      reconfigure: async (partner: string, what: string) => void told.push(`${what} ${partner}`),
      announceParties: async (partner: string) => void told.push(`announce ${partner}`),
    },
    feed: { notify: async () => undefined },
    background: { run: (work: Promise<unknown>) => void work.catch(() => undefined) },
    log: {
      write: (level: string, message: string, fields: unknown) =>
        void (level === "error" && told.push(`${message} ${JSON.stringify(fields)}`)),
    },
  } as unknown as Ports;
  const handle = createServer({ limiter: async () => true });
  net.hosts.set(host, (request) => handle(ports, request));
  return { base, ports, memory, events, told, partners: () => structuredClone([...memory.partners.values()]) };
}

async function send(net: Network, request: OutboundRequest): Promise<OutboundOutcome> {
  net.sent.push(`${request.method} ${request.url}`);
  const fate = net.fates.shift() ?? "ok";
  const { host } = new URL(request.url);
  const serve = net.hosts.get(host);
  if (!request.allowHosts.includes(host)) return { kind: "refused", detail: "not an allowed host" };
  if (!serve || fate === "request lost") return { kind: "network", detail: "no connection" };
  const { method, url, headers, body } = request;
  const response = await serve(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
  const text = await response.text();
  if (fate === "answer lost") return { kind: "timeout", detail: "no answer" };
  return { kind: "answer", status: response.status, headers: response.headers, body: text, url };
}
