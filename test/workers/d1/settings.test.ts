import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { settingsStore } from "../../../src/cloudflare/d1/settings.ts";
import { webhookStore } from "../../../src/cloudflare/d1/webhooks.ts";
import { cachedSettings } from "../../../src/cloudflare/settings-cache.ts";
import { defaultSettings } from "../../../src/gateway/settings.ts";

const clock = { time: 1_000, now: () => clock.time };
const store = settingsStore(env.DB, { journalDays: 14 });

test("settings are the defaults with what was changed, however many change them at once", async () => {
  expect(await store.get()).toEqual(defaultSettings(14));
  await Promise.all([
    store.patch({ commands: { accept: "NEVER" } }),
    store.patch({ journal: { days: 3 } }),
    store.patch({ commands: { timeout_s: 9 } }),
  ]);
  const expected = { ...defaultSettings(14), commands: { accept: "NEVER", timeout_s: 9 }, journal: { days: 3 } };
  expect(await store.get()).toEqual(expected);
  expect(await store.patch({ commands: null, journal: { days: null } })).toEqual(defaultSettings(14));
});

test("remembered for two seconds, and not beyond a change made here", async () => {
  let reads = 0;
  const get = () => {
    reads += 1;
    return store.get();
  };
  const counted = { ...store, get };
  const cached = cachedSettings(counted, clock);
  await cached.get();
  await cached.get();
  expect(reads).toBe(1);
  await cached.patch({ journal: { days: 5 } });
  expect((await cached.get()).journal.days).toBe(5);
  expect(reads).toBe(2);
  clock.time += 2_000;
  await cached.get();
  expect(reads).toBe(3);
});

test("a webhook starts behind the newest event; a change leaves alone what it does not name", async () => {
  const webhooks = webhookStore(env.DB, clock);
  await env.DB.prepare("INSERT INTO events (type, time_ms, data) VALUES ('token.changed', 0, '{}')").run();
  const { results } = await env.DB.prepare("SELECT max(id) AS id FROM events").all<{ id: number }>();
  const given = { id: "w1", url: "https://a.example/", types: ["token.*"], description: "A", secret: "sealed" };
  const made = await webhooks.create(given);
  expect(made).toMatchObject({ ...given, status: "ENABLED", after_event: results[0]?.id, created_at: clock.time });
  expect(await webhooks.get("w1")).toEqual(made);
  clock.time += 1;
  const changed = { ...made, description: null, types: [], updated_at: clock.time };
  expect(await webhooks.update("w1", { description: null, types: [] })).toEqual(changed);
  expect(await webhooks.update("w1", { status: "DISABLED" })).toEqual({ ...changed, status: "DISABLED" });
  expect(await webhooks.enabled()).toEqual([]);
  expect(await webhooks.update("none", { status: "DISABLED" })).toBeNull();
  expect(await webhooks.list()).toHaveLength(1);
  expect([await webhooks.remove("w1"), await webhooks.remove("w1")]).toEqual([true, false]);
});
