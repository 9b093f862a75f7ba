import { describe, expect, test } from "vitest";
import { closedBreaker } from "../../../src/delivery/breaker.ts";
import { health, retryNow, runPump, startAnew, startFeed } from "../../../src/delivery/pump.ts";
import { evse, FINE, location, newWorld, tariff, time, type World } from "./world.ts";

const LOC = "locations/NL/TNM/LOC1";

/** Runs the pump at the times it asks for, until it is only its heartbeat that is left. */
async function settle(world: World, longestMs = 3_600_000): Promise<void> {
  const end = world.now + longestMs;
  for (;;) {
    const next = await runPump(world.pump);
    if (next === null || world.store.earliest() === null || next > end) return;
    world.now = Math.max(next, world.now);
  }
}

async function started(version?: string, change?: Parameters<typeof newWorld>[1]): Promise<World> {
  const world = newWorld(version, change);
  await startFeed(world.pump);
  return world;
}

const sent = (world: World) => world.requests.map(({ method, path }) => `${method} ${path}`);
const states = (world: World) => world.store.list({ after: 0, limit: 100 }).map(({ key, state }) => `${key} ${state}`);

describe("what is sent", () => {
  test("a partner starts at the head: what was there it GETs", async () => {
    const world = newWorld();
    world.put("locations", location("OLD", 1));
    await startFeed(world.pump);
    world.put("locations", location("LOC1", 1));
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`]);
    expect(states(world)).toEqual(["NL/TNM/LOC1 DELIVERED"]);
  });

  test("with `initial: push` it is sent everything", async () => {
    const world = newWorld();
    world.partner.settings.initial = "push";
    world.put("locations", location("OLD", 1));
    await startFeed(world.pump);
    await settle(world);
    expect(sent(world)).toEqual(["PUT locations/NL/TNM/OLD"]);
  });

  test("ten changes while nobody looked are one push of the newest state", async () => {
    const world = await started();
    for (let n = 1; n <= 10; n++) world.put("locations", location("LOC1", n, { name: `name ${n}` }));
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`]);
    expect(world.held.get(LOC)).toMatchObject({ name: "name 10", last_updated: time(10) });
  });

  test("what the partner holds already is not sent", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1));
    await settle(world);
    world.put("locations", location("LOC1", 1));
    await settle(world);
    expect(world.requests).toHaveLength(1);
  });

  test("only the EVSE that changed", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1, { evses: [evse("E1", "AVAILABLE", 1), evse("E2", "AVAILABLE", 1)] }));
    await settle(world);
    world.put("locations", location("LOC1", 2, { evses: [evse("E1", "CHARGING", 2), evse("E2", "AVAILABLE", 1)] }));
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`, `PUT ${LOC}/E1`]);
    expect(world.held.get(LOC)).toMatchObject({ last_updated: time(2) });
  });

  test.each([
    ["the head changed too", location("LOC1", 2, { name: "new", evses: [evse("E1", "CHARGING", 2)] })],
    ["the Location is newer than its EVSEs", location("LOC1", 3, { evses: [evse("E1", "CHARGING", 2)] })],
    ["only the time changed", location("LOC1", 3, { evses: [evse("E1", "AVAILABLE", 1)] })],
  ])("the whole Location when %s", async (_, changed) => {
    const world = await started();
    world.put("locations", location("LOC1", 1, { evses: [evse("E1", "AVAILABLE", 1)] }));
    await settle(world);
    world.put("locations", changed);
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`, `PUT ${LOC}`]);
  });

  test("the whole Location to a partner that has lost it", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1, { evses: [evse("E1", "AVAILABLE", 1)] }));
    await settle(world);
    world.held.clear();
    world.behave = ({ path }) => (path.endsWith("/E1") ? { http: 404, code: 2003 } : FINE);
    world.put("locations", location("LOC1", 2, { evses: [evse("E1", "CHARGING", 2)] }));
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`, `PUT ${LOC}/E1`, `PUT ${LOC}`]);
    expect(states(world)).toEqual(["NL/TNM/LOC1 DELIVERED"]);
  });

  test("the whole Location after a version change", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1, { evses: [evse("E1", "AVAILABLE", 1)] }));
    await settle(world);
    world.partner = { ...world.partner, version: "2.3.0" };
    await startFeed(world.pump);
    world.put("locations", location("LOC1", 2, { evses: [evse("E1", "CHARGING", 2)] }));
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`, `PUT ${LOC}`]);
  });

  test("a deleted Tariff is deleted; that it is unknown there is as good", async () => {
    const world = await started();
    const tariff1 = tariff("T1", 1);
    world.put("tariffs", tariff1);
    await settle(world);
    world.behave = ({ method }) => (method === "DELETE" ? { http: 404, code: 2000 } : FINE);
    world.put("tariffs", tariff1, { deleted: true });
    await settle(world);
    expect(sent(world)).toEqual(["PUT tariffs/NL/TNM/T1", "DELETE tariffs/NL/TNM/T1"]);
    expect(states(world)).toEqual(["NL/TNM/T1 DELIVERED"]);
  });

  test("a hidden Location is told to partners that hold it, and to nobody else", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1));
    await settle(world);
    world.put("locations", location("LOC1", 2, { publish: false }), { audience: "-" });
    world.put("locations", location("LOC2", 2, { publish: false }), { audience: "-" });
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`, `PUT ${LOC}`]);
    expect(world.held.get(LOC)).toMatchObject({ publish: false });
  });

  test("2.1.1 cannot say `publish`: the EVSEs of a hidden Location are REMOVED", async () => {
    const world = await started("2.1.1");
    world.put("locations", location("LOC1", 1, { evses: [evse("E1", "AVAILABLE", 1)] }));
    await settle(world);
    const hidden = location("LOC1", 2, { publish: false, evses: [evse("E1", "AVAILABLE", 1)] });
    world.put("locations", hidden, { audience: "-" });
    await settle(world);
    expect(world.held.get(LOC)).toMatchObject({ evses: [{ uid: "E1", status: "REMOVED" }] });
  });

  test("losses are told once, and again when they are others", async () => {
    const world = await started("2.1.1");
    const lossy = (n: number, more = {}) => location("LOC1", n, { help_phone: "+31201234567", ...more });
    world.put("locations", lossy(1));
    await settle(world);
    world.put("locations", lossy(2));
    await settle(world);
    expect(world.events.map(({ type }) => type)).toEqual(["translation.loss"]);
    world.put("locations", lossy(3, { state: "Zuid-Holland" }));
    await settle(world);
    expect(world.events.map(({ type }) => type)).toEqual(["translation.loss", "translation.loss"]);
    expect(world.events[0]?.data).toMatchObject({ partner: "p1", translation: { module: "locations", key: "NL/TNM/LOC1" } });
  });

  test("what cannot be said in the partner's version is refused with the reason", async () => {
    const world = await started("2.1.1");
    world.put("locations", location("LOC1", 1, { publish: false }));
    await settle(world);
    expect(world.requests).toEqual([]);
    expect(states(world)).toEqual(["NL/TNM/LOC1 REJECTED"]);
    expect(world.events).toMatchObject([{ type: "delivery.failed", data: { delivery: { key: "NL/TNM/LOC1" } } }]);
  });
});

describe("when the partner fails", () => {
  test("a refusal is final, until the object changes", async () => {
    const world = await started();
    world.behave = () => ({ http: 200, code: 2001 });
    world.put("locations", location("LOC1", 1));
    await settle(world);
    expect(states(world)).toEqual(["NL/TNM/LOC1 REJECTED"]);
    expect(world.requests).toHaveLength(1);
    expect(world.events.map(({ type }) => type)).toEqual(["delivery.failed"]);
    world.behave = () => FINE;
    world.put("locations", location("LOC1", 2));
    await settle(world);
    expect(states(world)).toEqual(["NL/TNM/LOC1 DELIVERED"]);
  });

  test("an outage loses nothing, however long, and is told", async () => {
    const world = await started();
    world.behave = () => ({ silent: "network" });
    world.put("locations", location("LOC1", 1));
    await settle(world, 6 * 3_600_000);
    expect(world.events.map(({ type }) => type)).toEqual(["partner.unreachable"]);
    expect(health(world.store, world.partner)).toMatchObject({ state: "UNREACHABLE", pending: 1 });
    for (let n = 2; n < 12; n++) world.put("locations", location("LOC1", n));
    world.behave = () => FINE;
    const before = world.requests.length;
    await settle(world);
    expect(world.requests).toHaveLength(before + 1);
    expect(world.held.get(LOC)).toMatchObject({ last_updated: time(11) });
    expect(world.events.map(({ type }) => type)).toEqual(["partner.unreachable", "partner.recovered"]);
    expect(health(world.store, world.partner)).toMatchObject({ state: "OK", pending: 0 });
  });

  test("one object that fails for ever is given up and keeps nobody waiting", async () => {
    const world = await started();
    world.behave = ({ path }) => (path.endsWith("BAD") ? { http: 500, code: 3000 } : FINE);
    world.put("locations", location("BAD", 1));
    world.put("locations", location("GOOD", 1));
    await settle(world, 24 * 3_600_000);
    expect(states(world)).toEqual(["NL/TNM/BAD STALE", "NL/TNM/GOOD DELIVERED"]);
    expect(sent(world).slice(0, 3)).toContain("PUT locations/NL/TNM/GOOD");
    expect(world.events.map(({ type }) => type)).toEqual(["delivery.failed"]);
  });

  test("a bug on one object does not stop the others", async () => {
    const world = await started();
    world.put("locations", location("BAD", 1), { evses: null as never });
    world.put("locations", location("GOOD", 1));
    await settle(world, 1_000);
    expect(sent(world)).toEqual(["PUT locations/NL/TNM/GOOD"]);
    expect(states(world)[0]).toBe("NL/TNM/BAD PENDING");
  });

  test("no answer: MAYBE, and it is sent again even if the object went back to what the partner held", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1, { name: "a" }));
    await settle(world);
    world.behave = () => ({ silent: "timeout", stores: true });
    world.put("locations", location("LOC1", 2, { name: "b" }));
    await runPump(world.pump);
    expect(states(world)).toEqual(["NL/TNM/LOC1 MAYBE"]);
    world.behave = () => FINE;
    world.put("locations", location("LOC1", 1, { name: "a" }));
    await settle(world);
    expect(world.held.get(LOC)).toMatchObject({ name: "a" });
  });

  test("429: a pause for all, as long as asked", async () => {
    const world = await started();
    let asked = 0;
    world.behave = () => (asked++ === 0 ? { http: 429, code: 2000, headers: { "retry-after": "30" } } : FINE);
    world.put("locations", location("LOC1", 1));
    const from = world.now;
    expect(await runPump(world.pump)).toBe(from + 15_000);
    world.put("locations", location("LOC2", 1));
    world.now = from + 15_000;
    await settle(world);
    expect(world.now).toBeGreaterThanOrEqual(from + 30_000);
    expect(states(world)).toEqual(["NL/TNM/LOC1 DELIVERED", "NL/TNM/LOC2 DELIVERED"]);
  });

  test("retrying off: one try, then it is the partner's to GET", async () => {
    const world = await started();
    world.partner.settings.retry = false;
    world.behave = () => ({ http: 500, code: 3000 });
    world.put("locations", location("LOC1", 1));
    await settle(world);
    expect(world.requests).toHaveLength(1);
    expect(states(world)).toEqual(["NL/TNM/LOC1 STALE"]);
  });

  test("an operator's retry goes at once, through an open breaker too", async () => {
    const world = await started();
    world.behave = () => ({ silent: "network" });
    world.put("locations", location("LOC1", 1));
    await settle(world, 3_600_000);
    world.behave = () => FINE;
    const row = world.store.list({ after: 0, limit: 1 })[0];
    expect(retryNow(world.store, row?.n ?? 0, world.now)).toBe(true);
    expect(retryNow(world.store, 4711, world.now)).toBe(false);
    await runPump(world.pump);
    expect(states(world)).toEqual(["NL/TNM/LOC1 DELIVERED"]);
  });

  test("our own storage failing is a run that throws; the next one does it", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1));
    world.disturb = (what) => {
      if (what === "bySeq") throw new Error("D1 is away");
    };
    await expect(runPump(world.pump)).rejects.toThrow("D1 is away");
    world.disturb = () => {};
    await settle(world);
    expect(states(world)).toEqual(["NL/TNM/LOC1 DELIVERED"]);
  });
});

describe("settings", () => {
  test("push off: nothing goes, and what waited is given up", async () => {
    const world = await started();
    world.behave = () => ({ silent: "network" });
    world.put("locations", location("LOC1", 1));
    await runPump(world.pump);
    world.partner.settings.push = false;
    const before = world.requests.length;
    await settle(world);
    expect(world.requests).toHaveLength(before);
    expect(states(world)).toEqual(["NL/TNM/LOC1 STALE"]);
  });

  test("a rate is kept", async () => {
    const world = await started();
    world.partner.settings.rate_per_second = 2;
    for (let n = 0; n < 10; n++) world.put("locations", location(`LOC${n}`, 1));
    const from = world.now;
    await settle(world);
    expect(world.requests).toHaveLength(10);
    expect(world.now - from).toBeGreaterThanOrEqual(4_000);
  });

  test("a partner that is not registered is left alone", async () => {
    const world = await started();
    world.partner = { ...world.partner, status: "SUSPENDED" };
    world.put("locations", location("LOC1", 1));
    expect(await runPump(world.pump)).toBeNull();
    world.partner = { ...world.partner, status: "REGISTERED" };
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`]);
  });

  test("a registration from scratch forgets what is held", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1));
    await settle(world);
    startAnew(world.store);
    await startFeed(world.pump);
    world.put("locations", location("LOC1", 1));
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`, `PUT ${LOC}`]);
  });

  test("an idle pump looks at the head now and then, and rarely when nothing ever happens", async () => {
    const world = await started();
    expect(await runPump(world.pump)).toBe(world.now + 15_000);
    world.now += 3_600_000;
    expect(await runPump(world.pump)).toBe(world.now + 60_000);
    expect(world.calls).toMatchObject({ head: 3, partner: 3 });
    expect(world.calls.changes).toBeUndefined();
    expect(closedBreaker(0).open).toBe(false);
  });
});
