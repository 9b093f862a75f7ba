import { describe, expect, test } from "vitest";
import { runPump, startAnew, startFeed } from "../../../src/delivery/pump.ts";
import { evse, location, tariff, time } from "./objects.ts";
import { LOC, sent, settle, started, states } from "./runs.ts";
import { FINE, newWorld } from "./world.ts";

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

  test("what was written since it registered is sent, even if its pump was not told of that in time", async () => {
    const world = newWorld();
    world.put("locations", location("OLD", 1));
    world.partner.feed_start = await world.pump.ports.objects.head();
    world.put("locations", location("LOC1", 1));
    await settle(world);
    expect(sent(world)).toEqual([`PUT ${LOC}`]);
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
    expect(world.events[0]?.data).toMatchObject({
      partner: "p1",
      translation: { module: "locations", key: "NL/TNM/LOC1" },
    });
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

const session = {
  country_code: "NL",
  party_id: "TNM",
  id: "S1",
  start_date_time: "2026-01-01T00:00:00Z",
  kwh: 0,
  cdr_token: { country_code: "DE", party_id: "MSP", uid: "T1", type: "RFID", contract_id: "C1" },
  auth_method: "WHITELIST",
  location_id: "LOC1",
  evse_uid: "E1",
  connector_id: "1",
  currency: "EUR",
  status: "ACTIVE",
  last_updated: "2026-01-01T00:00:00Z",
};

describe.each(["2.0", "2.1.1"])("a session for %s, which contains its Location,", (version) => {
  const endpoints = [{ identifier: "sessions", role: null, url: "https://partner.test/ocpi/sessions" }];

  test("waits until that is known", async () => {
    const world = await started(version, { endpoints });
    world.put("sessions", session, { audience: "DE*MSP" });
    await settle(world, 60_000);
    const [waiting] = world.store.list({ after: 0, limit: 10 });
    expect(waiting).toMatchObject({
      state: "PENDING",
      lastError: expect.stringContaining("Location LOC1 is not known"),
    });
    expect([world.requests, world.events]).toEqual([[], []]);
    world.put("locations", location("LOC1", 1, { evses: [evse("E1", "CHARGING", 1)] }));
    await settle(world);
    expect(sent(world)).toEqual(["PUT sessions/NL/TNM/S1"]);
    expect(world.held.get("sessions/NL/TNM/S1")).toMatchObject({ location: { id: "LOC1", evses: [{ uid: "E1" }] } });
  });

  test("is given up like any other, after ever longer waits, and that is told", async () => {
    const world = await started(version, { endpoints });
    world.put("sessions", session, { audience: "DE*MSP" });
    const from = world.now;
    await settle(world, 86_400_000);
    expect(states(world)).toEqual(["NL/TNM/S1 STALE"]);
    expect(world.now - from).toBeGreaterThan(3_600_000);
    expect(world.events).toMatchObject([{ type: "delivery.failed", data: { delivery: { key: "NL/TNM/S1" } } }]);
  });
});

describe("what is somebody else's", () => {
  test("by now is not told to whom it was told before", async () => {
    const world = await started("2.2.1", {
      endpoints: [{ identifier: "sessions", role: "RECEIVER", url: "https://partner.test/ocpi/sessions" }],
    });
    world.put("sessions", session, { audience: "DE*MSP" });
    await settle(world);
    world.put("sessions", { ...session, kwh: 1 }, { audience: "DE*EXX" });
    await settle(world);
    expect(sent(world)).toEqual(["PUT sessions/NL/TNM/S1"]);
  });

  test("and deleted is none of a partner's business; what it holds is", async () => {
    const world = await started("2.0", {
      endpoints: [{ identifier: "sessions", role: null, url: "https://partner.test/ocpi/sessions" }],
    });
    world.put("sessions", session, { audience: "DE*EXX", deleted: true });
    await settle(world);
    expect(sent(world)).toEqual([]);
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

  test("changed while a push is under way: the newer state is owed", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1));
    let isFirst = true;
    world.behave = async () => {
      if (isFirst) {
        isFirst = false;
        world.put("locations", { ...location("LOC1", 2), name: "Newer" });
        await startFeed(world.pump);
      }
      return FINE;
    };
    await settle(world);
    expect(world.requests.at(-1)?.body?.name).toBe("Newer");
    expect(states(world)).toEqual(["NL/TNM/LOC1 DELIVERED"]);
  });

  test("a registration from scratch forgets what is held", async () => {
    const world = await started();
    world.put("locations", location("LOC1", 1));
    await settle(world);
    startAnew(world.store, world.now);
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
  });
});
