import { createExecutionContext, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { compose } from "../../../src/cloudflare/compose.ts";
import { consumeQueue } from "../../../src/cloudflare/queues.ts";
import { createWebhook } from "../../../src/gateway/webhooks.ts";
import type { Ports } from "../../../src/ports.ts";

// The real host of a webhook over the real bindings; only the receiver is played.

function ports(): Ports {
  const context = createExecutionContext();
  return compose(env, (work) => context.waitUntil(work));
}

const stub = (id: string) => env.WEBHOOK.getByName(id);
const alarmOf = (id: string) => runInDurableObject(stub(id), (_, state) => state.storage.getAlarm());
const made: string[] = [];

/** What the receivers were sent: `/path type n`. */
let got: string[] = [];
let ids: string[] = [];
let answer: (path: string) => Response | Promise<Response> = () => new Response(null, { status: 204 });

beforeEach(() => {
  got = [];
  ids = [];
  answer = () => new Response(null, { status: 204 });
});
// For the whole file, so that an alarm that fires by itself finds it too.
vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
  const { pathname } = new URL(String(input));
  const { type, data } = JSON.parse(String(init?.body));
  got.push(`${pathname} ${type} ${data.token?.n ?? ""}`.trim());
  ids.push(new Headers(init?.headers).get("webhook-id") ?? "");
  return answer(pathname);
});
afterEach(async () => {
  for (const id of made.splice(0)) {
    await ports().webhooks.remove(id);
    await ports().webhookHosts.forget(id);
  }
});
afterAll(() => vi.restoreAllMocks());

async function webhook(path: string, types: string[] = []): Promise<string> {
  const done = await createWebhook(
    ports(),
    { url: `https://office.example${path}`, types, description: null },
    "https://us.example",
  );
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const { id } = done.value.webhook;
  made.push(id);
  // The run that its creation asked for.
  await runDurableObjectAlarm(stub(id));
  return id;
}

/** Raises an event each without waking anybody. */
const raise = (...events: [type: string, n: number][]) =>
  env.DB.batch(
    events.map(([type, n]) =>
      env.DB.prepare("INSERT INTO events (type, time_ms, data) VALUES (?, ?, ?)").bind(
        type,
        Date.now(),
        JSON.stringify({ token: { n } }),
      ),
    ),
  );

test("only what is raised after it was created, in order, of the types asked for; the place is kept", async () => {
  await raise(["token.changed", 0]);
  const id = await webhook("/a", ["token.*"]);
  await raise(["token.changed", 1], ["tariff.changed", 2], ["token.changed", 3]);
  await runDurableObjectAlarm(stub(id));
  expect(got).toEqual(["/a token.changed 1", "/a token.changed 3"]);
  await evictDurableObject(stub(id));
  await ports().webhookHosts.wake(id);
  await runDurableObjectAlarm(stub(id));
  expect(got).toHaveLength(2);
  expect(await ports().webhookHosts.health(id)).toMatchObject({ delivered: 2, failed: 0, attempts: 0 });
});

test("without a wake-up the heartbeat finds the event; D1 away is another run a little later", async () => {
  const id = await webhook("/b");
  expect(await alarmOf(id)).toBeLessThanOrEqual(Date.now() + 30_000);
  const broken = vi.spyOn(env.DB, "prepare").mockImplementation(() => {
    throw new Error("D1_ERROR: away");
  });
  const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
  await runDurableObjectAlarm(stub(id));
  broken.mockRestore();
  quiet.mockRestore();
  expect(await alarmOf(id)).toBeLessThanOrEqual(Date.now() + 5_000);
  await raise(["token.changed", 1]);
  await runDurableObjectAlarm(stub(id));
  expect(got).toEqual(["/b token.changed 1"]);
});

test("a failure waits, holds up what is behind it, and is forgotten with a retry; the id stays the same", async () => {
  const id = await webhook("/c");
  answer = () => new Response(null, { status: 500 });
  await raise(["token.changed", 1], ["token.changed", 2]);
  await runDurableObjectAlarm(stub(id));
  const health = await ports().webhookHosts.health(id);
  expect(health).toMatchObject({ attempts: 1, delivered: 0, last_status: 500, last_error: "HTTP 500" });
  expect(health?.next_attempt_at).toBeGreaterThan(Date.now() + 3_000);
  await ports().webhookHosts.wake(id);
  await runDurableObjectAlarm(stub(id));
  expect(got).toEqual(["/c token.changed 1"]);
  await evictDurableObject(stub(id));
  answer = () => new Response(null, { status: 200 });
  await ports().webhookHosts.retry(id);
  await runDurableObjectAlarm(stub(id));
  expect(got).toEqual(["/c token.changed 1", "/c token.changed 1", "/c token.changed 2"]);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

test("a receiver that hangs up delays nobody but itself", async () => {
  const slow = await webhook("/slow");
  const fast = await webhook("/fast");
  let release = () => {};
  const held = new Promise<void>((settle) => {
    release = settle;
  });
  answer = async (path) => {
    if (path === "/slow") await held;
    return new Response(null, { status: 200 });
  };
  await raise(["token.changed", 1]);
  const slowly = runDurableObjectAlarm(stub(slow));
  await runDurableObjectAlarm(stub(fast));
  expect(got).toContain("/fast token.changed 1");
  release();
  await slowly;
});

test("410 disables it, and no alarm is set; removed it forgets everything", async () => {
  const id = await webhook("/d");
  answer = () => new Response(null, { status: 410 });
  const quiet = vi.spyOn(console, "warn").mockImplementation(() => {});
  const quieter = vi.spyOn(console, "log").mockImplementation(() => {});
  await raise(["token.changed", 1]);
  await runDurableObjectAlarm(stub(id));
  quiet.mockRestore();
  quieter.mockRestore();
  expect(await ports().webhooks.get(id)).toMatchObject({ status: "DISABLED" });
  expect(await ports().webhooks.enabled()).not.toContain(id);
  expect(await alarmOf(id)).toBeNull();
  await ports().webhooks.remove(id);
  await ports().webhookHosts.wake(id);
  await runDurableObjectAlarm(stub(id));
  expect(await ports().webhookHosts.health(id)).toBeNull();
  expect(await alarmOf(id)).toBeNull();
});

test("410 of an address that was repaired meanwhile disables nothing", async () => {
  const id = await webhook("/old");
  answer = async (path) => {
    if (path !== "/old") return new Response(null, { status: 200 });
    // In the store first, and its host is told then: the answer may come between the two.
    await ports().webhooks.update(id, { url: "https://office.example/repaired" });
    return new Response(null, { status: 410 });
  };
  await raise(["token.changed", 1]);
  await runDurableObjectAlarm(stub(id));
  expect(await ports().webhooks.get(id)).toMatchObject({ status: "ENABLED" });
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(stub(id));
    expect(got).toEqual(["/old token.changed 1", "/repaired token.changed 1"]);
  });
  expect(await ports().webhookHosts.health(id)).toMatchObject({ delivered: 1, attempts: 0 });
});

test("a notice wakes every enabled webhook, and no partner when no object changed", async () => {
  const id = await webhook("/e");
  const woken: string[] = [];
  const real = ports();
  const webhookHosts = { ...real.webhookHosts, wake: async (one: string) => void woken.push(one) };
  const partners = { ...real.partners, registered: () => Promise.reject(new Error("not to be asked")) };
  const messages = { queue: "ocpi-feed", messages: [{ body: { modules: ["events"] } }], ackAll: () => {} };
  await consumeQueue(messages as unknown as MessageBatch, { ...real, webhookHosts, partners });
  expect(woken).toEqual([id]);
});
