import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { ObjectModule, OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { valueAt } from "./translations.ts";

// What the operator stores reaches partners of every version, and every later change of it does too.

const world = useWorld();
const owner = { country_code: "NL", party_id: "GWY" };
const EMSP = {} as Record<Version, Connection>;
const CPO = {} as Record<Version, Connection>;

const garage = example("2.3.0", "locations", { ...owner, id: "GARAGE" });
const [evse] = garage.evses;
const connector = (id: string, more: OcpiObject) => ({ ...evse.connectors[1], id, ...more });

/** Everything older versions find hard to say, in one place. */
const highway: OcpiObject = {
  ...owner,
  id: "REST-AREA-BETWEEN-UTRECHT-AND-AMERS",
  publish: true,
  address: "A very long address ".repeat(6).trim(),
  city: "Utrecht",
  country: "NLD",
  parking_type: "ALONG_MOTORWAY",
  coordinates: { latitude: "52.1234567", longitude: "5.12345" },
  time_zone: "Europe/Amsterdam",
  opening_times: { twentyfourseven: true },
  evses: [
    {
      uid: "TRUCKS",
      status: "AVAILABLE",
      connectors: [connector("1", { standard: "MCS" }), connector("2", { standard: "IEC_62196_T2_COMBO" })],
      last_updated: "2025-01-01T00:00:00Z",
    },
    {
      uid: "AMERICAN",
      status: "AVAILABLE",
      connectors: [connector("1", { standard: "NEMA_14_50", power_type: "AC_2_PHASE_SPLIT" })],
      last_updated: "2025-01-01T00:00:00Z",
    },
    {
      uid: "TWO-PHASES",
      status: "AVAILABLE",
      connectors: [connector("1", { standard: "IEC_62196_T2", power_type: "AC_2_PHASE" })],
      last_updated: "2025-01-01T00:00:00Z",
    },
  ],
  last_updated: "2025-01-01T00:00:00Z",
};
const secret = example("2.3.0", "locations", { ...owner, id: "SECRET", publish: false, publish_allowed_to: [] });
const tariff = example("2.3.0", "tariffs", { ...owner, id: "TAR-DAY" });
const token = example("2.3.0", "tokens", { ...owner, uid: "CARD-1" });
const car = example("2.3.0", "tokens", { ...owner, uid: "CAR-1", type: "EMAID", whitelist: "NEVER" });

const key = (id: string) => `NL/GWY/${id}`;
const put = (module: string, id: string, object: unknown, query = "") =>
  world.api("PUT", `/${module}/NL/GWY/${id}${query}`, object);

/** Waits until a partner has an object as the predicate wants it. */
function arrived(
  { partner, version }: Connection,
  module: ObjectModule,
  id: string,
  wanted: (object: OcpiObject) => unknown = () => true,
) {
  const found = () => {
    const object = partner.store[module].get(key(id)) ?? partner.store[module].get(`${key(id)}/EMAID`);
    return object && wanted(object) ? object : undefined;
  };
  return partner.waitFor(found, 10_000).catch((error: Error) => {
    throw new Error(`${module} ${id} did not come to ${version} as it should: ${error.message}`);
  });
}

/** The name long ids go by in 2.0, where they may have 15 characters: as the partner was sent it. */
function highwayIn(version: Version): OcpiObject | undefined {
  return EMSP[version].partner.store.locations.list().find(({ city }) => city === "Utrecht");
}

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/GWY", { roles: ["CPO", "EMSP"], business_details: { name: "Gateway" } });
  for (const [i, version] of VERSIONS.entries()) {
    EMSP[version] = await world.connect({ version, role: "EMSP", party: `DE/E${i}X` });
    CPO[version] = await world.connect({ version, role: "CPO", party: `NL/C${i}X` });
  }
  const stored = [
    await put("tariffs", "TAR-DAY", tariff),
    await put("locations", "SECRET", secret),
    await put("locations", highway.id, highway),
    await put("locations", "GARAGE", garage),
    await put("tokens", "CARD-1", token),
    await put("tokens", "CAR-1", car, "?type=EMAID"),
  ];
  expect(stored.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
  await Promise.all(
    VERSIONS.flatMap((version) => [
      arrived(EMSP[version], "tariffs", "TAR-DAY"),
      arrived(EMSP[version], "locations", "GARAGE"),
      EMSP[version].partner.waitFor(() => highwayIn(version), 10_000),
      arrived(CPO[version], "tokens", "CARD-1"),
    ]),
  );
});

describe.each(VERSIONS)("to OCPI %s", (version) => {
  test("pulled as it was pushed", async () => {
    for (const module of ["locations", "tariffs"] as const) {
      const list = await EMSP[version].partner.pull(module);
      const held = EMSP[version].partner.store[module].list();
      const byId = (a: OcpiObject, b: OcpiObject) => (a.id < b.id ? -1 : 1);
      expect(list.sort(byId)).toEqual(held.sort(byId));
    }
  });

  test("what nobody may see reaches nobody", async () => {
    const { partner } = EMSP[version];
    expect(partner.store.locations.get(key("SECRET"))).toBeUndefined();
    if (!atLeast(version, "2.1.1")) return;
    expect((await partner.request("locations", "SENDER", "GET", ["SECRET"])).http).toBe(404);
  });

  test("ids fit, the same by push and by pull, and lead back", async () => {
    const { partner } = EMSP[version];
    const id = highwayIn(version)?.id;
    if (atLeast(version, "2.1.1")) expect(id).toBe(highway.id);
    else expect(id.length).toBeLessThanOrEqual(15);
    if (!atLeast(version, "2.1.1")) return;
    expect((await partner.request("locations", "SENDER", "GET", [id])).http).toBe(200);
  });

  const old = !atLeast(version, "2.2");
  test.each<[string, unknown]>([
    ["/type", old ? "OTHER" : undefined],
    ["/parking_type", old ? undefined : "ALONG_MOTORWAY"],
    ["/postal_code", old ? "-" : undefined],
    ["/address", atLeast(version, "2.2.1") ? highway.address : highway.address.slice(0, 45)],
    ["/coordinates/latitude", version === "2.3.0" ? highway.coordinates.latitude : "52.123457"],
    ["/coordinates/longitude", old ? "5.123450" : "5.12345"],
    ["/evses/0/connectors/0/standard", version === "2.3.0" ? "MCS" : "IEC_62196_T2_COMBO"],
    ["/evses/1/uid", atLeast(version, "2.2.1") ? "AMERICAN" : "TWO-PHASES"],
    [
      atLeast(version, "2.2.1") ? "/evses/2/connectors/0/power_type" : "/evses/1/connectors/0/power_type",
      atLeast(version, "2.2.1") ? "AC_2_PHASE" : "AC_1_PHASE",
    ],
  ])("a Location that is hard to say: %s", (pointer, value) => {
    expect(valueAt(highwayIn(version), pointer)).toEqual(value);
  });

  test("what it cannot say stands in the journal, and raised an event", async () => {
    const path = `/messages?partner=${EMSP[version].id}&direction=out&module=locations&limit=1000`;
    const { json } = await world.api("GET", path);
    const sent = json.items.find(({ request_body }: OcpiObject) => request_body?.includes("Utrecht"));
    const pointers = sent.losses.map(({ pointer }: OcpiObject) => pointer);
    if (version === "2.3.0") expect(pointers).toEqual([]);
    else expect(pointers).toContain("/evses/0/connectors/0");
    const { json: events } = await world.api("GET", "/events?types=translation.loss&limit=1000");
    const mine = events.items.filter(({ data }: OcpiObject) => data.partner === EMSP[version].id);
    expect(mine.length > 0).toBe(version !== "2.3.0");
  });

  test("a token 2.0 would take for a whitelisted one is not sent there", async () => {
    const store = CPO[version].partner.store.tokens;
    const held = [store.get(key("CAR-1")), store.get(`${key("CAR-1")}/OTHER`), store.get(`${key("CAR-1")}/EMAID`)];
    const found = held.find((each) => each !== undefined);
    const type = version === "2.3.0" ? "EMAID" : "OTHER";
    if (found) expect(found.type).toBe(type);
    expect(found?.allow_whitelist).not.toBe(true);
    if (atLeast(version, "2.1.1")) expect(found?.whitelist).toBe("NEVER");
  });
});

describe("a change of an own object", () => {
  const sentTo = ({ partner }: Connection) => partner.requests.filter(({ method }) => method !== "GET").length;
  const everybody = (act: (connection: Connection) => unknown) =>
    Promise.all(VERSIONS.map((version) => act(EMSP[version])));

  test("the same PUT again changes and sends nothing; the next change is all that is sent", async () => {
    const before = VERSIONS.map((version) => sentTo(EMSP[version]));
    const again = await put("locations", "GARAGE", garage);
    expect(again.status).toBe(200);
    const patched = await world.api("PATCH", "/locations/NL/GWY/GARAGE", { name: "Renamed" });
    expect(patched.status).toBe(200);
    await everybody((emsp) => arrived(emsp, "locations", "GARAGE", ({ name }) => name === "Renamed"));
    expect(VERSIONS.map((version) => sentTo(EMSP[version]))).toEqual(before.map((count) => count + 1));
  });

  test("of one EVSE's status sends that EVSE, at its own URL", async () => {
    const { status } = await world.api("PATCH", "/locations/NL/GWY/GARAGE/HBR-01", { status: "BLOCKED" });
    expect(status).toBe(200);
    await everybody((emsp) => arrived(emsp, "locations", "GARAGE", ({ evses }) => evses[0].status === "BLOCKED"));
    for (const version of VERSIONS) {
      const last = EMSP[version].partner.store.locations.history(key("GARAGE")).at(-1);
      expect(last?.body?.uid).toBe("HBR-01");
    }
  });

  test("of a tariff by DELETE is a DELETE to everybody", async () => {
    expect((await world.api("DELETE", "/tariffs/NL/GWY/TAR-DAY")).status).toBe(204);
    await everybody(({ partner }) => partner.waitFor(() => !partner.store.tariffs.get(key("TAR-DAY")), 10_000));
    for (const version of VERSIONS) {
      const history = EMSP[version].partner.store.tariffs.history(key("TAR-DAY"));
      expect(history.map(({ method }) => method)).toEqual(["PUT", "DELETE"]);
    }
  });

  test("nobody saw anything its version forbids", () => {
    for (const version of VERSIONS) {
      expect([version, ...violationsOf(EMSP[version]), ...violationsOf(CPO[version])]).toEqual([version]);
    }
  });
});
