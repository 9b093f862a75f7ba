import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { consumeQueue, feedNotice, wakeAll } from "../../../src/cloudflare/queues.ts";
import type { Ports } from "../../../src/ports.ts";
import { addEmsp, ownParty, playPartners, ports, putLocation } from "./stage.ts";

let id: string;
beforeAll(async () => {
  await ownParty();
  id = await addEmsp("QU1");
});

const batch = (queue: string, ...bodies: unknown[]) =>
  createMessageBatch(
    queue,
    bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts: 1, body })),
  );

/** The ports, with a record of who is woken, and logs. */
function watched(wake: (partner: string) => Promise<void> = async () => {}): {
  all: Ports;
  woken: string[];
  logs: string[];
} {
  const woken: string[] = [];
  const logs: string[] = [];
  const real = ports();
  const hosts = {
    ...real.hosts,
    wake: async (partner: string) => {
      woken.push(partner);
      await wake(partner);
    },
  };
  const log = { write: (level: string, message: string) => void logs.push(`${level} ${message}`) };
  return { all: { ...real, hosts, log }, woken, logs };
}

test("a batch is one wake-up for each partner it concerns", async () => {
  const { all, woken } = watched();
  const messages = batch("ocpi-feed", { modules: ["locations"] }, { modules: ["locations"] }, { modules: ["tariffs"] });
  await consumeQueue(messages, all);
  expect(woken).toEqual([id]);
  const result = await getQueueResult(messages, createExecutionContext());
  expect(result.ackAll || result.explicitAcks.length === 3).toBe(true);
});

test("partners that are not pushed a module are left alone; nonsense is put aside", async () => {
  const { all, woken } = watched();
  await consumeQueue(batch("ocpi-feed", { modules: ["tokens"] }, "nonsense", null, { modules: 7 }), all);
  expect(woken).toEqual([]);
});

test("a partner that cannot be woken is its heartbeat's affair; the others are woken", async () => {
  const other = await addEmsp("QU2");
  const { all, woken, logs } = watched(async (partner) => {
    if (partner === id) throw new Error("overloaded");
  });
  const messages = batch("ocpi-feed", { modules: ["locations"] });
  await consumeQueue(messages, all);
  expect(woken).toEqual(expect.arrayContaining([id, other]));
  expect(logs).toEqual(["warn partner not woken"]);
});

test("it never throws: what failed is asked for again, later and later", async () => {
  const { all } = watched();
  const partners = { ...all.partners, registered: () => Promise.reject(new Error("D1 is away")) };
  const messages = batch("ocpi-feed", { modules: ["locations"] }, { modules: ["tariffs"] });
  const retry = vi.spyOn(messages.messages[0] as Message, "retry");
  await consumeQueue(messages, { ...all, partners });
  expect(retry).toHaveBeenCalledWith({ delaySeconds: 2 });
  const result = await getQueueResult(messages, createExecutionContext());
  expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(["m0", "m1"]);
});

test("the dead-letter queue is logged, wakes everybody, and is acknowledged whatever happens", async () => {
  const { all, woken, logs } = watched();
  await consumeQueue(batch("ocpi-feed-dead", "whatever"), all);
  expect(woken).toContain(id);
  expect(logs[0]).toBe("error change notices could not be handled");
  const partners = { ...all.partners, registered: () => Promise.reject(new Error("D1 is away")) };
  const messages = batch("ocpi-feed-dead", "whatever");
  await consumeQueue(messages, { ...all, partners });
  expect((await getQueueResult(messages, createExecutionContext())).explicitAcks).toEqual(["m0"]);
});

test("wakeAll wakes every registered partner", async () => {
  const { all, woken } = watched();
  await wakeAll(all);
  expect(woken).toContain(id);
});

test("many changes at once are few notices, and none is left out", async () => {
  const sent: string[][] = [];
  const queue = { send: async ({ modules }: { modules: string[] }) => void sent.push(modules) };
  const feed = feedNotice(queue as unknown as Queue<{ modules: string[] }>);
  await Promise.all(Array.from({ length: 50 }, (_, n) => feed.notify([n === 40 ? "tokens" : "locations"])));
  expect(sent.length).toBeLessThanOrEqual(3);
  expect(new Set(sent.flat())).toEqual(new Set(["locations", "tokens"]));
});

test("who was cancelled while it gathered holds up nobody for long, and what it had is sent", async () => {
  const sent: string[][] = [];
  const queue = { send: async ({ modules }: { modules: string[] }) => void sent.push(modules) };
  const feed = feedNotice(queue as unknown as Queue<{ modules: string[] }>);
  await feed.notify(["locations"]);
  const waiting = vi.spyOn(scheduler, "wait").mockImplementationOnce(() => new Promise(() => {}));
  void feed.notify(["tokens"]);
  await feed.notify(["tariffs"]);
  waiting.mockRestore();
  const now = Date.now();
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now + 2_000);
  await feed.notify(["cdrs"]);
  clock.mockRestore();
  expect(new Set(sent.at(-1))).toEqual(new Set(["tokens", "tariffs", "cdrs"]));
});

test("from a write to the push: nobody calls anybody by hand", async () => {
  const pushes = playPartners();
  await putLocation("Q1", "by queue");
  await vi.waitFor(() => expect(pushes.map(({ url }) => url)).toContain("https://qu1.example/locations/NL/TNM/Q1"), {
    timeout: 8_000,
    interval: 50,
  });
  expect(env.FEED).toBeDefined();
});
