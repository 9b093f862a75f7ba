import { beforeAll, describe, expect, test } from "vitest";
import { VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, headersOf, sendRaw, urlOf, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call } from "../delivery/objects.ts";

const world = useWorld();
const modern = VERSIONS.filter((version) => version !== "2.0" && version !== "2.1.1");

beforeAll(async () => {
  await call(world, "PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
});

const info = (party: string, role: string, status: string, n: number) => ({
  country_code: "FR",
  party_id: party,
  role,
  status,
  last_updated: `2026-01-01T00:00:0${n}Z`,
});

describe.each(modern)("a hub of %s", (version: Version) => {
  let hub: Connection;
  let cpo: Connection;
  beforeAll(async () => {
    const role = version === "2.3.0" ? "OTHER" : "HUB";
    hub = await world.connect({ version, role, party: `DE/H0${VERSIONS.indexOf(version)}` });
    cpo = await world.connect({ version: "2.2.1", role: "CPO", party: `DE/K0${VERSIONS.indexOf(version)}` });
  });

  test("tells us of parties behind it, by role, and reads back what it told last", async () => {
    expect(await hub.partner.push("hubclientinfo", info("ABC", "EMSP", "CONNECTED", 1))).toMatchObject({
      http: 201,
      status_code: 1000,
    });
    expect(await hub.partner.push("hubclientinfo", info("ABC", "CPO", "PLANNED", 2))).toMatchObject({ http: 201 });
    expect(await hub.partner.push("hubclientinfo", info("ABC", "EMSP", "OFFLINE", 3))).toMatchObject({ http: 200 });
    const read = () => hub.partner.request("hubclientinfo", "RECEIVER", "GET", ["FR", "ABC"]);
    expect(await read()).toMatchObject({ http: 200, data: { role: "EMSP", status: "OFFLINE" } });
    expect(await hub.partner.push("hubclientinfo", info("ABC", "EMSP", "CONNECTED", 1))).toMatchObject({
      status_code: 1000,
    });
    expect(await read()).toMatchObject({ data: { role: "EMSP", status: "OFFLINE" } });
    const events = await call(world, "GET", "/events?types=client_info.*");
    expect(events.items.filter(({ data }: { data: { partner: string } }) => data.partner === hub.id)).toHaveLength(3);
  });

  test("is refused what is wrong, and does not see what others told", async () => {
    const url = urlOf(hub, "hubclientinfo", "RECEIVER", ["FR", "ABC"]);
    const put = (body: unknown) => sendRaw(url, { method: "PUT", headers: headersOf(hub), body: JSON.stringify(body) });
    expect(await put({ ...info("XYZ", "EMSP", "CONNECTED", 5) })).toMatchObject({ http: 200, status_code: 2001 });
    expect(await put({ party_id: "ABC" })).toMatchObject({ http: 200, status_code: 2001 });
    const other = cpo.partner.request("hubclientinfo", "RECEIVER", "GET", ["FR", "ABC"]);
    expect(await other).toMatchObject({ http: 404 });
    const foreign = await cpo.partner.push("hubclientinfo", info("ABC", "EMSP", "SUSPENDED", 6), {
      owner: { country_code: "FR", party_id: "ABC" },
    });
    expect(foreign).toMatchObject({ http: 404 });
    expect(violationsOf(hub)).toEqual([]);
  });
});

describe("as a hub", () => {
  let reader: Connection;
  beforeAll(async () => {
    await call(world, "PUT", "/parties/NL/HUB", { roles: ["HUB"], business_details: { name: "Hub" } });
    reader = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/RDR" });
  });

  test("we list the parties connected to us, page by page, with what we know of their connection", async () => {
    const partners = await call(world, "GET", "/partners");
    const [first] = partners.items;
    await call(world, "PATCH", `/partners/${first.id}`, { status: "SUSPENDED" });
    const list = await reader.partner.pull("hubclientinfo", { limit: 2 } as never);
    expect(list.map(({ party_id }) => party_id)).not.toContain("RDR");
    expect(list).toHaveLength(partners.items.length - 1);
    expect(list[0]).toMatchObject({ party_id: "H02", role: "HUB", status: "SUSPENDED" });
    expect(list[1]).toMatchObject({ party_id: "K02", role: "CPO", status: "CONNECTED" });
    expect(violationsOf(reader)).toEqual([]);
  });

  test("a delta shows who was suspended, and who is back, since the last look", async () => {
    const partners = await call(world, "GET", "/partners");
    const one = partners.items.find(({ roles }: { roles: { party_id: string }[] }) => roles[0]?.party_id === "K03");
    const shown = async (date_from: string) => {
      const list = await reader.partner.pull("hubclientinfo", { date_from } as never);
      return list.map(({ party_id, status }) => `${party_id} ${status}`);
    };
    for (const [status, told] of [
      ["SUSPENDED", "K03 SUSPENDED"],
      ["REGISTERED", "K03 CONNECTED"],
    ]) {
      const all = await reader.partner.pull("hubclientinfo");
      const latest = Math.max(...all.map(({ last_updated }) => Date.parse(String(last_updated))));
      const from = new Date(latest + 1).toISOString();
      expect(await shown(from)).toEqual([]);
      await call(world, "PATCH", `/partners/${one.id}`, { status });
      expect(await shown(from)).toEqual([told]);
    }
    expect((await world.api("DELETE", "/parties/NL/HUB")).status).toBe(204);
  });
});
