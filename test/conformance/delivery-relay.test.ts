import { beforeAll, expect, test } from "vitest";
import { example } from "../sandbox/fixtures/example.ts";
import { type Connection, useWorld } from "../support/ocpi.ts";
import { call, time } from "./delivery/objects.ts";

const world = useWorld();
let cpo: Connection;
let emsp: Connection;

beforeAll(async () => {
  const business_details = { name: "Hub" };
  await call(world, "PUT", "/parties/NL/HUB", { roles: ["HUB"], business_details });
  await call(world, "PUT", "/parties/NL/TNM", { roles: ["CPO", "EMSP"], business_details: { name: "TNM" } });
  cpo = await world.connect({ version: "2.2", role: "CPO", party: "FR/CPO" });
  emsp = await world.connect({ version: "2.3.0", role: "EMSP", party: "DE/MSP" });
});

const key = "FR/CPO/RELAY1";
const location = () =>
  example("2.2", "locations", { country_code: "FR", party_id: "CPO", id: "RELAY1", last_updated: time(5) });

test("a hub passes a partner's Location on: in the reader's version, in the hub's name, its time untouched", async () => {
  await cpo.partner.push("locations", location());
  await emsp.partner.waitFor(() => emsp.partner.store.locations.get(key), 10_000);
  const object = emsp.partner.store.locations.get(key);
  expect(object).toMatchObject({ country_code: "FR", party_id: "CPO", id: "RELAY1", last_updated: time(5) });
  const request = emsp.partner.requests.find(({ method, module }) => method === "PUT" && module === "locations");
  expect(request?.headers).toMatchObject({
    "ocpi-from-country-code": "NL",
    "ocpi-from-party-id": "HUB",
    "ocpi-to-country-code": "DE",
    "ocpi-to-party-id": "MSP",
  });
  expect(emsp.partner.violations).toEqual([]);
});

test("an EVSE that its owner changes is passed on alone", async () => {
  const [evse] = location().evses;
  const before = emsp.partner.requests.length;
  const path = ["RELAY1", evse.uid];
  await cpo.partner.patch("locations", path, { status: "BLOCKED", last_updated: time(9) });
  const status = () =>
    emsp.partner.store.locations.get(key)?.evses.find(({ uid }: { uid: string }) => uid === evse.uid);
  await emsp.partner.waitFor(() => status()?.status === "BLOCKED", 10_000);
  const requests = emsp.partner.requests.slice(before);
  expect(requests.map(({ method, path }) => `${method} ${path.split("/").slice(-2).join("/")}`)).toEqual([
    `PUT RELAY1/${evse.uid}`,
  ]);
  expect(emsp.partner.store.locations.get(key)?.last_updated).toBe(time(9));
});

test("Tokens the other way; nothing comes back to where it came from", async () => {
  const uid = "RELAYTOKEN";
  const token = example("2.3.0", "tokens", { country_code: "DE", party_id: "MSP", uid, type: "RFID" });
  await emsp.partner.push("tokens", token);
  await cpo.partner.waitFor(() => cpo.partner.store.tokens.get(`DE/MSP/${uid}`), 10_000);
  expect(cpo.partner.requests.filter(({ module, method }) => module === "locations" && method === "PUT")).toEqual([]);
  expect(emsp.partner.store.tokens.size).toBe(0);
  expect(cpo.partner.violations).toEqual([]);
});

test("without a hub party nothing is passed on", async () => {
  const alone = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/TWO" });
  await call(world, "DELETE", "/parties/NL/HUB");
  const own = example("2.3.0", "locations", { country_code: "NL", party_id: "TNM", id: "OWN1" });
  await cpo.partner.push("locations", { ...location(), id: "RELAY2" });
  await call(world, "PUT", "/locations/NL/TNM/OWN1", own);
  await alone.partner.waitFor(() => alone.partner.store.locations.get("NL/TNM/OWN1"), 10_000);
  expect(alone.partner.store.locations.history("FR/CPO/RELAY2")).toEqual([]);
});
