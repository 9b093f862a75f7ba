import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { CDR } from "../../../src/model/cdrs.ts";
import { type DownContext, isRealLoss } from "../../../src/ocpi/codec.ts";
import { lint } from "../../../src/ocpi/lint.ts";
import { newest, type Version, versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import { cdr } from "./live-samples.ts";
import { location, token } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const owner = { country_code: "NL", party_id: "TNM" };
const older = ["2.0", "2.1.1"];

/** What a version says of a CDR, with the pointers of real losses. */
function say(number: string, object: CDR, context: Partial<DownContext> = {}): { wire: JsonObject; lost: string[] } {
  const down = version(number).codecs.CDR.down(object, { origin: newest.number, ...context });
  if (down.refused !== undefined) throw new Error(down.refused.reason);
  expect(lint(version(number), "CDR", down.wire)).toEqual([]);
  return { wire: down.wire, lost: down.losses.filter(isRealLoss).map(({ pointer }) => pointer) };
}

const where = (change: Partial<NonNullable<CDR["cdr_location"]>>): Partial<CDR> => ({
  cdr_location: { ...(cdr().cdr_location as NonNullable<CDR["cdr_location"]>), ...change },
});

describe("a CDR", () => {
  test("reads as 2.3.0, and goes there as it is", () => {
    expect(say("2.3.0", cdr())).toEqual({ wire: cdr(), lost: [] });
  });

  test("has every cost in the words of the version", () => {
    const price = { before_taxes: 1, taxes: [{ name: "VAT", amount: 0.21 }] };
    const costs = ["total_fixed_cost", "total_energy_cost", "total_time_cost", "total_parking_cost"] as const;
    const object = cdr(Object.fromEntries(costs.map((name) => [name, price])));
    const { wire, lost } = say("2.2.1", object);
    for (const name of costs) expect(wire[name]).toEqual({ excl_vat: 1, incl_vat: 1.21 });
    expect(lost).toEqual([]);
    expect(say("2.1.1", object).lost).toEqual(expect.arrayContaining([...costs.map((name) => `/${name}`)]));
  });

  test("of 2.2 has no owner of its token, no state and a postal code, and no home charging compensation", () => {
    const object = cdr({ ...where({ postal_code: undefined, state: "UT" }), home_charging_compensation: true });
    const { wire, lost } = say("2.2", object);
    expect(wire.cdr_token).toEqual({ uid: "04AABBCC", type: "RFID", contract_id: "DE-ABC-C12345" });
    expect(wire.cdr_location).toMatchObject({ postal_code: "-" });
    expect(lost).toEqual(expect.arrayContaining(["/cdr_location/state", "/home_charging_compensation"]));
  });

  test.each(versions.map(({ number }) => number))("to %s has nothing that is said of Sessions only", (number) => {
    const start_date_time = "2026-03-01T09:00:00Z";
    const dimensions = [
      { type: "POWER" as const, volume: 7 },
      { type: "TIME" as const, volume: 1 },
    ];
    const object = cdr({ charging_periods: [{ start_date_time, dimensions }] });
    const { wire } = say(number, object, { origin: number === "2.2" ? "2.2.1" : "2.2" });
    expect(JSON.stringify(wire)).not.toContain("POWER");
    expect(JSON.stringify(wire)).toContain("TIME");
    expect(lint(newest, "CDR", object)).toEqual([
      { pointer: "/charging_periods/0/dimensions/0", message: "POWER is said of Sessions only", rule: "consistency" },
    ]);
  });

  test("of a booking says its dimensions to 2.2.1 as what is like them", () => {
    const start_date_time = "2026-03-01T09:00:00Z";
    const dimensions = [
      { type: "RESERVATION_EXPIRES" as const, volume: 1 },
      { type: "RESERVATION_OVERTIME" as const, volume: 2 },
    ];
    const { wire, lost } = say("2.2.1", cdr({ booking_id: "B", charging_periods: [{ start_date_time, dimensions }] }));
    expect(wire.charging_periods).toMatchObject([{ dimensions: [{ type: "RESERVATION_TIME", volume: 1 }] }]);
    expect(lost).toEqual(expect.arrayContaining(["/booking_id", "/charging_periods/0/dimensions/1"]));
  });

  test("none of whose dimensions a version knows is still paid", () => {
    const start_date_time = "2026-03-01T09:00:00Z";
    const dimensions = [{ type: "RESERVATION_TIME" as const, volume: 1 }];
    const { wire, lost } = say("2.1.1", cdr({ charging_periods: [{ start_date_time, dimensions }] }));
    const whole = [
      { type: "TIME", volume: 1.5 },
      { type: "PARKING_TIME", volume: 0.5 },
    ];
    expect(wire.charging_periods).toEqual([{ start_date_time, dimensions: whole }]);
    const idle = say(
      "2.1.1",
      cdr({ total_parking_time: undefined, charging_periods: [{ start_date_time, dimensions }] }),
    );
    expect(idle.wire.charging_periods).toEqual([{ start_date_time, dimensions: [{ type: "TIME", volume: 2 }] }]);
    expect(lost).toContain("/charging_periods");
  });
});

describe("signed data", () => {
  const value = { nature: "Start", plain_data: '{"a" : 1e2}\u00e9\\u0041', signed_data: "x".repeat(5000) };
  const signed_data = {
    encoding_method: "OCMF",
    encoding_method_version: 1,
    public_key: "AbCd+/==",
    signed_values: [value],
    url: "https://cpo.example/transparency",
  };

  test.each(["2.2", "2.2.1", "2.3.0"])("goes to %s as it is, to the letter", (number) => {
    for (const origin of ["2.2", "2.3.0"]) {
      const { wire } = say(number, cdr({ signed_data }), { origin });
      expect(wire.signed_data).toEqual(signed_data);
    }
  });

  test.each(older)("is not told to %s", (number) => {
    const { wire, lost } = say(number, cdr({ signed_data }));
    expect(JSON.stringify(wire)).not.toContain("OCMF");
    expect(lost).toContain("/signed_data");
  });

  test("is never cut: what is too long is left out whole", () => {
    const long = { ...value, plain_data: "y".repeat(5001) };
    const { wire, lost } = say("2.2.1", cdr({ signed_data: { ...signed_data, signed_values: [long] } }));
    expect(wire.signed_data).toBeUndefined();
    expect(lost).toEqual(["/signed_data"]);
  });

  test.each<[string, object]>([
    ["a public key", { public_key: "k".repeat(513) }],
    ["a version of the encoding", { encoding_method_version: 1.5 }],
    ["a URL", { url: "u".repeat(513) }],
    ["one of its values", { signed_values: [value, { ...value, signed_data: "x".repeat(5001) }] }],
    ["what a value is of", { signed_values: [{ ...value, nature: "\u00c4nderung" }, value] }],
  ])("is never told in part: %s that does not fit leaves all of it out", (_, change) => {
    const object = cdr({ signed_data: { ...signed_data, ...change } });
    for (const [number, origin] of [
      ["2.2", "2.2.1"],
      ["2.2.1", "2.3.0"],
      ["2.3.0", "2.2.1"],
    ] as const) {
      const { wire, lost } = say(number, object, { origin });
      expect(wire.signed_data).toBeUndefined();
      expect(lost).toContain("/signed_data");
      expect(lost.filter((pointer) => pointer.startsWith("/signed_data/"))).toEqual([]);
    }
    const relayed = version("2.2.1").codecs.CDR.down(object, { origin: "2.2.1" });
    expect(relayed.wire?.signed_data).toEqual(object.signed_data);
  });

  test("is told without a field that no version knows, which is no part of it", () => {
    const { wire, lost } = say("2.2.1", cdr({ signed_data: { ...signed_data, x_note: 1 } as never }));
    expect(wire.signed_data).toEqual(signed_data);
    expect(lost).toEqual(["/signed_data/x_note"]);
  });
});

describe("a credit CDR", () => {
  const credit = cdr({
    id: "C1-C",
    credit: true,
    credit_reference_id: "C1",
    total_cost: { before_taxes: -1.2, taxes: [{ name: "VAT", amount: -0.25 }] },
  });

  test("is one since 2.2", () => {
    expect(say("2.2", credit).wire).toMatchObject({
      credit: true,
      credit_reference_id: "C1",
      total_cost: { excl_vat: -1.2, incl_vat: -1.45 },
    });
  });

  test("says so in its remark before", () => {
    const { wire, lost } = say("2.1.1", credit);
    expect(wire).toMatchObject({ id: "C1-C", total_cost: -1.2, remark: "Credit for CDR C1" });
    expect(lost).toEqual(expect.arrayContaining(["/credit", "/credit_reference_id"]));
    const remarked = say("2.0", { ...credit, remark: "r".repeat(255) });
    expect(remarked.wire).toMatchObject({ total_cost: "-1.2", remark: `Credit for CDR C1. ${"r".repeat(236)}` });
    expect(remarked.lost).toContain("/remark");
  });

  test("names what it takes back as that goes in the version", () => {
    const of = { ...credit, credit_reference_id: "ORIGINAL-0123456789" };
    expect(say("2.1.1", of).wire.remark).toBe("Credit for CDR ORIGINAL-0123456789");
    const original = say("2.0", cdr({ id: "ORIGINAL-0123456789" })).wire.id;
    expect(original).toMatch(/^x-/);
    expect(say("2.0", of).wire.remark).toBe(`Credit for CDR ${original}`);
    const long = { ...credit, credit_reference_id: "o".repeat(39) };
    const { wire, lost } = say("2.1.1", long);
    expect(wire.remark).toBe(`Credit for CDR ${say("2.1.1", cdr({ id: "o".repeat(39) })).wire.id}`);
    expect(lost.filter((pointer) => pointer === "/credit_reference_id")).toHaveLength(1);
  });

  test("is never cut in what it says of that", () => {
    const note = "Credit for CDR C1";
    const said = `${note} ${"r".repeat(300)}`;
    expect(say("2.1.1", { ...credit, remark: said }).wire.remark).toBe(said.slice(0, 255));
    const late = `${"r".repeat(245)}${note}`;
    expect(say("2.1.1", { ...credit, remark: late }).wire.remark).toBe(`${note}. ${late}`.slice(0, 255));
    expect(say("2.1.1", { ...cdr(), remark: "plain" })).toMatchObject({ wire: { remark: "plain" } });
  });

  test("has an alias where its id is too long", () => {
    const { wire, lost } = say("2.1.1", { ...credit, id: "c".repeat(39) });
    expect(wire.id).toMatch(/^x-[0-9a-z]{13}$/);
    expect(lost).toContain("/id");
  });

  test("must say what it takes back", () => {
    const found = lint(newest, "CDR", { ...credit, credit_reference_id: null });
    expect(found.map(({ pointer }) => pointer)).toEqual(["/credit_reference_id"]);
  });
});

describe("a CDR towards 2.1.1 and 2.0", () => {
  test("contains a Location made from its own and from what is known of it, but not of this moment", () => {
    const alone = say("2.1.1", cdr());
    expect(alone.wire).toMatchObject({
      stop_date_time: "2026-03-01T11:00:00Z",
      auth_id: "DE-ABC-C12345",
      total_cost: 1.2,
      location: {
        id: "LOC1",
        type: "UNKNOWN",
        postal_code: "3511 ED",
        last_updated: "2026-03-01T10:00:00Z",
        evses: [
          {
            uid: "E1",
            evse_id: "NL*TNM*E1",
            status: "UNKNOWN",
            connectors: [{ id: "1", standard: "IEC_62196_T2", format: "SOCKET", voltage: 0, amperage: 0 }],
          },
        ],
      },
    });
    const known = location({ parking_type: "ON_STREET", address: "Now elsewhere 1" });
    const context = { references: { location: known }, lastUpdated: "2026-03-01T10:00:00Z" };
    const { wire } = say("2.1.1", cdr(), context);
    const last_updated = context.lastUpdated;
    expect(wire.location).toMatchObject({
      type: "ON_STREET",
      address: "Stationsplein 1",
      last_updated,
      evses: [{ status: "UNKNOWN", last_updated, connectors: [{ voltage: 230, amperage: 32, last_updated }] }],
    });
    expect(version("2.1.1").codecs.CDR.needs(cdr()).location).toMatchObject({ location_id: "LOC1", evse_uid: "E1" });
  });

  test("of a reservation that was not used has no EVSE", () => {
    const na = { evse_uid: "#NA", evse_id: "#NA", connector_id: "#NA" };
    expect(say("2.1.1", cdr(where(na))).wire.location).toMatchObject({ evses: [] });
  });

  test("is paid even when the plug has no name there", () => {
    for (const [number, standard, power, said] of [
      ["2.1.1", "MCS", "DC", "IEC_62196_T2_COMBO"],
      ["2.0", "NEMA_5_20", "AC_1_PHASE", "IEC_62196_T2"],
    ] as const) {
      const { wire, lost } = say(number, cdr(where({ connector_standard: standard, connector_power_type: power })));
      expect(wire.location).toMatchObject({ evses: [{ connectors: [{ standard: said }] }] });
      expect(lost).toContain("/cdr_location/connector_standard");
    }
    const { wire, lost } = say("2.2.1", cdr(where({ connector_standard: "MCS", connector_power_type: "DC" })));
    expect(wire.cdr_location).toMatchObject({ connector_standard: "IEC_62196_T2_COMBO" });
    expect(lost).toEqual(["/cdr_location/connector_standard"]);
  });

  test("cuts an address where it has to, and says where", () => {
    const { lost } = say("2.1.1", cdr(where({ address: "a".repeat(50), id: "l".repeat(40) })));
    expect(lost).toEqual(expect.arrayContaining(["/cdr_location/address", "/cdr_location/id"]));
  });

  test("has its totals as a list in 2.0, where TIME is that of charging", () => {
    const { wire } = say("2.0", cdr());
    expect(wire.total_usage).toEqual([
      { type: "ENERGY", volume: "4" },
      { type: "TIME", volume: "1.5" },
      { type: "PARKING_TIME", volume: "0.5" },
    ]);
    const object = version("2.0").codecs.CDR.up(wire, { owner });
    expect(object).toMatchObject({ total_energy: 4, total_time: 2, total_parking_time: 0.5 });
  });
});

describe("a CDR from 2.1.1 and 2.0", () => {
  test.each(older)("of %s says where and by which token, and is relayed as it came", (number) => {
    const { wire } = say(number, cdr());
    const codec = version(number).codecs.CDR;
    const object = codec.up(wire, { owner, token: token() });
    expect(object.cdr_location).toEqual(cdr().cdr_location);
    expect(object.cdr_token).toEqual(cdr().cdr_token);
    expect(codec.down(object, { origin: number }).wire).toEqual(wire);
    const { wire: later } = say("2.2.1", object, { origin: number, lastUpdated: "2026-03-01T12:00:00Z" });
    expect(later).toMatchObject({
      end_date_time: "2026-03-01T11:00:00Z",
      total_cost: { excl_vat: 1.2 },
      total_time: 2,
    });
  });

  test("without EVSE has #NA for it, and any connector", () => {
    const { wire } = say("2.1.1", cdr(where({ evse_uid: "#NA", evse_id: "#NA", connector_id: "#NA" })));
    const object = version("2.1.1").codecs.CDR.up(wire, { owner, token: token() });
    expect(say("2.2.1", object, { origin: "2.1.1" }).wire.cdr_location).toMatchObject({
      evse_uid: "#NA",
      evse_id: "#NA",
      connector_id: "#NA",
      connector_standard: "IEC_62196_T2",
    });
  });

  test("that does not say when it ended or what it comes to is completed from its periods", () => {
    const { stop_date_time: _, total_usage: __, ...wire } = say("2.0", cdr()).wire;
    const object = version("2.0").codecs.CDR.up(
      {
        ...wire,
        charging_periods: [
          { start_date_time: "2026-03-01T09:00:00Z", dimensions: [{ type: "ENERGY", volume: "4.10" }] },
          { start_date_time: "2026-03-01T09:30:00Z", dimensions: [{ type: "TIME", volume: "1.25" }] },
        ],
      },
      { owner, token: token() },
    );
    const { wire: later } = say("2.3.0", object, { origin: "2.0", lastUpdated: "2026-03-01T12:00:00Z" });
    expect(later).toMatchObject({ end_date_time: "2026-03-01T10:15:00Z", total_energy: 4.1, total_time: 1.25 });
  });
});
