import type { EventStore } from "../ports/evidence.ts";
import type { Clock, Ids } from "../ports/world.ts";
import type { Ports } from "../ports.ts";
import { background } from "./background.ts";
import { commandHosts } from "./commands.ts";
import { secrets } from "./crypto.ts";
import { eventStore } from "./d1/events.ts";
import { journal } from "./d1/journal.ts";
import { objectStore } from "./d1/objects.ts";
import { partyStore } from "./d1/parties.ts";
import { partnerStore } from "./d1/partners.ts";
import { settingsStore } from "./d1/settings.ts";
import { webhookStore } from "./d1/webhooks.ts";
import { deploymentOf } from "./env.ts";
import { fetcher } from "./fetcher.ts";
import { partnerHosts, webhookHosts } from "./hosts.ts";
import { consoleLog } from "./log.ts";
import { cachedParties } from "./party-cache.ts";
import { EVENTS, feedNotice } from "./queues.ts";
import { sessionHosts } from "./sessions.ts";
import { cachedSettings } from "./settings-cache.ts";

// The composition root: the one place where ports meet what the platform has for them.

const clock: Clock = { now: () => Date.now() };

const ids: Ids = {
  uuid: () => crypto.randomUUID(),
  token: () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    return btoa(String.fromCharCode(...bytes))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  },
  random: () => Math.random(),
};

/** Ports that are the same for every request of an isolate. */
type Standing = Omit<Ports, "background" | "journal">;

const standing = new WeakMap<Env, Standing>();

function standingPorts(env: Env): Standing {
  const known = standing.get(env);
  if (known !== undefined) return known;
  const { config, masterKey } = deploymentOf(env);
  const ports: Standing = {
    config,
    clock,
    ids,
    secrets: secrets(masterKey),
    fetcher: fetcher(config),
    parties: cachedParties(partyStore(env.DB, clock), clock),
    partners: partnerStore(env.DB, clock),
    settings: cachedSettings(settingsStore(env.DB, config), clock),
    sessions: sessionHosts(env.SESSION),
    commands: commandHosts(env.COMMAND, env.DB, clock),
    objects: objectStore(env.DB, clock),
    events: eventStore(env.DB, clock),
    hosts: partnerHosts(env.PARTNER),
    webhooks: webhookStore(env.DB, clock),
    webhookHosts: webhookHosts(env.WEBHOOK),
    feed: feedNotice(env.FEED),
    log: consoleLog,
  };
  standing.set(env, ports);
  return ports;
}

/**
 * The ports of one request, queue batch, or Durable Object.
 * @param run keeps it alive until a promise settles: `ctx.waitUntil`
 * @throws when the deployment lacks a secret or a binding; the message names all of them
 */
export function compose(env: Env, run: (work: Promise<unknown>) => void): Ports {
  const ports = standingPorts(env);
  const around = background(run, ports.log);
  const events: EventStore = {
    ...ports.events,
    append: async (added) => {
      await ports.events.append(added);
      if (added.length > 0) around.run(ports.feed.notify([EVENTS]));
    },
  };
  return { ...ports, events, background: around, journal: journal(env.DB, { background: around, clock }) };
}
