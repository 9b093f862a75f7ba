import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { type DownContext, isRealLoss, type Kind, type Loss } from "../../../src/ocpi/codec.ts";
import { codecOf, newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import { cdr, session } from "./live-samples.ts";
import { changedAt, connector, location, token } from "./samples.ts";

// Sessions and CDRs of 2.0 and 2.1.1 contain their Location; later ones do not.

const version = (number: string): Version => versionByNumber(number) as Version;
const owner = { country_code: "NL", party_id: "TNM" };
const known = location();
const ways = ["2.0", "2.1.1"].flatMap((from) =>
  ["2.2", "2.2.1", "2.3.0"].flatMap((to) => (["Session", "CDR"] as const).map((kind) => ({ from, to, kind }))),
);

function down(to: string, kind: Kind, object: object, context: Partial<DownContext> = {}) {
  const codec = codecOf(version(to), kind);
  const said = codec?.down(object as never, { origin: newest.number, lastUpdated: changedAt, ...context });
  if (said === undefined || said.refused !== undefined) throw new Error(said?.refused.reason);
  return { wire: JSON.parse(JSON.stringify(said.wire)) as JsonObject, losses: said.losses.filter(isRealLoss) };
}

describe.each(ways)("a $kind from $from to $to", ({ from, to, kind }) => {
  const sample = kind === "CDR" ? cdr() : session();
  const { wire } = down(from, kind, sample, { references: { location: known } });
  const place = wire.location as JsonObject;
  const [evse] = place.evses as [JsonObject];
  const [plug] = evse.connectors as [JsonObject];

  /** Losses at the Location when it is another. */
  function losses(change: JsonObject): Loss[] {
    const codec = codecOf(version(from), kind);
    const said = { ...wire, location: { ...place, ...change } };
    const object = codec?.up(said, { owner, token: token() }) as JsonObject;
    expect(codec?.down(object as never, { origin: from }).wire).toEqual(said);
    const lost = down(to, kind, object, { origin: from }).losses;
    expect(JSON.stringify(lost)).not.toContain("wire:");
    return lost.filter(({ pointer }) => pointer === "/location");
  }

  test("loses nothing that a Location has anyhow", () => {
    expect(losses({})).toEqual([]);
    expect(losses({ evses: [] })).toEqual([]);
    expect(losses({ name: "Here", operator: null, images: [], x_note: null })).toEqual([]);
  });

  test("lists what of the Location is not said", () => {
    const reason = (lost: string) => [{ pointer: "/location", reason: `${to} does not say of it: ${lost}` }];
    expect(losses({ operator: { name: "TNM" }, x_note: 1 })).toEqual(reason("operator, x_note"));
    expect(losses({ evses: [evse, { ...evse, uid: "E2" }] })).toEqual(reason("other EVSEs"));
    const more = {
      ...evse,
      floor_level: "1",
      connectors: [
        { ...plug, tariff_id: "T" },
        { ...plug, id: "2" },
      ],
    };
    expect(losses({ evses: [more] })).toEqual(
      reason("floor_level of the EVSE, other connectors, tariff_id of the connector"),
    );
  });
});

test("between 2.0 and 2.1.1 only what is not said again is lost", () => {
  for (const kind of ["Session", "CDR"] as const) {
    const place = { ...known, operator: { name: "TNM" }, facilities: ["CAFE" as const] };
    const references = { location: place };
    const { wire } = down("2.1.1", kind, kind === "CDR" ? cdr() : session(), { references });
    const object = codecOf(version("2.1.1"), kind)?.up(wire, { owner, token: token() }) as JsonObject;
    const lost = down("2.0", kind, object, { origin: "2.1.1", references }).losses;
    expect(lost.filter(({ pointer }) => pointer === "/location")).toEqual([
      { pointer: "/location", reason: "2.0 does not say of it: facilities" },
    ]);
  }
});

describe("what is made up of a Location", () => {
  const uncoded = location({ postal_code: undefined });
  const at = (lost: readonly Loss[], pointer: string) => lost.filter((loss) => loss.pointer === pointer);

  test.each(["2.0", "2.1.1"])("towards %s is its postal code, and the voltage of a connector", (number) => {
    const { cdr_location } = cdr();
    const bare = cdr({ cdr_location: { ...cdr_location, postal_code: undefined } as never });
    const made = down(number, "CDR", bare);
    expect(made.wire.location).toMatchObject({ postal_code: "-" });
    expect(at(made.losses, "/cdr_location/postal_code")).toHaveLength(1);
    expect(at(made.losses, "/cdr_location/connector_id")).toHaveLength(1);
    const told = down(number, "CDR", bare, { references: { location: known } });
    expect(told.losses.filter(({ pointer }) => pointer.startsWith("/cdr_location"))).toEqual([]);
    expect(at(down(number, "Location", uncoded).losses, "/postal_code")).toHaveLength(1);
    expect(at(down(number, "Location", known).losses, "/postal_code")).toEqual([]);
    const context = { references: { location: uncoded } };
    expect(at(down(number, "Session", session(), context).losses, "/location_id")).toHaveLength(1);
  });

  test("towards 2.2 is the postal code of a CDR", () => {
    const { cdr_location } = cdr();
    const { losses } = down("2.2", "CDR", cdr({ cdr_location: { ...cdr_location, postal_code: null } as never }));
    expect(losses).toEqual([
      { pointer: "/cdr_location/postal_code", reason: "is required in 2.2 and not known: says -" },
    ]);
  });
});

describe.each(["2.0", "2.1.1"])("a CDR of an EVSE without its connector, towards %s,", (number) => {
  const { cdr_location } = cdr();
  const object = cdr({ cdr_location: { ...cdr_location, connector_id: "#NA" } as never });

  test("says the first that its EVSE is known to have", () => {
    const dc = { ...connector, id: "7", standard: "IEC_62196_T2_COMBO", power_type: "DC", format: "CABLE" } as const;
    const place = location({
      evses: [{ uid: "E1", status: "AVAILABLE", connectors: [dc, connector], last_updated: changedAt }],
    });
    const { wire, losses } = down(number, "CDR", object, { references: { location: place } });
    expect(wire.location).toMatchObject({
      evses: [{ uid: "E1", connectors: [{ id: "7", standard: "IEC_62196_T2_COMBO", power_type: "DC", voltage: 230 }] }],
    });
    const lost = losses.map(({ pointer }) => pointer).filter((pointer) => pointer.includes("connector"));
    expect(lost).toEqual(["id", "standard", "format", "power_type"].map((field) => `/cdr_location/connector_${field}`));
  });

  test("says no EVSE when none is known", () => {
    for (const references of [{}, { location: location({ evses: [] }) }]) {
      const { wire, losses } = down(number, "CDR", object, { references });
      expect(wire.location).toMatchObject({ evses: [] });
      expect(JSON.stringify(wire)).not.toContain("#NA");
      expect(losses.map(({ pointer }) => pointer)).toEqual(
        expect.arrayContaining(["/cdr_location/evse_uid", "/cdr_location/connector_standard"]),
      );
    }
  });
});
