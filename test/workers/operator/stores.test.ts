import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { eventStore, pruneEvents } from "../../../src/cloudflare/d1/events.ts";
import { idempotencyStore, pruneIdempotency } from "../../../src/cloudflare/d1/idempotency.ts";
import { journal, pruneMessages } from "../../../src/cloudflare/d1/journal.ts";
import type { JournalEntry } from "../../../src/ports/evidence.ts";
import { countedDb } from "../../support/counted-db.ts";
import { standingClock } from "../../support/fake-ports.ts";

beforeEach(async () => {
  await env.DB.batch(["events", "messages", "idempotency"].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

describe("events", () => {
  const clock = standingClock();
  const events = eventStore(env.DB, clock);
  const raise = (...types: string[]) =>
    events.append(types.map((type) => ({ type, partner: null, data: { said: type } })));

  test("are listed oldest first, behind a position, so many at a time", async () => {
    await raise("location.changed", "tariff.changed", "location.changed");
    const { items, last } = await events.list({ after: 0, types: [], limit: 2 });
    expect(items).toMatchObject([
      { type: "location.changed", time: clock.now(), data: { said: "location.changed" } },
      { type: "tariff.changed" },
    ]);
    const rest = await events.list({ after: last, types: [], limit: 2 });
    expect(rest.items).toMatchObject([{ type: "location.changed" }]);
    expect(await events.list({ after: rest.last, types: [], limit: 2 })).toEqual({ items: [], last: rest.last });
  });

  test.each([
    [["location.*"], 2],
    [["location.changed", "tariff.deleted"], 3],
    [["loc.*"], 0],
    [["location"], 0],
    [["*"], 4],
    [["%"], 0],
  ])("types %j match %i of four", async (types, count) => {
    await raise("location.changed", "location.moved", "tariff.deleted", "tariff.deleted");
    const { items } = await events.list({ after: 0, types, limit: 10 });
    expect(items).toHaveLength(count);
  });

  test("a reader whose types match nothing moves on all the same", async () => {
    await raise("tariff.changed", "tariff.changed");
    const { items, last } = await events.list({ after: 0, types: ["session.*"], limit: 10 });
    expect(items).toEqual([]);
    await raise("session.changed");
    expect((await events.list({ after: last, types: ["session.*"], limit: 10 })).items).toHaveLength(1);
  });

  test("numbers of pruned events are not given again", async () => {
    await raise("tariff.changed");
    const { last } = await events.list({ after: 0, types: [], limit: 10 });
    expect(await pruneEvents(env.DB, clock.now() + 1)).toBe(1);
    await raise("tariff.changed");
    expect((await events.list({ after: last, types: [], limit: 10 })).items).toHaveLength(1);
  });
});

describe("the journal", () => {
  const entry = (more: Partial<JournalEntry> = {}): JournalEntry => ({
    time: 1_000,
    partner: "p1",
    direction: "in",
    module: "locations",
    method: "PUT",
    url: "https://gw.test/ocpi/2.2.1/receiver/locations/NL/TNM/1",
    http_status: 200,
    ocpi_status: 1000,
    duration_ms: 3,
    request_id: "r1",
    correlation_id: "c1",
    error: null,
    losses: [{ pointer: "/name", reason: "cut" }],
    findings: [{ pointer: "/city", message: "is longer than 45 characters" }],
    request_body: '{"a":"it\'s \\"quoted\\""}',
    response_body: null,
    ...more,
  });

  /** A journal of its own isolate: the buffer belongs to the database object. */
  function fresh() {
    const counted = countedDb(env.DB);
    const work: Promise<unknown>[] = [];
    const kept = journal(counted.db, {
      background: { run: (promise) => void work.push(promise) },
      clock: { now: () => Date.now() },
    });
    return { kept, work, settled: () => Promise.all(work.splice(0)), calls: counted.calls };
  }

  test("keeps an entry as it was recorded", async () => {
    const { kept, settled } = fresh();
    kept.record(entry());
    kept.record(entry({ partner: null, module: null, http_status: null, ocpi_status: null, losses: [], findings: [] }));
    await settled();
    const [second, first] = await kept.list({ limit: 10 });
    expect(first).toEqual({ id: expect.any(Number), ...entry() });
    expect(second).toMatchObject({ partner: null, module: null, http_status: null, losses: [], findings: [] });
  });

  test("writes what comes together in one call, after the answer", async () => {
    const { kept, settled, calls } = fresh();
    for (let n = 0; n < 50; n++) kept.record(entry({ request_id: `r${n}` }));
    expect(calls()).toBe(0);
    await settled();
    expect(calls()).toBe(1);
    expect(await kept.list({ limit: 100 })).toHaveLength(50);
  });

  test("a hundred entries do not wait", async () => {
    const { kept, work, settled } = fresh();
    for (let n = 0; n < 250; n++) kept.record(entry());
    expect(work.length).toBeGreaterThanOrEqual(3);
    await settled();
    expect(await kept.list({ limit: 1000 })).toHaveLength(250);
  });

  test("large bodies are written in statements that D1 takes", async () => {
    const { kept, settled } = fresh();
    for (let n = 0; n < 80; n++)
      kept.record(entry({ request_body: "é".repeat(16_000), response_body: "x".repeat(32_000) }));
    await settled();
    expect(await kept.list({ limit: 1000 })).toHaveLength(80);
  });

  test("who asks sees what was just recorded", async () => {
    const { kept } = fresh();
    kept.record(entry());
    expect(await kept.list({ limit: 10 })).toHaveLength(1);
  });

  test("an entry whose flush was lost with its request is written with the next one", async () => {
    const counted = countedDb(env.DB);
    const clock = standingClock();
    const lost = journal(counted.db, { background: { run: () => undefined }, clock });
    lost.record(entry({ request_id: "lost" }));
    clock.advance(5_000);
    const work: Promise<unknown>[] = [];
    const next = journal(counted.db, { background: { run: (promise) => void work.push(promise) }, clock });
    next.record(entry({ request_id: "next" }));
    await Promise.all(work);
    const { results } = await env.DB.prepare("SELECT request_id FROM messages ORDER BY id").all();
    expect(results.map(({ request_id }) => request_id)).toEqual(["lost", "next"]);
  });

  test("is read newest first, by filter, page by page", async () => {
    const { kept, settled } = fresh();
    kept.record(entry({ partner: "p1", direction: "in", module: "locations" }));
    kept.record(entry({ partner: "p2", direction: "out", module: "tokens", correlation_id: "c2" }));
    kept.record(entry({ partner: "p1", direction: "out", module: "tokens" }));
    await settled();
    const all = await kept.list({ limit: 10 });
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => b - a));
    expect(await kept.list({ partner: "p1", limit: 10 })).toHaveLength(2);
    expect(await kept.list({ direction: "out", module: "tokens", limit: 10 })).toHaveLength(2);
    expect(await kept.list({ correlation_id: "c2", limit: 10 })).toMatchObject([{ partner: "p2" }]);
    expect(await kept.list({ before: all[1]?.id ?? 0, limit: 10 })).toHaveLength(1);
  });

  test("forgets what is past its time", async () => {
    const { kept, settled } = fresh();
    kept.record(entry({ time: 1_000 }));
    kept.record(entry({ time: 2_000 }));
    await settled();
    expect(await pruneMessages(env.DB, 2_000)).toBe(1);
    expect(await kept.list({ limit: 10 })).toMatchObject([{ time: 2_000 }]);
  });
});

describe("idempotency keys", () => {
  const clock = standingClock();
  const store = idempotencyStore(env.DB, clock);

  test("a key is taken once, then answered, and only for the same request", async () => {
    expect(await store.claim("k", "h")).toEqual({ state: "taken" });
    expect(await store.claim("k", "h")).toEqual({ state: "running" });
    expect(await store.claim("k", "other")).toEqual({ state: "different" });
    await store.keep("k", { status: 201, body: "sealed" });
    expect(await store.claim("k", "h")).toMatchObject({ state: "answered", answer: { status: 201, body: "sealed" } });
    expect(await store.claim("k", "other")).toEqual({ state: "different" });
  });

  test("of many at once one gets it", async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim("k", "h")));
    expect(claims.filter(({ state }) => state === "taken")).toHaveLength(1);
  });

  test("a released key is free again, an answered one is not", async () => {
    await store.claim("k", "h");
    await store.release("k");
    expect(await store.claim("k", "other")).toEqual({ state: "taken" });
    await store.keep("k", { status: 201, body: "sealed" });
    await store.release("k");
    expect(await store.claim("k", "other")).toMatchObject({ state: "answered" });
  });

  test("a request that never ended holds its key for two minutes", async () => {
    await store.claim("k", "h");
    clock.advance(121_000);
    expect(await store.claim("k", "h")).toEqual({ state: "taken" });
    expect(await store.claim("k", "h")).toEqual({ state: "running" });
  });

  test("are forgotten after their day", async () => {
    await store.claim("k", "h");
    await store.keep("k", { status: 201, body: "sealed" });
    expect(await pruneIdempotency(env.DB, clock.now() + 1)).toBe(1);
    expect(await store.claim("k", "other")).toEqual({ state: "taken" });
  });
});
