import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../sandbox/fixtures/example.ts";
import type { OcpiObject } from "../sandbox/types.ts";
import { VERSIONS, type Version } from "../sandbox/versions.ts";
import { type Connection, useWorld } from "../support/ocpi.ts";
import { evse, location, tariff } from "./delivery/objects.ts";

const world = useWorld();

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
  await world.api("PUT", "/parties/NL/TNE", { roles: ["EMSP"], business_details: { name: "TNE" } });
});

const latest = async () => (await world.api("GET", "/events?after=latest")).json.next_cursor as string;

describe("events", () => {
  test("are told once each, in order, behind a cursor", async () => {
    const start = await latest();
    await world.api("PUT", "/tariffs/NL/TNM/E1", tariff("E1", 1));
    await world.api("PUT", "/tariffs/NL/TNM/E1", tariff("E1", 1));
    await world.api("DELETE", "/tariffs/NL/TNM/E1");
    const { json } = await world.api("GET", `/events?after=${start}`);
    expect(json.items).toMatchObject([
      { type: "tariff.changed", time: expect.stringMatching(/Z$/), data: { tariff: { id: "E1", currency: "EUR" } } },
      { type: "tariff.deleted", data: { tariff: { id: "E1" } } },
    ]);
    expect((await world.api("GET", `/events?after=${json.items[0].id}`)).json.items).toHaveLength(1);
    expect((await world.api("GET", `/events?after=${json.next_cursor}`)).json).toEqual({
      items: [],
      next_cursor: json.next_cursor,
    });
    expect((await world.api("GET", `/events?after=${start}&limit=1`)).json.next_cursor).toBe(json.items[0].id);
  });

  test("are chosen by type", async () => {
    const start = await latest();
    await world.api("PUT", "/tariffs/NL/TNM/E2", tariff("E2", 1));
    await world.api("PUT", "/locations/NL/TNM/E2", location("E2", 1, []));
    const types = async (query: string) =>
      (await world.api("GET", `/events?after=${start}&types=${query}`)).json.items.map(({ type }: OcpiObject) => type);
    expect(await types("location.*")).toEqual(["location.changed"]);
    expect(await types("location.changed,tariff.deleted")).toEqual(["location.changed"]);
    expect(await types("tariff.*,%20location.*")).toEqual(["tariff.changed", "location.changed"]);
    expect(await types("session.*")).toEqual([]);
  });

  test("are waited for", async () => {
    const start = await latest();
    const waiting = world.api("GET", `/events?after=${start}&wait=30&types=location.*`);
    await world.api("PUT", "/tariffs/NL/TNM/E3", tariff("E3", 1));
    await world.api("PUT", "/locations/NL/TNM/E3", location("E3", 1, []));
    expect((await waiting).json.items).toMatchObject([{ type: "location.changed", data: { location: { id: "E3" } } }]);
    const none = await world.api("GET", `/events?after=${await latest()}&wait=0.2`);
    expect(none.json.items).toEqual([]);
    for (const query of ["wait=61", "wait=-1", "wait=x", "after=x", "limit=0"]) {
      expect((await world.api("GET", `/events?${query}`)).status, query).toBe(400);
    }
  });

  test("are streamed, and a stream goes on where it was", async () => {
    const start = await latest();
    const first = await openStream(`?after=${start}&types=location.*`);
    await world.api("PUT", "/locations/NL/TNM/E4", location("E4", 1, []));
    const event = await first.next();
    expect(event).toMatchObject({
      event: "location.changed",
      data: { type: "location.changed", data: { location: { id: "E4" } } },
    });
    expect(event.data.id).toBe(event.id);
    first.close();
    await world.api("PUT", "/locations/NL/TNM/E5", location("E5", 1, []));
    await world.api("PUT", "/locations/NL/TNM/E6", location("E6", 1, []));
    const second = await openStream(`?after=${start}&types=location.*`, { "last-event-id": event.id });
    expect((await second.next()).data.data.location.id).toBe("E5");
    expect((await second.next()).data.data.location.id).toBe("E6");
    second.close();
    expect((await world.api("GET", "/events/stream", undefined, { "last-event-id": "x" })).status).toBe(400);
  });

  test("of a partner's objects name the partner, and hide how its version spells", async () => {
    const { partner, id } = await world.connect({ version: "2.0", role: "CPO", party: "DE/EVC" });
    const start = await latest();
    await partner.push("locations", example("2.0", "locations", { id: "EV1" }));
    const { json, text } = await world.api("GET", `/events?after=${start}&types=location.changed&wait=10`);
    expect(json.items).toMatchObject([{ data: { partner: id, location: { id: "EV1" } } }]);
    expect(text).not.toContain('"wire:');
  });
});

describe("a partner that is suspended", () => {
  test("is refused at once, and let in again when it is resumed", async () => {
    const { partner, id } = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/SUS" });
    const read = () => partner.request("locations", "SENDER", "GET");
    expect((await read()).http).toBe(200);
    expect((await world.api("PATCH", `/partners/${id}`, { status: "SUSPENDED" })).json.status).toBe("SUSPENDED");
    expect((await read()).http).toBe(503);
    expect((await world.api("POST", `/partners/${id}/pull`, {})).status).toBe(409);
    expect((await world.api("POST", `/partners/${id}/register`, {})).status).toBe(409);
    expect((await world.api("PATCH", `/partners/${id}`, { status: "REGISTERED" })).json.status).toBe("REGISTERED");
    expect((await read()).http).toBe(200);
  });
});

describe("deliveries", () => {
  let emsps: Connection[];

  beforeAll(async () => {
    emsps = [
      await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/DL1" }),
      await world.connect({ version: "2.1.1", role: "EMSP", party: "DE/DL2" }),
    ];
    for (const n of [1, 2, 3]) await world.api("PUT", `/tariffs/NL/TNM/D${n}`, tariff(`D${n}`, 1));
    for (const { partner } of emsps) await partner.waitFor(() => partner.store.tariffs.get("NL/TNM/D3"), 10_000);
  });

  test("are listed partner by partner, page by page, each once", async () => {
    const ids = new Set(emsps.map(({ id }) => id));
    const seen: OcpiObject[] = [];
    let cursor = "";
    do {
      const { json } = await world.api("GET", `/deliveries?module=tariffs&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...json.items);
      cursor = json.next_cursor;
    } while (cursor);
    const ours = seen.filter(({ partner, key }) => ids.has(partner) && /^NL\/TNM\/D\d$/.test(key));
    expect(ours).toHaveLength(6);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(
      (await world.api("GET", `/deliveries?partner=${emsps[0]?.id}&module=tariffs`)).json.items.length,
    ).toBeGreaterThanOrEqual(3);
    expect((await world.api("GET", "/deliveries?partner=nobody")).json.items).toEqual([]);
    expect((await world.api("GET", "/deliveries?state=LOST")).status).toBe(400);
  });

  test("are tried again when asked", async () => {
    const { json } = await world.api("GET", `/deliveries?partner=${emsps[0]?.id}&module=tariffs`);
    const [delivery] = json.items;
    expect(await world.api("POST", `/deliveries/${delivery.id}/retry`)).toMatchObject({
      status: 202,
      json: { id: delivery.id },
    });
    expect((await world.api("POST", `/partners/${emsps[0]?.id}/deliveries/retry`)).status).toBe(202);
    for (const id of ["x", "x.1", `${emsps[0]?.id}.999999`]) {
      expect((await world.api("POST", `/deliveries/${id}/retry`)).status, id).toBe(404);
    }
  });
});

describe.each(VERSIONS)("the journal of a partner that speaks %s", (version: Version) => {
  test("has every exchange of both directions, and no secret of either side", async () => {
    const name = `J${VERSIONS.indexOf(version)}`;
    const { partner, id } = await world.connect({ version, role: "EMSP", party: `FR/J${name}` });
    const place = `/locations/NL/TNM/${name}`;
    await world.api("PUT", place, location(name, 1, [evse("1", "AVAILABLE", 1)]));
    await partner.waitFor(() => partner.store.locations.get(`NL/TNM/${name}`), 10_000);
    await partner.updateCredentials();
    await partner.pull("locations");

    const items: OcpiObject[] = [];
    let cursor = "";
    do {
      const { json } = await world.api("GET", `/messages?partner=${id}&limit=2${cursor && `&cursor=${cursor}`}`);
      items.push(...json.items);
      cursor = json.next_cursor;
    } while (cursor);
    const seen = items.map(({ direction, method, module }) => `${direction} ${method} ${module}`);
    expect(seen).toEqual(
      expect.arrayContaining(["in POST credentials", "in PUT credentials", "out PUT locations", "in GET locations"]),
    );
    expect(items.map(({ id }) => Number(id))).toEqual(items.map(({ id }) => Number(id)).toSorted((a, b) => b - a));

    const secrets = [...partner.requests, ...partner.sent].flatMap(({ headers }) => {
      const token = (headers.authorization ?? "").replace(/^Token /, "");
      return token === "" ? [] : [token, Buffer.from(token, "base64").toString("latin1")];
    });
    expect(secrets.length).toBeGreaterThan(3);
    const { text } = await world.api("GET", "/messages?limit=1000");
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    expect(world.logs.join("\n").includes(partner.peer?.tokenOut ?? "?")).toBe(false);

    const pushed = items.find(
      ({ direction, module, method }) => direction === "out" && module === "locations" && method === "PUT",
    );
    if (pushed?.correlation_id) {
      const { json } = await world.api("GET", `/messages?correlation_id=${pushed.correlation_id}`);
      expect(json.items.map(({ id }: OcpiObject) => id)).toContain(pushed.id);
    }
    const out = await world.api("GET", `/messages?partner=${id}&direction=out&module=locations`);
    expect(new Set(out.json.items.map(({ direction, module }: OcpiObject) => `${direction} ${module}`))).toEqual(
      new Set(["out locations"]),
    );
    expect((await world.api("GET", "/messages?direction=up")).status).toBe(400);
  });
});

/** Reads a stream of events, comments left out. */
async function openStream(query: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const response = await fetch(`${world.url}/api/v1/events/stream${query}`, {
    headers: { authorization: `Bearer ${world.operatorToken}`, accept: "text/event-stream", ...headers },
    signal: controller.signal,
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<{ id: string; event: string; data: OcpiObject }> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      const block = end < 0 ? "" : text.slice(0, end);
      if (end >= 0) text = text.slice(end + 2);
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.data !== undefined) return { id: fields.id, event: fields.event, data: JSON.parse(fields.data) };
      if (end < 0) text += (await reader?.read())?.value ?? "";
    }
  };
  return { next, close: () => controller.abort() };
}
