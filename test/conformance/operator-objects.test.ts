import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../sandbox/fixtures/example.ts";
import type { OcpiObject } from "../sandbox/types.ts";
import { useWorld } from "../support/ocpi.ts";
import { evse, location, tariff, time, token } from "./delivery/objects.ts";

const world = useWorld();

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
  await world.api("PUT", "/parties/NL/TNE", { roles: ["EMSP"], business_details: { name: "TNE" } });
});

const eventsOf = async (type: string) => (await world.api("GET", `/events?types=${type}&limit=1000`)).json.items.length;

describe("an own object", () => {
  test.each([
    ["/locations/NL/TNM/A1", location("A1", 1, [evse("1", "AVAILABLE", 1)])],
    ["/tariffs/NL/TNM/A1", tariff("A1", 1)],
    ["/tokens/NL/TNE/A1", token("A1", 1)],
  ])("PUT %s: 201, then 200 and nothing has happened", async (path, object) => {
    const created = await world.api("PUT", path, object);
    expect(created).toMatchObject({ status: 201, json: object });
    const type = `${path.split("/")[1]?.slice(0, -1)}.changed`;
    const before = await eventsOf(type);
    const again = await world.api("PUT", path, object);
    expect(again).toMatchObject({ status: 200, json: created.json });
    expect((await world.api("GET", path)).json).toEqual(created.json);
    expect(await eventsOf(type)).toBe(before);
  });

  test("without last_updated is stamped when it changes, at the depth where it does", async () => {
    const bare = (status: string) => {
      const { last_updated: _, ...rest } = location("B1", 1, []);
      const evses = ["1", "2"].map((uid) => {
        const { last_updated: _evse, ...part } = evse(uid, uid === "1" ? status : "AVAILABLE", 1);
        const { last_updated: _connector, ...connector } = part.connectors[0];
        return { ...part, connectors: [connector] };
      });
      return { ...rest, evses };
    };
    const first = (await world.api("PUT", "/locations/NL/TNM/B1", bare("AVAILABLE"))).json;
    expect(Date.parse(first.last_updated)).toBeGreaterThan(Date.parse(time(1)));
    expect((await world.api("PUT", "/locations/NL/TNM/B1", bare("AVAILABLE"))).json).toEqual(first);
    const second = (await world.api("PUT", "/locations/NL/TNM/B1", bare("CHARGING"))).json;
    expect(second.evses[1]).toEqual(first.evses[1]);
    expect(Date.parse(second.evses[0].last_updated)).toBeGreaterThanOrEqual(Date.parse(first.evses[0].last_updated));
    expect(second.last_updated).toBe(second.evses[0].last_updated);
    expect(second.evses[0].connectors).toEqual(first.evses[0].connectors);
  });

  test("is changed by a merge patch, and checked as a whole", async () => {
    await world.api("PUT", "/locations/NL/TNM/C1", location("C1", 1, [evse("1", "AVAILABLE", 1)]));
    const path = "/locations/NL/TNM/C1";
    const patched = await world.api(
      "PATCH",
      path,
      { name: null, operator: { name: "Op" } },
      { "content-type": "application/merge-patch+json" },
    );
    expect(patched).toMatchObject({ status: 200, json: { operator: { name: "Op" }, city: "Utrecht" } });
    expect(patched.json).not.toHaveProperty("name");
    expect(Date.parse(patched.json.last_updated)).toBeGreaterThan(Date.parse(time(1)));
    const deeper = await world.api("PATCH", path, { operator: { website: "https://op.example" } });
    expect(deeper.json.operator).toEqual({ name: "Op", website: "https://op.example" });
    for (const [pointer, patch] of [
      ["/city", { city: null }],
      ["/coordinates/latitude", { coordinates: { latitude: 52 } }],
      ["/id", { id: "C2" }],
      ["/country_code", { country_code: "DE" }],
    ] as const) {
      const refused = await world.api("PATCH", path, patch);
      expect(refused.status).toBe(422);
      expect(refused.json.errors).toMatchObject([{ pointer }]);
    }
    expect((await world.api("GET", path)).json).toEqual(deeper.json);
    expect((await world.api("PATCH", "/locations/NL/TNM/NOPE", { city: "X" })).status).toBe(404);
  });

  test("has parts with paths of their own", async () => {
    await world.api("PUT", "/locations/NL/TNM/D1", location("D1", 1, []));
    const path = "/locations/NL/TNM/D1/E1";
    const part = evse("E1", "AVAILABLE", 2);
    expect(await world.api("PUT", path, part)).toMatchObject({ status: 201, json: part });
    expect(await world.api("PATCH", path, { status: "CHARGING", last_updated: time(3) })).toMatchObject({
      status: 200,
      json: { status: "CHARGING", connectors: part.connectors },
    });
    const connector = { ...part.connectors[0], id: "2", last_updated: time(4) };
    expect(await world.api("PUT", `${path}/2`, connector)).toMatchObject({ status: 201, json: connector });
    expect((await world.api("PATCH", `${path}/2`, { max_amperage: 63, last_updated: time(5) })).json.max_amperage).toBe(
      63,
    );
    const whole = (await world.api("GET", "/locations/NL/TNM/D1")).json;
    expect(whole).toMatchObject({ last_updated: time(5), evses: [{ uid: "E1", last_updated: time(5) }] });
    expect(whole.evses[0].connectors).toHaveLength(2);
    expect((await world.api("GET", `${path}/2`)).json).toEqual(whole.evses[0].connectors[1]);
    expect((await world.api("GET", `${path}/3`)).status).toBe(404);
    expect((await world.api("GET", "/locations/NL/TNM/D1/E2")).status).toBe(404);
    expect((await world.api("PUT", "/locations/NL/TNM/NOPE/E1", part)).status).toBe(404);
    expect((await world.api("PUT", path, { ...part, uid: "E2" })).json.errors).toMatchObject([{ pointer: "/uid" }]);
  });

  test("is one whatever the case of its id", async () => {
    await world.api("PUT", "/tariffs/NL/TNM/Case-1", tariff("Case-1", 1));
    expect((await world.api("GET", "/tariffs/nl/tnm/CASE-1")).json.id).toBe("Case-1");
    expect((await world.api("PUT", "/tariffs/NL/TNM/case-1", tariff("Case-1", 1))).status).toBe(200);
  });

  test("of another party is nobody's to write", async () => {
    for (const [method, path, body] of [
      ["PUT", "/locations/DE/XYZ/1", { ...location("1", 1, []), country_code: "DE", party_id: "XYZ" }],
      ["PATCH", "/locations/DE/XYZ/1", { city: "X" }],
      ["PUT", "/tariffs/DE/XYZ/1", { ...tariff("1", 1), country_code: "DE", party_id: "XYZ" }],
      ["DELETE", "/tariffs/DE/XYZ/1", undefined],
      ["PUT", "/tokens/DE/XYZ/1", { ...token("1", 1), country_code: "DE", party_id: "XYZ" }],
    ] as const) {
      expect((await world.api(method, path, body)).status, `${method} ${path}`).toBe(403);
    }
  });

  test("is refused with a pointer to each fault, and nothing is stored", async () => {
    const { city: _, ...broken }: OcpiObject = {
      ...location("F1", 1, [evse("1", "ASLEEP", 1)]),
      coordinates: { latitude: 1 },
    };
    const { status, json } = await world.api("PUT", "/locations/NL/TNM/F1", broken);
    expect(status).toBe(422);
    expect(json.errors.map(({ pointer }: OcpiObject) => pointer)).toEqual(
      expect.arrayContaining(["/city", "/coordinates/latitude", "/coordinates/longitude", "/evses/0/status"]),
    );
    expect((await world.api("GET", "/locations/NL/TNM/F1")).status).toBe(404);
  });

  test("with ids that must be encoded in a URL is found again", async () => {
    const id = "a b/c?d#e%f";
    const path = `/tariffs/NL/TNM/${encodeURIComponent(id)}`;
    expect((await world.api("PUT", path, tariff(id, 1))).status).toBe(201);
    expect((await world.api("GET", path)).json.id).toBe(id);
    expect((await world.api("DELETE", path)).status).toBe(204);
    expect((await world.api("GET", path)).status).toBe(404);
    expect((await world.api("DELETE", path)).status).toBe(404);
  });
});

test("a tariff is taken in the spelling of 2.2.1, and includes no tax unless it says so", async () => {
  const { tax_included: _, ...old }: OcpiObject = { ...tariff("OLD", 1), min_price: { excl_vat: 1, incl_vat: 1.21 } };
  expect(await world.api("PUT", "/tariffs/NL/TNM/OLD", old)).toMatchObject({
    status: 201,
    json: { tax_included: "NO", min_price: { before_taxes: 1, after_taxes: 1.21 } },
  });
});

test("tokens of one uid and several types are several tokens", async () => {
  const path = "/tokens/NL/TNE/TWO";
  expect((await world.api("PUT", path, token("TWO", 1))).status).toBe(201);
  expect((await world.api("PUT", `${path}?type=APP_USER`, { ...token("TWO", 1), type: "APP_USER" })).status).toBe(201);
  expect((await world.api("GET", path)).json.type).toBe("RFID");
  expect((await world.api("GET", `${path}?type=APP_USER`)).json.type).toBe("APP_USER");
  expect((await world.api("GET", `${path}?type=OTHER`)).status).toBe(404);
  expect(
    (await world.api("PUT", `${path}?type=RFID`, { ...token("TWO", 1), type: "OTHER" })).json.errors,
  ).toMatchObject([{ pointer: "/type" }]);
});

describe("a list", () => {
  beforeAll(async () => {
    await world.api("PUT", "/parties/BE/LST", { roles: ["CPO"], business_details: { name: "List" } });
    for (let n = 0; n < 7; n++) {
      await world.api("PUT", `/locations/BE/LST/L${n}`, {
        ...location(`L${n}`, n * 10, []),
        country_code: "BE",
        party_id: "LST",
      });
    }
  });
  const ids = (items: OcpiObject[]) => items.map(({ id }) => id);

  test("is read page by page, each object once", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const { json } = await world.api("GET", `/locations?party_id=lst&limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...ids(json.items));
      cursor = json.next_cursor;
    } while (cursor);
    expect(seen).toEqual(["L0", "L1", "L2", "L3", "L4", "L5", "L6"]);
  });

  test("is filtered", async () => {
    const of = async (query: string) => ids((await world.api("GET", `/locations?country_code=be&${query}`)).json.items);
    expect(await of(`updated_from=${time(20)}&updated_to=${time(40)}`)).toEqual(["L2", "L3"]);
    expect(await of("owner=own")).toHaveLength(7);
    expect(await of("owner=partner")).toEqual([]);
    expect(await of("party_id=TNM")).toEqual([]);
    expect(await of("partner=nobody")).toEqual([]);
    for (const query of ["updated_from=x", "owner=me", "limit=1001", "limit=0", "cursor=x"]) {
      expect((await world.api("GET", `/locations?${query}`)).status, query).toBe(400);
    }
  });

  test("streams every match as NDJSON", async () => {
    const { lines, headers } = await world.api("GET", "/locations?party_id=LST&limit=2", undefined, {
      accept: "application/x-ndjson",
    });
    expect(headers.get("content-type")).toBe("application/x-ndjson");
    expect(ids(lines ?? [])).toEqual(["L0", "L1", "L2", "L3", "L4", "L5", "L6"]);
    const none = await world.api("GET", "/locations?party_id=XXX", undefined, { accept: "application/x-ndjson" });
    expect(none.lines).toEqual([]);
  });

  test("of Locations is a FeatureCollection when asked for", async () => {
    const { json } = await world.api("GET", "/locations?party_id=LST", undefined, { accept: "application/geo+json" });
    expect(json).toMatchObject({ type: "FeatureCollection" });
    expect(json.features).toHaveLength(7);
    expect(json.features[0]).toMatchObject({
      type: "Feature",
      id: "BE*LST*L0",
      geometry: { type: "Point", coordinates: [5.110278, 52.089444] },
      properties: { id: "L0", city: "Utrecht" },
    });
    const none = await world.api("GET", "/locations?party_id=XXX", undefined, { accept: "application/geo+json" });
    expect(none.json.features).toEqual([]);
  });
});

test("a partner's objects are read with their partner, and are not the operator's to write", async () => {
  const { partner, id } = await world.connect({ version: "2.1.1", role: "CPO", party: "DE/CPX" });
  const object = example("2.1.1", "locations", { id: "P1" });
  expect((await partner.push("locations", object)).status_code).toBe(1000);
  const { json } = await world.api("GET", `/locations?owner=partner&partner=${id}`);
  expect(json.items).toMatchObject([{ country_code: "DE", party_id: "CPX", id: object.id }]);
  expect(JSON.stringify(json)).not.toContain('"wire:');
  const path = `/locations/DE/CPX/${encodeURIComponent(object.id)}`;
  expect((await world.api("GET", path)).json).toEqual(json.items[0]);
  expect((await world.api("PUT", path, { ...json.items[0], name: "Mine" })).status).toBe(403);
  expect((await world.api("PATCH", path, { name: "Mine" })).status).toBe(403);
  expect((await world.api("GET", path)).json).toEqual(json.items[0]);
});
