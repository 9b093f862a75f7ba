import { describe, expect, test, vi } from "vitest";
import { health, retryNow, runPump } from "../../../src/delivery/pump.ts";
import { location, time } from "./objects.ts";
import { LOC, sent, settle, started, states } from "./runs.ts";
import { FINE } from "./world.ts";

// Hours of the pump go by in these; a busy machine may need its time.
vi.setConfig({ testTimeout: 30_000 });

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
    await settle(world, 2 * 3_600_000);
    expect(world.events.map(({ type }) => type)).toEqual(["partner.unreachable"]);
    expect(health(world.store)).toMatchObject({ state: "UNREACHABLE", pending: 1 });
    for (let n = 2; n < 12; n++) world.put("locations", location("LOC1", n));
    world.behave = () => FINE;
    const before = world.requests.length;
    await settle(world);
    expect(world.requests).toHaveLength(before + 1);
    expect(world.held.get(LOC)).toMatchObject({ last_updated: time(11) });
    expect(world.events.map(({ type }) => type)).toEqual(["partner.unreachable", "partner.recovered"]);
    expect(health(world.store)).toMatchObject({ state: "OK", pending: 0 });
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

  test("a bug on an object is given up in the end, and at once where retrying is off; the next change is tried", async () => {
    const world = await started();
    world.partner.settings.retry = false;
    world.put("locations", location("BAD", 1), { evses: null as never });
    await settle(world);
    expect(states(world)).toEqual(["NL/TNM/BAD STALE"]);
    expect(world.store.earliest()).toBeNull();
    world.partner.settings.retry = true;
    world.put("locations", location("BAD", 2), { evses: null as never });
    await settle(world, 48 * 3_600_000);
    expect(states(world)).toEqual(["NL/TNM/BAD STALE"]);
    world.put("locations", location("BAD", 3));
    await settle(world);
    expect(states(world)).toEqual(["NL/TNM/BAD DELIVERED"]);
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
