import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { runPump, startFeed } from "../../../src/delivery/pump.ts";
import type { StoredObject } from "../../../src/ports/objects.ts";
import { evse, location, tariff, time } from "./objects.ts";
import { type Behaviour, FINE, newWorld, type Request, type World } from "./world.ts";

// Hours of the pump go by in these; a busy machine may need its time.
vi.setConfig({ testTimeout: 30_000 });

const IDS = ["L0", "L1", "L2", "L3", "L4", "L5", "L6", "L7"];
const STATUSES = ["AVAILABLE", "CHARGING", "BLOCKED"];

const fault: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constantFrom<Behaviour>(
    { http: 500, code: 3000 },
    { http: 500, code: 3000, stores: true },
    { http: 503, code: null },
    { http: 200, code: null, stores: true },
    { http: 429, code: 2000, headers: { "retry-after": "2" } },
    { http: 401, code: 2000 },
    { silent: "timeout" },
    { silent: "timeout", stores: true },
    { silent: "network" },
    { silent: "network", stores: true },
  ),
);

type Command =
  | { do: "write"; id: number; evses: number[]; name: number }
  | { do: "tariff"; deleted: boolean }
  | { do: "run" }
  /** The process dies at the n-th request from now. */
  | { do: "crash"; at: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      id: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
      evses: fc.array(fc.nat(2), { minLength: 2, maxLength: 3 }),
      name: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tariff" as const), deleted: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("run" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), at: fc.nat(4) }) },
);

const named = ({ body }: StoredObject) => (body.name === undefined ? {} : { name: body.name });

/** Where a request belongs: the whole object. */
const objectOf = (path: string): string => path.split("/").slice(0, 4).join("/");

/** Watches what must hold at every moment. */
function watched(world: World, faults: Behaviour[], turns: () => number): { crashIn: number; wrong: string[] } {
  const flying = new Map<string, number>();
  const newest = new Map<string, string>();
  const control = { crashIn: -1, wrong: [] as string[] };
  world.behave = async ({ path, body }: Request) => {
    const key = objectOf(path);
    flying.set(key, (flying.get(key) ?? 0) + 1);
    const inFlight = [...flying.values()].reduce((a, b) => a + b, 0);
    if (flying.get(key) !== 1) control.wrong.push(`two requests within ${key}`);
    if (inFlight > 6) control.wrong.push(`${inFlight} requests in flight`);
    const said = typeof body?.last_updated === "string" && path === key ? body.last_updated : null;
    if (said !== null) {
      if (said < (newest.get(key) ?? "")) control.wrong.push(`${key}: an older state after a newer one`);
      newest.set(key, said);
    }
    if (control.crashIn === 0) {
      control.crashIn = -1;
      flying.clear();
      world.restart();
      return faults.pop() ?? { silent: "network", stores: true };
    }
    if (control.crashIn > 0) control.crashIn -= 1;
    for (let wait = turns(); wait > 0; wait--) await Promise.resolve();
    flying.delete(key);
    return faults.pop() ?? FINE;
  };
  return control;
}

async function runOnce(world: World): Promise<void> {
  const before = world.store;
  try {
    const next = await runPump(world.pump);
    world.now = Math.max(world.now, next ?? 0);
  } catch (error) {
    if (world.store === before) throw error;
  }
}

test("whatever is written, fails, or dies: once faults stop the partner holds the newest state of everything", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 3, maxLength: 40 }),
      fc.array(fault, { maxLength: 15 }),
      fc.array(fc.nat(12), { minLength: 1, maxLength: 10 }),
      fc.constantFrom("2.2.1", "2.1.1", "2.3.0"),
      async (commands, faults, waits, version) => {
        const world = newWorld(version);
        await startFeed(world.pump);
        let turn = 0;
        const control = watched(world, faults, () => waits[turn++ % waits.length] as number);
        let n = 0;
        for (const id of IDS) world.put("locations", location(id, 0, { evses: [evse("E0", "AVAILABLE", 0)] }));
        for (const step of commands) {
          n += 1;
          if (step.do === "write") {
            const id = IDS[step.id] as string;
            const before = world.objects.get(`locations/${id}`);
            const evses = step.evses.map((status, index) => {
              const same = before?.evses[index]?.body.status === STATUSES[status];
              return same ? (before?.evses[index]?.body ?? {}) : evse(`E${index}`, STATUSES[status] as string, n);
            });
            world.put("locations", location(id, n, { name: `name ${step.name}`, evses }));
          } else if (step.do === "tariff") world.put("tariffs", tariff("T", n), { deleted: step.deleted });
          else if (step.do === "crash") control.crashIn = step.at;
          else await runOnce(world);
        }
        faults.length = 0;
        for (let run = 0; run < 200; run++) {
          await runOnce(world);
          if (world.store.earliest() === null && world.store.cursor("locations") === world.revision) break;
        }
        expect(control.wrong).toEqual([]);
        expect(world.store.earliest()).toBeNull();
        for (const object of world.objects.values()) {
          const held = world.held.get(`${object.module}/NL/TNM/${object.id}`);
          if (object.deleted) expect(held).toBeUndefined();
          else expect(held).toMatchObject({ last_updated: object.last_updated, ...named(object) });
          const statuses = (list: unknown) =>
            Object.fromEntries((list as { uid: string; status: string }[]).map((e) => [e.uid, e.status]));
          if (object.module === "locations") {
            expect(statuses(held?.evses)).toMatchObject(statuses(object.evses.map(({ body }) => body)));
          }
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test.each<[string, (world: World) => void]>([
  [
    "the whole Location",
    (world) => world.put("locations", location("L0", 2, { name: "b", evses: [evse("E0", "AVAILABLE", 1)] })),
  ],
  ["an EVSE", (world) => world.put("locations", location("L0", 2, { name: "a", evses: [evse("E0", "CHARGING", 2)] }))],
])("what a request under way when the process died was about, is not taken for held: %s", async (_, change) => {
  const world = newWorld();
  const control = watched(world, [], () => 0);
  await startFeed(world.pump);
  world.put("locations", location("L0", 1, { name: "a", evses: [evse("E0", "AVAILABLE", 1)] }));
  await runOnce(world);
  change(world);
  control.crashIn = 0;
  await runOnce(world);
  // It goes back to what the partner held before, but for another EVSE.
  const evses = [evse("E0", "AVAILABLE", 1), evse("E1", "AVAILABLE", 3)];
  world.put("locations", location("L0", 3, { name: "a", evses }));
  await runOnce(world);
  const held = world.held.get("locations/NL/TNM/L0");
  expect(held).toMatchObject({ name: "a", last_updated: time(3) });
  expect(held?.evses).toEqual(expect.arrayContaining([expect.objectContaining({ uid: "E0", status: "AVAILABLE" })]));
});

test("a busy object does not starve quiet ones, nor is it starved", async () => {
  const world = newWorld();
  await startFeed(world.pump);
  const quiet = Array.from({ length: 60 }, (_, n) => `Q${n}`);
  let n = 0;
  world.put("locations", location("BUSY", n));
  for (const id of quiet) world.put("locations", location(id, 0));
  world.behave = ({ path }) => {
    // It moves all the time, once more with every request, and is never at rest.
    if (n < 70) world.put("locations", location("BUSY", ++n));
    expect(path).toBeTruthy();
    return FINE;
  };
  for (let run = 0; run < 15; run++) await runPump(world.pump);
  const order = world.requests.map(({ path }) => path.split("/")[3] as string);
  const first = order.slice(0, 61);
  expect(new Set(first).size).toBe(61);
  expect(order.slice(61).filter((id) => id === "BUSY").length).toBeGreaterThan(0);
  expect(world.held.get("locations/NL/TNM/BUSY")).toMatchObject({ last_updated: time(n) });
});

test("a million Locations do not hold up a Tariff", async () => {
  const world = newWorld();
  await startFeed(world.pump);
  for (let n = 0; n < 300; n++) world.put("locations", location(`L${n}`, 1));
  world.put("tariffs", tariff("T1", 1));
  await runPump(world.pump);
  const place = world.requests.findIndex(({ path }) => path.startsWith("tariffs/"));
  expect(world.requests).toHaveLength(301);
  expect(place).toBeLessThan(24);
});

test("a slow object takes one of six lanes, the others go on", async () => {
  const world = newWorld();
  await startFeed(world.pump);
  for (let n = 0; n < 100; n++) world.put("locations", location(`L${n}`, 1));
  let release: () => void = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const done: string[] = [];
  world.behave = async ({ path }) => {
    if (path.endsWith("/L0")) await slow;
    done.push(path);
    if (done.length === 99) release();
    return FINE;
  };
  await runPump(world.pump);
  expect(done.at(-1)).toBe("locations/NL/TNM/L0");
});

test("reading the feed for a thousand changes costs a call a page, and sending them one a window", async () => {
  const world = newWorld();
  await startFeed(world.pump);
  for (let n = 0; n < 100; n++) world.put("locations", location(`L${n}`, 1));
  world.calls = {};
  await runPump(world.pump);
  expect(world.calls).toEqual({ partner: 1, parties: 1, head: 1, changes: 2, bySeq: 5 });
});

const release = (waiting: (() => void)[]): void => {
  for (const go of waiting) go();
};

test("six requests are in flight at once, and no more", async () => {
  const world = newWorld();
  await startFeed(world.pump);
  for (let n = 0; n < 30; n++) world.put("locations", location(`L${n}`, 1));
  let flying = 0;
  let most = 0;
  const open: (() => void)[] = [];
  world.behave = async () => {
    flying += 1;
    most = Math.max(most, flying);
    // The sixth lets all go, but only after any seventh would have come.
    if (flying === 6) setImmediate(() => release(open.splice(0)));
    await new Promise<void>((resolve) => open.push(resolve));
    flying -= 1;
    return FINE;
  };
  await runPump(world.pump);
  expect(most).toBe(6);
});
