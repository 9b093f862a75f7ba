import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../sandbox/fixtures/example.ts";
import type { OcpiObject } from "../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../sandbox/versions.ts";
import { type Connection, useWorld } from "../support/ocpi.ts";
import { call, ownParties, time } from "./delivery/objects.ts";

const world = useWorld();
ownParties(world);

async function pull(partner: string, request: OcpiObject): Promise<OcpiObject> {
  const { id } = await call(world, "POST", `/partners/${partner}/pull`, request);
  let status: OcpiObject = {};
  const done = async () => {
    status = await call(world, "GET", `/partners/${partner}/pulls/${id}`);
    return status.status;
  };
  await expect.poll(done, { timeout: 20_000, interval: 50 }).not.toBe("RUNNING");
  return status;
}

const listed = async (partner: string) => (await call(world, "GET", `/locations?partner=${partner}&limit=1000`)).items;

/** Locations of the party in this version, `L0` to `L<n-1>`. */
function locations(connection: Connection, count: number, stamp = 1): OcpiObject[] {
  const { version, party } = connection;
  const { country_code, party_id } = party;
  return Array.from({ length: count }, (_, n) =>
    example(version, "locations", {
      country_code,
      party_id,
      id: `L${n}`,
      ...(version === "2.0" ? {} : { last_updated: time(stamp) }),
    }),
  );
}

describe.each(VERSIONS)("pull from a CPO that speaks %s", (version: Version) => {
  let cpo: Connection;

  beforeAll(async () => {
    cpo = await world.connect({ version, role: "CPO", party: `FR/V${VERSIONS.indexOf(version)}0` });
    cpo.partner.settings.maxLimit = 10;
    cpo.partner.own.locations.add(...locations(cpo, 25));
    cpo.partner.own.tariffs.add(
      example(version, "tariffs", { country_code: cpo.party.country_code, party_id: cpo.party.party_id, id: "T1" }),
    );
  });

  test("full: every page, every object", async () => {
    const done = await pull(cpo.id, { modules: ["locations", "tariffs"], mode: "full" });
    expect(done).toMatchObject({
      status: "DONE",
      modules: {
        locations: { pages: 3, received: 25, stored: 25, unchanged: 0, rejected: 0 },
        tariffs: { pages: 1, received: 1, stored: 1, unchanged: 0, rejected: 0 },
      },
    });
    expect(await listed(cpo.id)).toHaveLength(25);
    expect(cpo.partner.violations).toEqual([]);
  });

  test("again: nothing is stored that is stored already", async () => {
    const { modules } = await pull(cpo.id, { modules: ["locations"], mode: "full" });
    expect(modules.locations).toMatchObject({ received: 25, stored: 0, unchanged: 25 });
  });

  test("delta: what changed since, with an overlap", async () => {
    const [changed] = locations(cpo, 1);
    const now = new Date().toISOString().replace(/\.\d+Z/, "Z");
    cpo.partner.own.locations.add({ ...changed, name: "changed", ...(version === "2.0" ? {} : { last_updated: now }) });
    const before = cpo.partner.requests.length;
    const { modules } = await pull(cpo.id, { modules: ["locations"], mode: "delta" });
    expect(modules.locations).toMatchObject({ stored: 1 });
    const [request] = cpo.partner.requests.slice(before).filter(({ module }) => module === "locations");
    if (atLeast(version, "2.1.1")) {
      expect(Date.parse(String(request?.query.date_from))).toBeLessThan(Date.now() - 60_000);
      expect(modules.locations).toMatchObject({ pages: 1, received: 1 });
    } else expect(request?.query).not.toHaveProperty("date_from");
    expect((await call(world, "GET", `/locations/FR/${cpo.party.party_id}/L0`)).name).toBe("changed");
  });
});

describe("pages that misbehave", () => {
  let cpo: Connection;
  const full = () => pull(cpo.id, { modules: ["locations"], mode: "full" });

  beforeAll(async () => {
    cpo = await world.connect({ version: "2.2.1", role: "CPO", party: "FR/BAD" });
    cpo.partner.settings.maxLimit = 10;
    cpo.partner.own.locations.add(...locations(cpo, 25));
  });

  test("bad objects: the rest is stored, they are counted", async () => {
    cpo.partner.misbehave({ modules: "locations", bad: true });
    const done = await full();
    cpo.partner.behave();
    expect(done).toMatchObject({ status: "DONE", modules: { locations: { received: 25, stored: 22, rejected: 3 } } });
    expect(await listed(cpo.id)).toHaveLength(22);
  });

  test("pages of one object", async () => {
    cpo.partner.misbehave({ modules: "locations", link: "one" });
    const { modules } = await full();
    cpo.partner.behave();
    expect(modules.locations).toMatchObject({ pages: 25, received: 25, stored: 3, unchanged: 22 });
  });

  test("no totals", async () => {
    cpo.partner.misbehave({ modules: "locations", link: "no-total" });
    const done = await full();
    cpo.partner.behave();
    expect(done).toMatchObject({ status: "DONE", modules: { locations: { pages: 3, received: 25 } } });
  });

  test("a next link that goes in a circle ends, and is told", async () => {
    cpo.partner.misbehave({ modules: "locations", link: "loop" });
    const done = await full();
    cpo.partner.behave();
    expect(done.status).toBe("DONE");
    expect(done.error).toMatch(/locations: /);
    expect(done.modules.locations.pages).toBeLessThan(5);
  });

  test("a next link to another host is not followed", async () => {
    cpo.partner.misbehave({ modules: "locations", link: "http://127.0.0.1:9/locations" });
    const done = await full();
    cpo.partner.behave();
    expect(done.error).toContain("127.0.0.1:9");
    expect(done.modules.locations).toMatchObject({ pages: 1, received: 10 });
  });

  test("a page that fails is asked for again", async () => {
    cpo.partner.misbehave({ modules: "locations", http: 500, times: 2 });
    const done = await full();
    expect(done).toMatchObject({ status: "DONE", modules: { locations: { pages: 3, received: 25 } } });
  });

  test("a refusal ends it", async () => {
    cpo.partner.misbehave({ modules: "locations", status: 2000 });
    const done = await full();
    cpo.partner.behave();
    expect(done).toMatchObject({ status: "FAILED", modules: { locations: { pages: 0, received: 0 } } });
    expect(done.error).toContain("locations");
  });

  test("objects of somebody else are not stored", async () => {
    cpo.partner.own.locations.clear();
    cpo.partner.own.locations.add(
      ...locations(cpo, 1),
      example("2.2.1", "locations", { country_code: "BE", party_id: "XXX", id: "X" }),
    );
    const { modules } = await full();
    expect(modules.locations).toMatchObject({ received: 2, rejected: 1 });
    expect((await world.operator("GET", "/locations/BE/XXX/X")).status).toBe(404);
  });
});
