import { beforeAll, describe, expect, test } from "vitest";
import type { WritableStore } from "../../sandbox/objects.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, evse, location, ownParties, time } from "../delivery/objects.ts";

// We are the CPO: the back office issues CDRs, and each goes to the eMSP that owns its token.

const world = useWorld();
ownParties(world);

beforeAll(async () => {
  await call(world, "PUT", "/locations/NL/TNM/LOC1", location("LOC1", 1, [evse("E1", "AVAILABLE", 1)]));
});

/** A CDR of ours, as the operator API takes it, for a token of this party (`DE/E01`). */
function cdr(id: string, owner: string, more: OcpiObject = {}): OcpiObject {
  const [country_code, party_id] = owner.split("/");
  return {
    country_code: "NL",
    party_id: "TNM",
    id,
    start_date_time: time(0),
    end_date_time: time(5400),
    session_id: "S1",
    authorization_reference: "REF-1",
    cdr_token: { country_code, party_id, uid: "T1", type: "RFID", contract_id: "DE-EEE-C1" },
    auth_method: "WHITELIST",
    cdr_location: {
      id: "LOC1",
      address: "Stationsplein 1",
      city: "Utrecht",
      postal_code: "3511 ED",
      country: "NLD",
      coordinates: { latitude: "52.089444", longitude: "5.110278" },
      evse_uid: "E1",
      evse_id: "NL*TNM*EE1",
      connector_id: "1",
      connector_standard: "IEC_62196_T2",
      connector_format: "SOCKET",
      connector_power_type: "AC_3_PHASE",
    },
    currency: "EUR",
    tariffs: [
      {
        id: "T1",
        currency: "EUR",
        elements: [{ price_components: [{ type: "ENERGY", price: 0.25, vat: 20, step_size: 1 }] }],
      },
    ],
    charging_periods: [
      {
        start_date_time: time(0),
        dimensions: [
          { type: "ENERGY", volume: 15.2 },
          { type: "TIME", volume: 1.5 },
          { type: "STATE_OF_CHARGE", volume: 80 },
        ],
      },
    ],
    total_cost: { before_taxes: 3.8, taxes: [{ name: "VAT", percentage: 20, amount: 0.76 }] },
    total_energy: 15.2,
    total_time: 1.5,
    last_updated: time(5401),
    ...more,
  };
}

const deliveries = async ({ id }: Connection): Promise<OcpiObject[]> =>
  (await call(world, "GET", `/deliveries?partner=${id}&module=cdrs&limit=1000`)).items;

const settled = (emsp: Connection, id: string, state: string) =>
  expect
    .poll(async () => (await deliveries(emsp)).find(({ key }) => key === `NL/TNM/${id}`), {
      timeout: 15_000,
      interval: 100,
    })
    .toMatchObject({ state });

const posts = ({ partner }: Connection, id: string) =>
  partner.requests.filter(
    ({ method, module, body }) => method === "POST" && module === "cdrs" && (body as OcpiObject)?.id === id,
  );

describe.each(VERSIONS)("an eMSP of %s", (version: Version) => {
  const n = VERSIONS.indexOf(version);
  const party = `DE/E0${n}`;
  let emsp: Connection;
  beforeAll(async () => {
    emsp = await world.connect({ version, role: "EMSP", party });
  });
  const held = (id: string) => emsp.partner.store.cdrs.get(`NL/TNM/${id}`);

  test("gets the CDR of its token, once, and where it keeps it is known", async () => {
    const id = `C-${n}`;
    const issued = await world.api("POST", "/cdrs", cdr(id, party));
    expect(issued).toMatchObject({ status: 201, json: { id, total_cost: { before_taxes: 3.8 } } });
    const received = await emsp.partner.waitFor(() => held(id), 15_000);
    expect(received).toMatchObject({ id, currency: "EUR" });
    expect(received.charging_periods[0].dimensions.map(({ type }: OcpiObject) => type)).toEqual(["ENERGY", "TIME"]);
    await settled(emsp, id, "DELIVERED");
    expect(posts(emsp, id)).toHaveLength(1);
    const [delivery] = await deliveries(emsp);
    expect(delivery?.location).toMatch(/^http:\/\/127\.0\.0\.1/);
    expect(violationsOf(emsp)).toEqual([]);
  });

  test("has costs, taxes, token and place in the words of its version", async () => {
    const received = held(`C-${n}`) ?? {};
    if (version === "2.3.0") {
      expect(received.total_cost).toEqual({
        before_taxes: 3.8,
        taxes: [{ name: "VAT", percentage: 20, amount: 0.76 }],
      });
    } else if (atLeast(version, "2.2")) expect(received.total_cost).toEqual({ excl_vat: 3.8, incl_vat: 4.56 });
    else expect(Number(received.total_cost)).toBe(3.8);
    if (atLeast(version, "2.2")) {
      expect(received).toMatchObject({
        session_id: "S1",
        authorization_reference: "REF-1",
        cdr_token: { uid: "T1", contract_id: "DE-EEE-C1" },
        cdr_location: { evse_uid: "E1" },
        tariffs: [{ id: "T1", elements: [{ price_components: [{ type: "ENERGY", price: 0.25, vat: 20 }] }] }],
      });
    } else {
      expect(received).toMatchObject({ auth_id: "DE-EEE-C1", location: { id: "LOC1" } });
      expect(JSON.stringify(received.location)).toContain('"uid":"E1"');
      const [tariff] = received.tariffs as OcpiObject[];
      expect(tariff).toMatchObject({ id: "T1", elements: [{ price_components: [{ type: "ENERGY" }] }] });
    }
  });

  test("finds it in our list, and nobody else's", async () => {
    await world.api("POST", "/cdrs", cdr(`X-${n}`, "DE/NON"));
    const listed = await emsp.partner.pull("cdrs");
    expect(listed.map(({ id }) => id)).toEqual([`C-${n}`]);
    expect(
      await emsp.partner.pull("cdrs", { date_from: "2020-01-01T00:00:00Z", date_to: "2020-02-01T00:00:00Z" }),
    ).toEqual([]);
    expect(await emsp.partner.pull("cdrs", { date_from: "2020-01-01T00:00:00Z" })).toHaveLength(1);
    expect(violationsOf(emsp)).toEqual([]);
  });

  test("whose answer is lost is told again, in the same words, and holds one", async () => {
    const id = `L-${n}`;
    emsp.partner.misbehave({ modules: "cdrs", methods: "POST", lose: true, times: 1 });
    await world.api("POST", "/cdrs", cdr(id, party));
    await emsp.partner.waitFor(() => posts(emsp, id).length >= 1, 15_000);
    await call(world, "PATCH", "/locations/NL/TNM/LOC1", { name: `Renamed for ${id}` });
    await settled(emsp, id, "DELIVERED");
    const [first, second, ...more] = posts(emsp, id).map(({ body }) => body);
    expect(second).toEqual(first);
    expect(more).toEqual([]);
    expect(emsp.partner.store.cdrs.keys().filter((key) => key.endsWith(id))).toHaveLength(1);
    expect(violationsOf(emsp)).toEqual([]);
  });

  test("that will not have it is left alone, with what it said", async () => {
    const id = `R-${n}`;
    emsp.partner.misbehave({ modules: "cdrs", methods: "POST", status: 2004, times: 1 });
    await world.api("POST", "/cdrs", cdr(id, party));
    await settled(emsp, id, "REJECTED");
    const rejected = (await deliveries(emsp)).find(({ key }) => key === `NL/TNM/${id}`);
    expect(rejected?.last_error).toContain("OCPI 2004");
    expect(posts(emsp, id)).toHaveLength(1);
    await call(world, "POST", `/deliveries/${rejected?.id}/retry`);
    await settled(emsp, id, "DELIVERED");
  });

  test("that is away gets it when it is back", async () => {
    const id = `A-${n}`;
    await emsp.partner.goOffline();
    await world.api("POST", "/cdrs", cdr(id, party));
    await expect
      .poll(async () => (await deliveries(emsp)).find(({ key }) => key.endsWith(id))?.attempts, { timeout: 15_000 })
      .toBeGreaterThan(0);
    await emsp.partner.goOnline();
    await call(world, "POST", `/partners/${emsp.id}/deliveries/retry`);
    await emsp.partner.waitFor(() => held(id), 15_000);
    await settled(emsp, id, "DELIVERED");
  });

  test("is asked what it holds before it is told anything again", async () => {
    const [delivery] = await deliveries(emsp);
    const before = emsp.partner.requests.length;
    await call(world, "POST", `/deliveries/${delivery?.id}/retry`);
    await emsp.partner.waitFor(() => emsp.partner.requests.length > before, 15_000);
    await settled(emsp, `C-${n}`, "DELIVERED");
    expect(emsp.partner.requests.slice(before).map(({ method, module }) => `${method} ${module}`)).toEqual([
      "GET cdrs",
    ]);
    const verify = () => world.api("POST", `/deliveries/${delivery?.id}/verify`);
    expect(await verify()).toMatchObject({ status: 200, json: { held: true, same: true, object: { id: `C-${n}` } } });

    const store = emsp.partner.store.cdrs as WritableStore;
    store.write(version, `NL/TNM/C-${n}`, "POST", {}, { ...held(`C-${n}`), remark: "altered" });
    expect(await verify()).toMatchObject({ status: 200, json: { held: true, same: false } });
    store.write(version, `NL/TNM/C-${n}`, "DELETE", undefined);
    expect(await verify()).toMatchObject({ status: 200, json: { held: false, same: null, http_status: 404 } });
    await call(world, "POST", `/deliveries/${delivery?.id}/retry`);
    await emsp.partner.waitFor(() => held(`C-${n}`), 15_000);
    await settled(emsp, `C-${n}`, "DELIVERED");
    expect(await verify()).toMatchObject({ json: { held: true, same: true } });
  });
});

describe("the back office", () => {
  test("issues a CDR once: the same again is 200, another 409, of another party 403", async () => {
    const one = cdr("ONCE", "DE/NON");
    const { last_updated: _, ...untimed } = one;
    expect(await world.api("POST", "/cdrs", untimed)).toMatchObject({ status: 201 });
    expect(await world.api("POST", "/cdrs", untimed)).toMatchObject({ status: 200 });
    const stored = await world.api("GET", "/cdrs/NL/TNM/ONCE");
    expect(stored).toMatchObject({ status: 200, json: { id: "ONCE", last_updated: expect.any(String) } });
    expect(await world.api("POST", "/cdrs", stored.json)).toMatchObject({ status: 200 });
    expect(await world.api("POST", "/cdrs", { ...untimed, total_energy: 16 })).toMatchObject({ status: 409 });
    expect(await world.api("POST", "/cdrs", { ...untimed, id: "FOREIGN", party_id: "ZZZ" })).toMatchObject({
      status: 403,
    });
    expect((await world.api("GET", "/cdrs/NL/TNM/ONCE")).json).toEqual(stored.json);
    const { items } = await call(world, "GET", "/events?types=cdr.*");
    expect(items).toEqual([]);
  });

  test("is told what is wrong with one, and nothing is stored", async () => {
    const { total_cost: _, ...rest } = cdr("WRONG", "DE/NON");
    const { cdr_token } = rest;
    const answer = await world.api("POST", "/cdrs", { ...rest, cdr_token: { ...cdr_token, party_id: undefined } });
    expect(answer).toMatchObject({ status: 422 });
    expect(answer.json.errors.map(({ pointer }: OcpiObject) => pointer).sort()).toEqual([
      "/cdr_token/party_id",
      "/total_cost",
    ]);
    expect(await world.api("GET", "/cdrs/NL/TNM/WRONG")).toMatchObject({ status: 404 });
    expect((await world.operator("PUT", "/cdrs/NL/TNM/ONCE", {})).status).toBe(405);
  });

  test("is told what contradicts itself in one, for nobody can mend it later", async () => {
    const wrong = async (more: OcpiObject) => {
      const answer = await world.api("POST", "/cdrs", cdr("WRONG", "DE/E99", more));
      return [answer.status, answer.json.errors?.map(({ pointer }: OcpiObject) => pointer)];
    };
    expect(await wrong({ credit: true, total_cost: { before_taxes: -1 } })).toEqual([422, ["/credit_reference_id"]]);
    expect(await wrong({ credit_reference_id: "C1" })).toEqual([422, ["/credit_reference_id"]]);
    expect(await wrong({ id: "C".repeat(39) })).toEqual([422, ["/id"]]);
    expect(await wrong({ end_date_time: time(-1) })).toEqual([422, ["/end_date_time"]]);
    const only = [{ start_date_time: time(0), dimensions: [{ type: "POWER", volume: 11 }] }];
    expect(await wrong({ charging_periods: only })).toEqual([422, ["/charging_periods"]]);
    expect((await world.api("GET", "/cdrs/NL/TNM/WRONG")).status).toBe(404);
  });

  test("may issue many at once: each once, line by line", async () => {
    const lines = [
      cdr("B1", "DE/E99"),
      cdr("B2", "DE/E99"),
      cdr("B1", "DE/E99"),
      cdr("B2", "DE/E99", { currency: "USD" }),
    ];
    const body = [...lines, { ...cdr("B3", "DE/E99"), total_energy: "much" }]
      .map((line) => JSON.stringify(line))
      .join("\n");
    const { lines: told } = await world.api("PUT", "/cdrs", body, { "content-type": "application/x-ndjson" });
    const results = ["created", "created", "unchanged", "invalid", "invalid"];
    expect(told?.slice(0, 5).map(({ result }) => result)).toEqual(results);
    expect(told?.[4]).toMatchObject({ errors: [{ pointer: "/total_energy" }] });
    expect((await call(world, "GET", "/cdrs/NL/TNM/B2")).currency).toBe("EUR");
    const { charging_periods } = await call(world, "GET", "/cdrs/NL/TNM/B1");
    expect(JSON.stringify(charging_periods)).not.toContain("STATE_OF_CHARGE");
  });

  test("may spell prices as 2.2.1 does", async () => {
    const said = cdr("VAT", "DE/NON", { total_cost: { excl_vat: 3.8, incl_vat: 4.56 } });
    const issued = await world.api("POST", "/cdrs", said);
    expect(issued).toMatchObject({
      status: 201,
      json: { total_cost: { before_taxes: 3.8, taxes: [{ name: "VAT", amount: 0.76 }] } },
    });
  });
});

describe.each(VERSIONS)("a credit CDR towards %s", (version: Version) => {
  test("is negative, and says what it is for as well as the version can", async () => {
    const n = VERSIONS.indexOf(version);
    const emsp = await world.connect({ version, role: "EMSP", party: `DE/K0${n}` });
    const signed_data = {
      encoding_method: "OCMF",
      signed_values: [{ nature: "Start", plain_data: "a\\u00e9", signed_data: 'OCMF|{"a":"\\u20ac\\/ +="}|{}' }],
    };
    await call(world, "POST", "/cdrs", cdr(`K-${n}`, `DE/K0${n}`, { signed_data }));
    const more = {
      credit: true,
      credit_reference_id: `K-${n}`,
      total_cost: { before_taxes: -3.8, taxes: [{ name: "VAT", amount: -0.76 }] },
    };
    await call(world, "POST", "/cdrs", cdr(`K-${n}-C`, `DE/K0${n}`, more));
    const received = await emsp.partner.waitFor(() => emsp.partner.store.cdrs.get(`NL/TNM/K-${n}-C`), 15_000);
    if (atLeast(version, "2.2")) {
      expect(received).toMatchObject({ credit: true, credit_reference_id: `K-${n}` });
      const first = await emsp.partner.waitFor(() => emsp.partner.store.cdrs.get(`NL/TNM/K-${n}`), 15_000);
      expect(first.signed_data).toEqual(signed_data);
    } else {
      expect(Number(received.total_cost)).toBe(-3.8);
      expect(received.remark).toBe(`Credit for CDR K-${n}`);
    }
    expect(violationsOf(emsp)).toEqual([]);
  });
});
