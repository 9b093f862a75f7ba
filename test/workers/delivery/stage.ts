import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, vi } from "vitest";
import { compose } from "../../../src/cloudflare/compose.ts";
import { putObject } from "../../../src/gateway/objects.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { PartnerSettings } from "../../../src/ports/partners.ts";
import type { Ports } from "../../../src/ports.ts";

// The real ports over the real bindings; only the network beyond is played.

export function ports(): Ports {
  const context = createExecutionContext();
  return compose(env, (work) => context.waitUntil(work));
}

const added: string[] = [];
// No alarm is to go off when the players have left.
afterAll(async () => {
  for (const id of added)
    await runInDurableObject(env.PARTNER.getByName(id), (_, state) => state.storage.deleteAlarm());
});

const settings: PartnerSettings = { token_encoding: "auto", push: true, retry: true, initial: "none" };

/** Registers an eMSP by the store, as a handshake would leave it, and tells its host. */
export async function addEmsp(partyId: string, change: Partial<PartnerSettings> = {}): Promise<string> {
  const { partners, secrets, ids, hosts } = ports();
  const id = ids.uuid();
  const created = await partners.create(
    { id, name: partyId, side: null, allow: {}, settings: { ...settings, ...change } },
    null,
    null,
  );
  const base = `https://${partyId.toLowerCase()}.example/`;
  const done = await partners.register({
    partner: id,
    epoch: created.epoch,
    version: "2.2.1",
    versions_url: `${base}versions`,
    side: null,
    roles: [{ role: "EMSP", country_code: "DE", party_id: partyId }],
    endpoints: ["locations", "tariffs"].map((identifier) => ({
      identifier,
      role: "RECEIVER" as const,
      url: base + identifier,
    })),
    token_encoding: "base64",
    outbound_token: await secrets.seal("their-token", id),
    inbound_hash: await secrets.hash(id),
  });
  if (!done.ok) throw new Error(done.detail);
  added.push(id);
  await hosts.reconfigure(id, "registered");
  return id;
}

export const ownParty = (): Promise<unknown> =>
  ports().parties.put({ country_code: "NL", party_id: "TNM", roles: ["CPO"], business_details: { name: "TNM" } });

/** Stores an own Location; its notice goes to the queue as in production. */
export async function putLocation(id: string, name: string): Promise<void> {
  const model: JsonObject = {
    country_code: "NL",
    party_id: "TNM",
    id,
    publish: true,
    name,
    address: "Stationsplein 1",
    city: "Utrecht",
    country: "NLD",
    coordinates: { latitude: "52.089444", longitude: "5.110278" },
    time_zone: "Europe/Amsterdam",
    last_updated: new Date().toISOString(),
  };
  const target = { module: "locations", country_code: "NL", party_id: "TNM", id, ciIds: true };
  const stored = await putObject(
    ports(),
    { actor: { kind: "operator" }, partner: null, origin: "2.3.0" },
    target,
    model,
  );
  if (!stored.ok) throw new Error(JSON.stringify(stored.error));
}

/** A request that left the gateway. */
export interface Pushed {
  method: string;
  url: string;
  body: JsonObject;
}

const success = (): Response => Response.json({ status_code: 1000, timestamp: new Date().toISOString() });

let pushes: Pushed[] = [];
let answering: () => Response | Promise<Response> = success;

// For the whole file, so that an alarm that fires by itself between two tests finds it too.
vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
  pushes.push({ method: init?.method ?? "GET", url: String(input), body: JSON.parse(String(init?.body ?? "{}")) });
  return answering();
});

/** Every host beyond answers so from now on, 1000 unless told otherwise; returns what comes from now on, as it comes. */
export function playPartners(answer: () => Response | Promise<Response> = success): Pushed[] {
  pushes = [];
  answering = answer;
  return pushes;
}
