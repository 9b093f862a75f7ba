import { expect, test, vi } from "vitest";
import { retryNow, runPump, startAnew } from "../../../src/delivery/pump.ts";
import { isKnown } from "../../../src/delivery/record.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { location } from "./objects.ts";
import { sent, settle, started, states } from "./runs.ts";
import { type Behaviour, FINE, type World } from "./world.ts";

// Days of the pump go by in these; a busy machine may need its time.
vi.setConfig({ testTimeout: 30_000 });

const DAY = 24 * 3_600_000;
const URL_OF_C1 = "https://partner.test/ocpi/cdrs/c1";
const TAKEN: Behaviour = { http: 201, code: 1000, headers: { Location: URL_OF_C1 } };

const cdr: JsonObject = {
  country_code: "NL",
  party_id: "TNM",
  id: "C1",
  start_date_time: "2026-01-01T00:00:00Z",
  end_date_time: "2026-01-01T01:00:00Z",
  cdr_token: { country_code: "DE", party_id: "MSP", uid: "T1", type: "RFID", contract_id: "DE-MSP-1" },
  auth_method: "WHITELIST",
  cdr_location: {
    id: "LOC1",
    address: "Stationsplein 1",
    city: "Utrecht",
    country: "NLD",
    coordinates: { latitude: "52.08944", longitude: "5.11028" },
    evse_uid: "1",
    evse_id: "NL*TNM*E1",
    connector_id: "1",
    connector_standard: "IEC_62196_T2",
    connector_format: "SOCKET",
    connector_power_type: "AC_3_PHASE",
  },
  currency: "EUR",
  charging_periods: [{ start_date_time: "2026-01-01T00:00:00Z", dimensions: [{ type: "ENERGY", volume: 1 }] }],
  total_cost: { before_taxes: 1 },
  total_energy: 1,
  total_time: 1,
  last_updated: "2026-01-01T02:00:00Z",
};

/** A world whose partner takes CDRs. */
async function billed(version = "2.2.1"): Promise<World> {
  const role = version.startsWith("2.2") ? ("RECEIVER" as const) : null;
  const world = await started(version, {
    endpoints: [{ identifier: "cdrs", role, url: "https://partner.test/ocpi/cdrs" }],
  });
  world.behave = () => TAKEN;
  return world;
}

const put = (world: World, more: JsonObject = {}) => world.put("cdrs", { ...cdr, ...more }, { audience: "DE*MSP" });

const told = (world: World) => world.store.told(1);

test("a CDR is told once, whatever happens to it or to other things later", async () => {
  const world = await billed();
  put(world);
  await settle(world);
  expect(sent(world)).toEqual(["POST cdrs"]);
  expect(told(world)).toMatchObject({ location: URL_OF_C1, said: null });
  put(world);
  await settle(world);
  expect(sent(world)).toEqual(["POST cdrs"]);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED"]);
});

test("one that is for somebody else, or for nobody, is not told", async () => {
  const world = await billed();
  world.put("cdrs", cdr, { audience: "DE*ELS" });
  world.put("cdrs", { ...cdr, id: "C2" }, { audience: "-" });
  await settle(world);
  expect(sent(world)).toEqual([]);
});

test("what was not answered is said again to the letter, even if it would be said otherwise by now", async () => {
  const world = await billed("2.1.1");
  world.put("locations", location("LOC1", 1));
  put(world);
  let first = true;
  world.behave = () => {
    if (!first) return TAKEN;
    first = false;
    world.put("locations", { ...location("LOC1", 2), opening_times: { twentyfourseven: true } });
    return { silent: "timeout", stores: true };
  };
  await settle(world);
  expect(sent(world)).toEqual(["POST cdrs", "POST cdrs"]);
  expect(world.requests[1]?.body).toEqual(world.requests[0]?.body);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED"]);
});

test("a crash while the answer is on its way: the same is said again, and there is one", async () => {
  const world = await billed();
  put(world);
  world.behave = () => {
    world.restart();
    world.behave = () => TAKEN;
    return TAKEN;
  };
  await runPump(world.pump).catch(() => undefined);
  await settle(world);
  expect(sent(world)).toEqual(["POST cdrs", "POST cdrs"]);
  expect(world.requests[1]?.body).toEqual(world.requests[0]?.body);
  expect(world.held.size).toBe(1);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED"]);
});

test.each([
  { http: 409, code: 2000 },
  { http: 200, code: 2001, message: "CDR already exists" },
  { http: 200, code: 2000, message: "Duplicate CDR id" },
])("after a lost answer, $http $code $message is as good as one; at first it is a refusal", async (refusal) => {
  const world = await billed();
  put(world);
  world.behave = () => (world.requests.length === 1 ? { silent: "timeout", stores: true } : refusal);
  await settle(world);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED"]);
  expect(world.events).toEqual([]);

  const other = await billed();
  put(other);
  other.behave = () => refusal;
  await settle(other);
  expect(states(other)).toEqual(["NL/TNM/C1 REJECTED"]);
  expect(other.requests).toHaveLength(1);
  expect(other.events.map(({ type }) => type)).toEqual(["delivery.failed"]);
  retryNow(other.store, 1, other.now);
  await settle(other);
  expect(states(other)).toEqual(["NL/TNM/C1 REJECTED"]);
});

test("a refusal that speaks of another CDR is one, also after a lost answer", async () => {
  const refused = { outcome: "refused", http: 200 } as const;
  expect(isKnown({ ...refused, message: "Another CDR with this id already exists" })).toBe(false);
  const unlike = [
    "Unknown token",
    "Token does not exist",
    "Location LOC1 doesn't exist",
    "currency already rejected for you",
  ];
  for (const message of unlike) expect(isKnown({ ...refused, message })).toBe(false);
  for (const message of ["CDR C1 already exists", "Duplicate id", "already known"])
    expect(isKnown({ ...refused, message })).toBe(true);
  expect(isKnown({ outcome: "refused", http: 409, message: "not the one we hold" })).toBe(false);
  expect(isKnown({ ...refused, message: null })).toBe(false);
  expect(isKnown({ outcome: "failed", http: 500, message: "already" })).toBe(false);
});

test("a partner that is away for a day gets it in the end", async () => {
  const world = await billed();
  world.behave = () => ({ silent: "network" });
  put(world);
  await settle(world, DAY);
  expect(states(world)).toEqual(["NL/TNM/C1 PENDING"]);
  expect(world.events.map(({ type }) => type)).toEqual(["partner.unreachable"]);
  world.behave = () => TAKEN;
  await settle(world);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED"]);
});

test("201 with a Location is an answer, though its envelope is missing", async () => {
  const world = await billed();
  put(world);
  world.behave = () => ({ http: 201, code: null, headers: { Location: "/ocpi/cdrs/c1" } });
  await settle(world);
  expect(sent(world)).toEqual(["POST cdrs"]);
  expect(told(world)?.location).toBe(URL_OF_C1);
});

test("before it is told again, the partner is asked whether it holds it", async () => {
  const world = await billed();
  put(world);
  await settle(world);
  world.behave = ({ method }) => (method === "GET" ? { ...FINE, http: 200, code: 1000, data: { id: "C1" } } : TAKEN);
  retryNow(world.store, 1, world.now);
  await settle(world);
  expect(sent(world)).toEqual(["POST cdrs", "GET cdrs/c1"]);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED"]);

  world.behave = ({ method }) => (method === "GET" ? { http: 404, code: 2000 } : TAKEN);
  retryNow(world.store, 1, world.now);
  await settle(world);
  expect(sent(world).slice(2)).toEqual(["GET cdrs/c1", "POST cdrs"]);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED"]);

  world.behave = () => ({ http: 500, code: 3000 });
  retryNow(world.store, 1, world.now);
  await settle(world, 60_000);
  expect(new Set(sent(world).slice(4))).toEqual(new Set(["GET cdrs/c1"]));
});

test("one that is owed is owed still when the partner registers anew, and what came meanwhile too", async () => {
  const world = await billed();
  world.behave = () => ({ silent: "network" });
  put(world);
  await runPump(world.pump);
  world.put("cdrs", { ...cdr, id: "C2" }, { audience: "DE*MSP" });
  startAnew(world.store, world.now);
  world.partner.feed_start = world.revision;
  world.behave = () => TAKEN;
  const before = world.requests.length;
  await settle(world);
  expect(world.requests.slice(before).map(({ body }) => body?.id)).toEqual(["C1", "C2"]);
  expect(states(world)).toEqual(["NL/TNM/C1 DELIVERED", "NL/TNM/C2 DELIVERED"]);
});

test("what could not be noted is said again in the same words", async () => {
  const world = await billed();
  world.behave = () => ({ silent: "network" });
  put(world);
  for (let run = 0; run < 6; run++) {
    await runPump(world.pump);
    world.now += 200_000;
  }
  const before = world.requests.length;
  world.behave = () => {
    world.put("locations", { ...location("LOC1", 2), opening_times: { twentyfourseven: true } });
    return TAKEN;
  };
  let isAway = true;
  world.disturb = (what) => {
    if (what !== "events" || !isAway) return;
    isAway = false;
    throw new Error("D1 away");
  };
  await settle(world);
  const said = world.requests.slice(before).filter(({ method }) => method === "POST");
  expect(isAway).toBe(false);
  expect(new Set(said.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(states(world)).toContain("NL/TNM/C1 DELIVERED");
});
