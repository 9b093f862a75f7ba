import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../src/local/gateway.ts";
import { type Partner, startPartner } from "../sandbox/partner.ts";
import type { OcpiObject } from "../sandbox/types.ts";
import { type GatewayProcess, operatorRequest, startGatewayProcess } from "../support/gateway.ts";
import { useWorld } from "../support/ocpi.ts";
import { call, evse, location, ownParties, time } from "./delivery/objects.ts";

const world = useWorld();
ownParties(world);

const put = (id: string, n: number, name?: string) =>
  call(world, "PUT", `/locations/NL/TNM/${id}`, location(id, n, [evse("E1", "AVAILABLE", 0)], name));

/** Waits until a page of the operator API meets a condition, and answers its items. */
async function items(path: string, met: (items: OcpiObject[]) => boolean): Promise<OcpiObject[]> {
  let found: OcpiObject[] = [];
  const look = async () => {
    found = (await call(world, "GET", path)).items;
    return met(found);
  };
  await expect.poll(look, { timeout: 20_000 }).toBe(true);
  return found;
}

test("an outage: nobody else waits, changes coalesce, and after it the newest state arrives", async () => {
  const gone = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/GON" });
  const slow = await world.connect({ version: "2.1.1", role: "EMSP", party: "DE/SLO" });
  const well = await world.connect({ version: "2.3.0", role: "EMSP", party: "DE/WEL" });
  await gone.partner.goOffline();
  slow.partner.misbehave({ modules: "locations", hang: true });

  for (let n = 1; n <= 10; n++) await put("OUT1", n, `name ${n}`);
  await well.partner.waitFor(() => well.partner.store.locations.get("NL/TNM/OUT1")?.name === "name 10", 10_000);
  await put("OUT2", 1);
  await well.partner.waitFor(() => well.partner.store.locations.get("NL/TNM/OUT2"), 10_000);
  await expect
    .poll(async () => (await call(world, "GET", `/partners/${gone.id}`)).health, { timeout: 15_000 })
    .toMatchObject({
      state: "UNREACHABLE",
      pending: 2,
    });
  await items("/events?after=0&types=partner.unreachable", (all) => all.some(({ data }) => data.partner === gone.id));

  await gone.partner.goOnline();
  await call(world, "POST", `/partners/${gone.id}/deliveries/retry`);
  await gone.partner.waitFor(() => gone.partner.store.locations.size === 2, 20_000);
  expect(gone.partner.store.locations.get("NL/TNM/OUT1")).toMatchObject({ name: "name 10" });
  expect(gone.partner.store.locations.history("NL/TNM/OUT1")).toHaveLength(1);
  expect(gone.partner.violations).toEqual([]);
  await items(`/deliveries?partner=${gone.id}`, (all) => all.every(({ state }) => state === "DELIVERED"));
  const recovered = await call(world, "GET", "/events?after=0&types=partner.recovered");
  expect(recovered.items).toHaveLength(1);
  slow.partner.behave();
});

test("a refusal is final and told; the objects beside it arrive", async () => {
  const emsp = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/REF" });
  emsp.partner.misbehave({ modules: "locations", status: 2001, times: 1 });
  await put("REF1", 1);
  const [failed] = await items("/events?after=0&types=delivery.failed", ({ length }) => length > 0);
  expect(failed?.data).toMatchObject({
    partner: emsp.id,
    delivery: { key: "NL/TNM/REF1", state: "REJECTED", last_status: 200, last_error: expect.stringContaining("2001") },
  });
  expect(failed?.data.delivery.updated_at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  await put("REF2", 1);
  await emsp.partner.waitFor(() => emsp.partner.store.locations.get("NL/TNM/REF2"), 10_000);
  expect((await world.operator("POST", `/deliveries/${failed?.data.delivery.id}/retry`)).status).toBe(202);
  await emsp.partner.waitFor(() => emsp.partner.store.locations.get("NL/TNM/REF1"), 10_000);
});

test("suspended: nothing goes; resumed: what changed meanwhile, once", async () => {
  const emsp = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/SUS" });
  await put("SUS1", 1);
  await emsp.partner.waitFor(() => emsp.partner.store.locations.get("NL/TNM/SUS1"), 10_000);
  await call(world, "PATCH", `/partners/${emsp.id}`, { status: "SUSPENDED" });
  for (let n = 2; n <= 4; n++) await put("SUS1", n, `name ${n}`);
  await call(world, "PATCH", `/partners/${emsp.id}`, { status: "REGISTERED" });
  await emsp.partner.waitFor(() => emsp.partner.store.locations.get("NL/TNM/SUS1")?.name === "name 4", 10_000);
  expect(emsp.partner.store.locations.history("NL/TNM/SUS1")).toHaveLength(2);
});

test("a change of our parties reaches partners by a credentials update, and pushes go on", async () => {
  const emsp = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/ANN" });
  await call(world, "PUT", "/parties/NL/NEW", { roles: ["CPO"], business_details: { name: "New" } });
  await emsp.partner.waitFor(() => emsp.partner.peer?.roles.some(({ party_id }) => party_id === "NEW"), 15_000);
  await put("ANN1", 1);
  await emsp.partner.waitFor(() => emsp.partner.store.locations.get("NL/TNM/ANN1"), 10_000);
  expect(emsp.partner.violations).toEqual([]);
});

test("a partner that is away when our parties change is told when it is back", async () => {
  const emsp = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/LAT" });
  await emsp.partner.goOffline();
  await call(world, "PUT", "/parties/NL/LAT", { roles: ["CPO"], business_details: { name: "Late" } });
  const tried = `/messages?partner=${emsp.id}&direction=out`;
  await items(tried, (all) => all.some(({ http_status }) => http_status === null));
  await emsp.partner.goOnline();
  await emsp.partner.waitFor(() => emsp.partner.peer?.roles.some(({ party_id }) => party_id === "LAT"), 25_000);
  expect(emsp.partner.violations).toEqual([]);
});

test("a hidden Location: told where it is held, never sent where it is not", async () => {
  const modern = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/HI1" });
  const old = await world.connect({ version: "2.1.1", role: "EMSP", party: "DE/HI2" });
  await put("HID1", 1);
  for (const { partner } of [modern, old]) {
    await partner.waitFor(() => partner.store.locations.get("NL/TNM/HID1"), 10_000);
  }
  const hidden = { ...location("HID1", 2, [evse("E1", "AVAILABLE", 0)]), publish: false };
  await call(world, "PUT", "/locations/NL/TNM/HID1", hidden);
  await call(world, "PUT", "/locations/NL/TNM/HID2", { ...hidden, id: "HID2" });
  await put("HID3", 3);
  await modern.partner.waitFor(() => modern.partner.store.locations.get("NL/TNM/HID1")?.publish === false, 10_000);
  await old.partner.waitFor(
    () => old.partner.store.locations.get("NL/TNM/HID1")?.evses[0].status === "REMOVED",
    10_000,
  );
  for (const { partner } of [modern, old]) {
    await partner.waitFor(() => partner.store.locations.get("NL/TNM/HID3"), 10_000);
    expect(partner.store.locations.history("NL/TNM/HID2")).toEqual([]);
  }
});

// ---- a gateway in a process of its own, that dies -------------------------------------------------------------------

let partner: Partner | undefined;
let process: GatewayProcess | undefined;
const stateDir = mkdtempSync(join(tmpdir(), "ocpi-delivery-"));
afterAll(async () => {
  await process?.end("SIGTERM");
  await partner?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

test("SIGKILL between commit and wake-up, and in the middle of a round: every acknowledged write arrives", async () => {
  const port = await freePort();
  const start = async () => {
    process = await startGatewayProcess({ port, stateDir });
    return process;
  };
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await operatorRequest(process as GatewayProcess, method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<Record<string, string>>;
  };
  await start();
  await ask("PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
  const invited = await ask("POST", "/partners", { name: "killed" });
  partner = await startPartner({ version: "2.2.1", roles: [{ role: "EMSP", country_code: "DE", party_id: "KIL" }] });
  await partner.register(invited.versions_url as string, invited.token as string);
  const store = partner.store.locations;

  const acknowledged = new Map<string, number>();
  let n = 0;
  for (const moment of ["before the wake-up", "in a round"]) {
    // Answers are held back, so that a round is under way for as long as the test wants it to be.
    const fault = moment === "in a round" ? partner.misbehave({ modules: "locations", hang: true }) : null;
    const requests = partner.requests.length;
    for (let k = 0; k < 20; k++) {
      const id = `KILL${k % 12}`;
      await ask("PUT", `/locations/NL/TNM/${id}`, location(id, ++n, [evse("E1", "AVAILABLE", 0)]));
      acknowledged.set(id, n);
    }
    if (fault) await partner.waitFor((log) => log.length > requests, 10_000);
    await process?.end("SIGKILL");
    fault?.stop();
    await start();
    const current = () => [...acknowledged].every(([id, at]) => store.get(`NL/TNM/${id}`)?.last_updated === time(at));
    await partner.waitFor(current, 30_000);
  }
  expect(partner.violations).toEqual([]);
}, 90_000);
