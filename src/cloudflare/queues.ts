import { concernsPartner } from "../delivery/feed.ts";
import type { FeedNotice } from "../ports/world.ts";
import type { Ports } from "../ports.ts";

// The queue says "the feed moved", nothing more: transport, and allowed to lose. What it wakes reads the feed for itself, and
// looks at it now and then even when nobody calls.

/** Stands in a notice for the event feed, where no object changed. */
export const EVENTS = "events";

/** A notice on the queue: the modules something changed in, each of which has raised events too. */
export interface FeedMessage {
  modules: string[];
}

/** Changes that follow each other closer than this share one notice, ms. */
const GATHER_MS = 200;

/** Who gathers for longer was cancelled while it waited: another has to send what it has, ms. */
const GATHERS_AT_MOST_MS = 1_000;

/** Modules that changed since the last notice of this isolate, and since when; null: no notice is about to be sent. */
let gathering: { modules: Set<string>; since: number } | null = null;
let lastNoticeAt = 0;

/**
 * Puts notices on the queue: the first change at once, those of the next {@link GATHER_MS} together. The answer to the caller must
 * not wait for it.
 */
export function feedNotice(queue: Queue<FeedMessage>): FeedNotice {
  return {
    async notify(modules) {
      const now = Date.now();
      if (gathering !== null && now - gathering.since <= GATHERS_AT_MOST_MS) {
        for (const module of modules) gathering.modules.add(module);
        return;
      }
      const mine = { modules: new Set([...(gathering?.modules ?? []), ...modules]), since: now };
      gathering = null;
      const wait = lastNoticeAt + GATHER_MS - now;
      if (wait > 0) {
        gathering = mine;
        await scheduler.wait(wait);
        if (gathering === mine) gathering = null;
      }
      lastNoticeAt = Date.now();
      await queue.send({ modules: [...mine.modules] });
    },
  };
}

/** What {@link consumeQueue} needs. */
type WakePorts = Pick<Ports, "partners" | "parties" | "hosts" | "webhooks" | "webhookHosts" | "log">;

/**
 * Turns a batch of notices into one wake-up per partner that one of them concerns. Never throws, for a throw would deliver
 * acknowledged messages again: what failed is asked for again message by message. A batch of the dead-letter queue is
 * logged, and wakes everybody.
 */
export async function consumeQueue(batch: MessageBatch, ports: WakePorts): Promise<void> {
  const dead = batch.queue.endsWith("-dead");
  if (dead)
    ports.log.write("error", "change notices could not be handled", {
      queue: batch.queue,
      messages: batch.messages.length,
    });
  try {
    const modules = new Set(batch.messages.flatMap(({ body }) => modulesOf(body)));
    await Promise.all([wakePartners(ports, dead ? null : modules), wakeWebhooks(ports)]);
    batch.ackAll();
  } catch (error) {
    ports.log.write("warn", "change notices failed", { queue: batch.queue, error: String(error) });
    for (const message of batch.messages) {
      if (dead) message.ack();
      else message.retry({ delaySeconds: Math.min(60, 2 ** message.attempts) });
    }
  }
}

/** Wakes every registered partner and every webhook: after a start, or when it is not known what was missed. */
export async function wakeAll(ports: WakePorts): Promise<void> {
  await Promise.all([wakePartners(ports, null), wakeWebhooks(ports)]);
}

async function wakePartners(ports: WakePorts, modules: ReadonlySet<string> | null): Promise<void> {
  if (modules !== null && [...modules].every((module) => module === EVENTS)) return;
  const [partners, parties] = await Promise.all([ports.partners.registered(), ports.parties.list()]);
  const concerned = partners.filter((partner) => modules === null || concernsPartner(partner, modules, parties));
  const woken = await Promise.allSettled(concerned.map(({ id }) => ports.hosts.wake(id)));
  for (const [index, { status }] of woken.entries()) {
    // Its heartbeat will find the change; the others are not to be woken again for it.
    if (status === "rejected") ports.log.write("warn", "partner not woken", { partner: concerned[index]?.id ?? null });
  }
}

/** One wake-up for each webhook: which events it wants it knows best. */
async function wakeWebhooks(ports: WakePorts): Promise<void> {
  const ids = await ports.webhooks.enabled();
  const woken = await Promise.allSettled(ids.map((id) => ports.webhookHosts.wake(id)));
  for (const [index, { status }] of woken.entries()) {
    if (status === "rejected") ports.log.write("warn", "webhook not woken", { webhook: ids[index] ?? null });
  }
}

function modulesOf(body: unknown): string[] {
  const modules = (body as Partial<FeedMessage> | null)?.modules;
  return Array.isArray(modules) ? modules.filter((module) => typeof module === "string") : [];
}
