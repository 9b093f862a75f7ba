import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { resolvePointer } from "../../../src/lib/pointer.ts";
import type { EVSE, Location } from "../../../src/model/locations.ts";
import { CARRIED, type DownContext, IMPLIED, isRealLoss } from "../../../src/ocpi/codec.ts";
import { newest, type Version, versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import { changedAt, connector, location, tariff } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const own: DownContext = { origin: newest.number };

function say(number: string, object: Location, context: DownContext = own) {
  const down = version(number).codecs.Location.down(object, context);
  if (down.refused) throw new Error(down.refused.reason);
  return { wire: down.wire, losses: down.losses.filter(isRealLoss) };
}

const evse = (change: Partial<EVSE>): Location =>
  location({
    evses: [{ uid: "E1", status: "AVAILABLE", connectors: [connector], last_updated: changedAt, ...change }],
  });

describe("Location", () => {
  test("goes to 2.1.1 in its words, losing nothing that matters", () => {
    const { wire, losses } = say("2.1.1", location());
    expect(losses.map(({ pointer }) => pointer)).toEqual([]);
    expect(wire).toMatchObject({ id: "LOC1", type: "UNKNOWN", postal_code: "3511 ED" });
    expect(say("2.1.1", location({ postal_code: null })).wire).toMatchObject({ postal_code: "-" });
    expect(wire).not.toHaveProperty("country_code");
    expect((wire.evses as JsonObject[])[0]).toMatchObject({ connectors: [{ voltage: 230, amperage: 32 }] });
  });

  test("of which the owner is listed as said by the URL, and publish as implied", () => {
    const down = version("2.1.1").codecs.Location.down(location(), own);
    expect(down.losses).toContainEqual({ pointer: "/country_code", reason: CARRIED });
    expect(down.losses).toContainEqual({ pointer: "/publish", reason: IMPLIED });
  });

  test("that is not published never reaches 2.0 or 2.1.1", () => {
    for (const number of ["2.0", "2.1.1"]) {
      const down = version(number).codecs.Location.down(location({ publish: false }), own);
      expect(down.refused?.reason).toBe(`${number} has no unpublished Locations`);
    }
    expect(say("2.2", location({ publish: false })).wire).toMatchObject({ publish: false });
  });

  test("has a time zone by its coordinates where a version requires one", () => {
    for (const number of ["2.2", "2.2.1", "2.3.0"]) {
      expect(say(number, location({ time_zone: undefined })).wire).toMatchObject({ time_zone: "Europe/Amsterdam" });
    }
    expect(say("2.1.1", location({ time_zone: undefined })).wire).not.toHaveProperty("time_zone");
  });

  test.each([
    ["2.1.1", "ALONG_MOTORWAY", "OTHER"],
    ["2.1.1", "ON_DRIVEWAY", "OTHER"],
    ["2.0", "SOMETHING_NEW", "OTHER"],
    ["2.1.1", "PARKING_LOT", "PARKING_LOT"],
  ])("says to %s a parking_type %s as type %s", (number, parking_type, type) => {
    expect(say(number, location({ parking_type })).wire).toMatchObject({ type });
  });

  test("does not say OTHER and UNKNOWN of 2.1.1 to later versions", () => {
    for (const parking_type of ["OTHER", "UNKNOWN"]) {
      const { wire, losses } = say("2.2.1", location({ parking_type }), { origin: "2.1.1" });
      expect(wire).not.toHaveProperty("parking_type");
      expect(losses).toHaveLength(parking_type === "OTHER" ? 1 : 0);
    }
  });

  test("has coordinates of exactly 6 decimals for 2.1.1, at most 6 for later versions, and as they came in a relay", () => {
    const at = location({ coordinates: { latitude: "52.0892", longitude: "5.1103456" } });
    expect(say("2.1.1", at).wire.coordinates).toEqual({ latitude: "52.089200", longitude: "5.110346" });
    expect(say("2.2.1", at).wire.coordinates).toEqual({ latitude: "52.08920", longitude: "5.110346" });
    expect(say("2.3.0", at).wire.coordinates).toEqual({ latitude: "52.0892", longitude: "5.1103456" });
    expect(say("2.2.1", at).losses.map(({ pointer }) => pointer)).toEqual(["/coordinates/longitude"]);
  });

  test("sends no fraction of a second to 2.1.1, and no offset anywhere", () => {
    const { wire } = say("2.1.1", location({ last_updated: "2026-03-01T10:00:00.250Z" }));
    expect(wire).toMatchObject({ last_updated: "2026-03-01T10:00:00Z" });
    expect(say("2.2.1", location({ last_updated: "2026-03-01T11:00:00+01:00" })).wire).toMatchObject({
      last_updated: "2026-03-01T10:00:00Z",
    });
  });

  test("keeps an over-long address whole in a relay and cuts it elsewhere", () => {
    const address = "x".repeat(300);
    expect(say("2.3.0", location({ address })).wire.address).toHaveLength(300);
    expect(say("2.2.1", location({ address })).wire.address).toHaveLength(255);
    expect(say("2.2", location({ address })).wire.address).toHaveLength(45);
    expect(say("2.2", location({ address })).losses).toEqual([{ pointer: "/address", reason: "cut to 45 characters" }]);
  });

  test("is not transliterated", () => {
    expect(say("2.1.1", location({ city: "Überlingen" })).wire).toMatchObject({ city: "Überlingen" });
  });

  test("lists what 2.2.1 has no field for", () => {
    const { losses } = say("2.2.1", location({ help_phone: "+31201234567", parking_places: [{ id: "P1" }] }));
    expect(losses.map(({ pointer }) => pointer)).toEqual(["/help_phone", "/parking_places"]);
  });

  test("takes unknown fields to 2.3.0 from any version, and to an older one only in a relay", () => {
    const object = location({ nltnm_x: { deep: [1] } });
    expect(say("2.3.0", object, { origin: "2.1.1" }).wire).toMatchObject({ nltnm_x: { deep: [1] } });
    expect(say("2.1.1", object, { origin: "2.1.1" }).wire).toMatchObject({ nltnm_x: { deep: [1] } });
    const { wire, losses } = say("2.2.1", object, { origin: "2.1.1" });
    expect(wire).not.toHaveProperty("nltnm_x");
    expect(losses).toEqual([{ pointer: "/nltnm_x", reason: "unknown in 2.2.1" }]);
  });

  test("of 2.0 gets last_updated from the time of receipt, down to its connectors", () => {
    const object = location({
      last_updated: undefined,
      evses: [{ uid: "E1", status: "AVAILABLE", connectors: [connector] }],
    });
    const { wire } = say("2.2.1", object, { origin: "2.0", lastUpdated: changedAt });
    expect(wire).toMatchObject({ last_updated: changedAt, evses: [{ last_updated: changedAt }] });
    const without = version("2.2.1").codecs.Location.down({ ...object, evses: [] }, { origin: "2.0" });
    expect(without.refused?.reason).toBe("2.2.1 requires Location.last_updated");
  });
});

describe("EVSE and Connector", () => {
  test("a connector that a version does not know takes its EVSE along when it is the only one", () => {
    const { wire, losses } = say("2.2.1", evse({ connectors: [{ ...connector, standard: "MCS" }] }));
    expect(wire).toMatchObject({ evses: [] });
    expect(losses).toEqual([{ pointer: "/evses/0", reason: "connectors: standard: MCS is no ConnectorType of 2.2.1" }]);
  });

  test("and only itself when there is another", () => {
    const { wire, losses } = say(
      "2.2.1",
      evse({
        connectors: [
          { ...connector, standard: "MCS" },
          { ...connector, id: "2" },
        ],
      }),
    );
    expect(wire).toMatchObject({ evses: [{ connectors: [{ id: "2" }] }] });
    expect(losses.map(({ pointer }) => pointer)).toEqual(["/evses/0/connectors/0"]);
  });

  test("is refused on its own", () => {
    const down = version("2.1.1").codecs.Connector.down({ ...connector, standard: "NEMA_5_20" }, own);
    expect(down.refused).toEqual({ pointer: "", reason: "standard: NEMA_5_20 is no ConnectorType of 2.1.1" });
  });

  test("two phases are said as one to 2.2 and below", () => {
    const object = evse({ connectors: [{ ...connector, power_type: "AC_2_PHASE_SPLIT" }] });
    expect(say("2.2", object).wire).toMatchObject({ evses: [{ connectors: [{ power_type: "AC_1_PHASE" }] }] });
    expect(say("2.2.1", object).losses).toEqual([]);
    expect(say("2.2", object).losses.map(({ pointer }) => pointer)).toEqual(["/evses/0/connectors/0/power_type"]);
  });

  test("capabilities a version lacks are dropped one by one", () => {
    const { wire, losses } = say("2.1.1", evse({ capabilities: ["RFID_READER", "PED_TERMINAL", "UNLOCK_CAPABLE"] }));
    expect(wire).toMatchObject({ evses: [{ capabilities: ["RFID_READER", "UNLOCK_CAPABLE"] }] });
    expect(losses.map(({ pointer }) => pointer)).toEqual(["/evses/0/capabilities/1"]);
  });

  test("restrictions to staff and tenants become customers, once", () => {
    const { wire, losses } = say(
      "2.2.1",
      evse({ parking_restrictions: ["CUSTOMERS", "EMPLOYEES", "TENANTS", "TAXIS"] }),
    );
    expect(wire).toMatchObject({ evses: [{ parking_restrictions: ["CUSTOMERS"] }] });
    expect(losses).toHaveLength(3);
  });

  test("2.0 has the status of the EVSE on each connector", () => {
    const { wire } = say("2.0", evse({ status: "BLOCKED" }));
    expect(wire).toMatchObject({ evses: [{ connectors: [{ status: "BLOCKED" }] }] });
    const alone = version("2.0").codecs.Connector.down(connector, { ...own, evse: { uid: "E", status: "CHARGING" } });
    expect(alone.wire).toMatchObject({ status: "CHARGING" });
  });

  test("ids that are too long go by one and the same alias everywhere", () => {
    const id = "LOCATION-WITH-A-LONG-ID";
    const object = evse({ connectors: [{ ...connector, tariff_ids: [id] }] });
    const { wire, losses } = say("2.0", { ...object, id, time_zone: undefined });
    expect(wire.id).toMatch(/^x-[0-9a-z]{13}$/);
    expect(resolvePointer(wire, "/evses/0/connectors/0/tariff_id")).toBe(wire.id);
    expect(losses.map(({ pointer }) => pointer)).toEqual(["/id", "/evses/0/connectors/0/tariff_ids/0"]);
  });
});

describe("one of several tariffs", () => {
  const several = evse({ connectors: [{ ...connector, tariff_ids: ["GREEN", "ADHOC", "OLD", "NOW"] }] });
  const tariffs = new Map([
    ["GREEN", tariff({ id: "GREEN", type: "PROFILE_GREEN" })],
    ["ADHOC", tariff({ id: "ADHOC", type: "AD_HOC_PAYMENT" })],
    ["OLD", tariff({ id: "OLD", end_date_time: "2020-01-01T00:00:00Z" })],
    ["NOW", tariff({ id: "NOW", type: "REGULAR" })],
  ]);

  test("is asked for only when there are several", () => {
    expect(version("2.1.1").codecs.Location.needs(several).tariffs).toEqual(["GREEN", "ADHOC", "OLD", "NOW"]);
    expect(version("2.1.1").codecs.Location.needs(location()).tariffs).toEqual([]);
    expect(version("2.2.1").codecs.Location.needs(several).tariffs).toEqual([]);
  });

  test("is the regular one in force", () => {
    const context = { ...own, references: { tariffs }, now: Date.parse("2026-06-01") };
    const { wire, losses } = say("2.1.1", several, context);
    expect(wire).toMatchObject({ evses: [{ connectors: [{ tariff_id: "NOW" }] }] });
    expect(losses.map(({ pointer }) => pointer.slice(-13))).toEqual([
      "/tariff_ids/0",
      "/tariff_ids/1",
      "/tariff_ids/2",
    ]);
  });

  test("is none when none will do, and the first unknown one when nothing is known", () => {
    const unfit = new Map(["GREEN", "ADHOC", "OLD", "NOW"].map((id) => [id, tariff({ id, type: "AD_HOC_PAYMENT" })]));
    const none = say("2.1.1", several, { ...own, references: { tariffs: unfit } }).wire;
    expect(resolvePointer(none, "/evses/0/connectors/0")).not.toHaveProperty("tariff_id");
    expect(say("2.1.1", several).wire).toMatchObject({ evses: [{ connectors: [{ tariff_id: "GREEN" }] }] });
  });
});

describe("opening hours", () => {
  const weekly = [{ weekday: 1, period_begin: "08:00", period_end: "18:00" }];

  test("are a choice in 2.1.1 and always say twentyfourseven later", () => {
    const object = location({ opening_times: { twentyfourseven: false, regular_hours: weekly } });
    expect(say("2.1.1", object).wire.opening_times).toEqual({ regular_hours: weekly });
    expect(say("2.1.1", object).losses).toEqual([]);
    const old = location({ opening_times: { regular_hours: weekly } });
    expect(say("2.2.1", old, { origin: "2.1.1" }).wire.opening_times).toEqual({
      twentyfourseven: false,
      regular_hours: weekly,
    });
  });
});

test("every version says a plain Location, and reads it back", () => {
  for (const from of versions) {
    const { wire } = say(from.number, location());
    const parsed = from.codecs.Location.parse(wire);
    expect(parsed.ok, from.number).toBe(true);
  }
});
