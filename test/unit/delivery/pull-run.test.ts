import { beforeEach, expect, test } from "vitest";
import { addPull } from "../../../src/delivery/pull-run.ts";
import { runPump } from "../../../src/delivery/pump.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { ObjectWrite } from "../../../src/ports/objects.ts";
import type { OutboundRequest } from "../../../src/ports/world.ts";
import { location, time } from "./objects.ts";
import { newWorld, type World } from "./world.ts";

const PAGES = 4;
let world: World;
let asked: string[];
let stored: string[];
/** What happens at the n-th page asked for, instead of an answer. */
let trouble: Map<number, () => { status: number } | undefined>;

beforeEach(() => {
  world = newWorld("2.2.1", { roles: [{ role: "CPO", country_code: "FR", party_id: "CPO" }], side: "CPO" });
  world.partner.endpoints = [{ identifier: "locations", role: "SENDER", url: "https://partner.test/ocpi/locations" }];
  asked = [];
  stored = [];
  trouble = new Map();
  arm();
});

/** Gives the pump of the world at hand a partner that lists, and a store that takes. */
function arm(): void {
  const { ports } = world.pump;
  const objects = {
    ...ports.objects,
    load: async (_: unknown, refs: unknown[]) => ({ ok: true, value: refs.map(() => ({ object: null, own: false })) }),
    commit: async (_: unknown, writes: ObjectWrite[]) => {
      stored.push(...writes.map(({ id }) => id));
      return "committed";
    },
  };
  const fetcher = { fetch: async (request: OutboundRequest) => page(request) };
  world.pump = { ...world.pump, ports: { ...ports, objects, fetcher } as unknown as typeof ports };
}

function page({ url }: OutboundRequest) {
  asked.push(url);
  const instead = trouble.get(asked.length)?.();
  const at = Number(new URL(url).searchParams.get("offset"));
  const objects: JsonObject[] = [0, 1].map((n) => location(`L${at + n}`, 1, { country_code: "FR", party_id: "CPO" }));
  const next = `https://partner.test/ocpi/locations?offset=${at + 2}`;
  const headers = new Headers(at + 2 < PAGES * 2 ? { link: `<${next}>; rel="next"` } : {});
  const body = JSON.stringify({ status_code: 1000, timestamp: time(0), data: objects });
  return { kind: "answer", status: instead?.status ?? 200, headers, body: instead ? "{}" : body, url };
}

const begin = (mode: "full" | "delta" = "full") => addPull(world.pump, "pull1", { modules: ["locations"], mode });
const offsets = () => asked.map((url) => Number(new URL(url).searchParams.get("offset")));

async function finish(): Promise<void> {
  for (let run = 0; run < 50 && world.pulls.get("pull1")?.status === "RUNNING"; run++) {
    world.now = Math.max(world.now, (await runPump(world.pump)) ?? 0);
  }
}

test("every page is stored, counted, and shown while it goes on", async () => {
  await begin();
  expect(world.pulls.get("pull1")).toMatchObject({ status: "RUNNING", finished_at: null });
  await finish();
  expect(world.pulls.get("pull1")).toMatchObject({
    status: "DONE",
    modules: { locations: { pages: 4, received: 8, stored: 8, unchanged: 0, rejected: 0 } },
    error: null,
  });
  expect(stored).toHaveLength(8);
});

test("a process that dies goes on with the page it was at", async () => {
  await begin();
  trouble.set(3, () => {
    world.restart();
    return undefined;
  });
  await expect(runPump(world.pump)).rejects.toThrow("killed");
  arm();
  await finish();
  expect(offsets()).toEqual([0, 2, 4, 4, 6]);
  expect(world.pulls.get("pull1")).toMatchObject({ status: "DONE", modules: { locations: { pages: 4, received: 8 } } });
});

test("a page that fails is asked for again a few times, then the pull has failed and keeps what it got", async () => {
  await begin();
  for (let n = 2; n < 20; n++) trouble.set(n, () => ({ status: 500 }));
  await finish();
  expect(offsets()).toEqual([0, 2, 2, 2, 2, 2, 2]);
  expect(world.pulls.get("pull1")).toMatchObject({ status: "FAILED", modules: { locations: { pages: 1, stored: 2 } } });
  expect(world.pulls.get("pull1")?.error).toContain("HTTP 500");
});

test("a delta begins before the last pull that ended well, however it was asked for", async () => {
  await begin("delta");
  await finish();
  expect(new URL(asked[0] as string).searchParams.has("date_from")).toBe(false);
  asked = [];
  const lastBegan = world.now;
  world.now += 3_600_000;
  await begin("delta");
  await finish();
  const from = Date.parse(new URL(asked[0] as string).searchParams.get("date_from") as string);
  expect(from).toBeLessThan(lastBegan);
  expect(from).toBeGreaterThan(lastBegan - 3_600_000);
});

test("pulls of one partner go one after the other", async () => {
  await begin();
  await addPull(world.pump, "pull2", { modules: ["locations"], mode: "full" });
  await finish();
  await runPump(world.pump);
  expect(offsets()).toEqual([0, 2, 4, 6, 0, 2, 4, 6]);
  expect(world.pulls.get("pull2")?.status).toBe("DONE");
});

test("a partner that is suspended meanwhile: the pull has failed", async () => {
  await begin();
  world.partner = { ...world.partner, status: "SUSPENDED" };
  await finish();
  expect(world.pulls.get("pull1")).toMatchObject({ status: "FAILED", error: "The partner is not registered" });
});
