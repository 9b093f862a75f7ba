import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { Session } from "../../../src/model/sessions.ts";
import { type DownContext, isRealLoss } from "../../../src/ocpi/codec.ts";
import { patchObject } from "../../../src/ocpi/patch.ts";
import { newest, type Version, versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import { cdrToken, session } from "./live-samples.ts";
import { changedAt, connector, location, token } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const owner = { country_code: "NL", party_id: "TNM" };

/** What a version says of a Session at a known Location, with the pointers of real losses. */
function say(
  number: string,
  object: Session,
  context: Partial<DownContext> = {},
): { wire: JsonObject; lost: string[] } {
  const down = version(number).codecs.Session.down(object, {
    origin: newest.number,
    references: { location: location() },
    ...context,
  });
  if (down.refused !== undefined) throw new Error(down.refused.reason);
  return { wire: down.wire, lost: down.losses.filter(isRealLoss).map(({ pointer }) => pointer) };
}

describe("a Session", () => {
  test("reads as 2.3.0, and goes there as it is", () => {
    expect(say("2.3.0", session())).toEqual({ wire: session(), lost: [] });
  });

  test("has costs with and without VAT in 2.2 and 2.2.1", () => {
    expect(say("2.2.1", session()).wire.total_cost).toEqual({ excl_vat: 1.2, incl_vat: 1.45 });
    expect(say("2.2.1", session({ total_cost: { before_taxes: 1.2 } })).wire.total_cost).toEqual({ excl_vat: 1.2 });
    const taxes = [
      { name: "VAT", amount: 0.1 },
      { name: "City", amount: 0.2 },
    ];
    const several = say("2.2", session({ total_cost: { before_taxes: 0.3, taxes } }));
    expect(several.wire.total_cost).toEqual({ excl_vat: 0.3, incl_vat: 0.6 });
    expect(several.lost).toEqual(["/total_cost/taxes"]);
    const named = say(
      "2.2.1",
      session({ total_cost: { before_taxes: 1, taxes: [{ name: "QST", percentage: 9, amount: 0 }] } }),
    );
    expect(named).toMatchObject({ wire: { total_cost: { excl_vat: 1, incl_vat: 1 } } });
    expect(named.lost).toEqual(["/total_cost/taxes/0/name", "/total_cost/taxes/0/percentage"]);
  });

  test("from 2.2.1 has its VAT as a tax, exactly", () => {
    const wire = { ...say("2.2.1", session()).wire, total_cost: { excl_vat: 0.1, incl_vat: 0.3 } };
    const object = version("2.2.1").codecs.Session.up(wire, {});
    expect(object.total_cost).toEqual({ before_taxes: 0.1, taxes: [{ name: "VAT", amount: 0.2 }] });
  });

  test.each(["2.2", "2.2.1"])("of %s has a token of a type it cannot say, and is told again as it came", (number) => {
    const codec = version(number).codecs.Session;
    for (const type of ["EMAID", "HUB_PASS"]) {
      const stored = token({ type, uid: "04aabbcc" });
      const { wire } = say(number, session({ cdr_token: { ...cdrToken, type } }));
      expect(wire.cdr_token).toMatchObject({ type: "OTHER" });
      expect(codec.needsUp(wire).token).toEqual({ uid: "04AABBCC", contract_id: "DE-ABC-C12345" });
      const object = codec.up(wire, { token: stored });
      expect(object.cdr_token).toMatchObject({ type });
      expect(codec.down(object, { origin: number }).wire).toEqual(wire);
      expect(say("2.3.0", object, { origin: number }).wire.cdr_token).toEqual({ ...cdrToken, type });
      for (const other of [{ uid: "X" }, ...(number === "2.2" ? [] : [{ party_id: "XYZ" }])]) {
        expect(codec.up(wire, { token: { ...stored, ...other } }).cdr_token).toMatchObject({ type: "OTHER" });
      }
      expect(codec.up(wire, {}).cdr_token).toMatchObject({ type: "OTHER" });
    }
    expect(version("2.2.1").codecs.Session.needsUp(say("2.2.1", session()).wire)).toEqual({ tariffs: [] });
  });

  test("of 2.2 gets the owner of its token from the stored one, as far as there is one", () => {
    const { wire } = say("2.2", session());
    expect(wire.cdr_token).toEqual({ uid: "04AABBCC", type: "RFID", contract_id: "DE-ABC-C12345" });
    const codec = version("2.2").codecs.Session;
    expect(codec.needsUp(wire).token).toEqual({ uid: "04AABBCC", type: "RFID", contract_id: "DE-ABC-C12345" });
    expect(codec.up(wire, { token: token() }).cdr_token).toEqual(cdrToken);
    const unknown = codec.up(wire, {});
    expect(unknown.cdr_token).toEqual({ uid: "04AABBCC", type: "RFID", contract_id: "DE-ABC-C12345" });
    const later = version("2.2.1").codecs.Session;
    expect(later.needs(unknown).token).toMatchObject({ uid: "04AABBCC" });
    expect(later.needs(session())).toEqual({ tariffs: [] });
    expect(later.down(unknown, { origin: "2.2" }).refused?.reason).toMatch(/CdrToken.country_code/);
    const told = later.down(unknown, { origin: "2.2", references: { token: token() } });
    expect(told.wire?.cdr_token).toEqual(cdrToken);
  });
});

describe("a Session towards 2.1.1 and 2.0", () => {
  test("contains its Location with the EVSE and connector used", () => {
    const evses = [
      { uid: "E0", status: "AVAILABLE", connectors: [connector], last_updated: changedAt },
      { uid: "E1", status: "CHARGING", connectors: [{ ...connector, id: "0" }, connector], last_updated: changedAt },
    ] as const;
    const { wire, lost } = say("2.1.1", session({ evse_uid: "e1" }), {
      references: {
        location: location({ publish: false, evses: structuredClone(evses) as never }),
      },
    });
    expect(wire).toMatchObject({
      id: "S1",
      start_datetime: "2026-03-01T09:00:00Z",
      kwh: 4,
      auth_id: "DE-ABC-C12345",
      total_cost: 1.2,
      location: { id: "LOC1", address: "Stationsplein 1", evses: [{ uid: "e1", status: "CHARGING" }] },
    });
    const [evse] = (wire.location as { evses: JsonObject[] }).evses;
    expect(evse?.connectors).toMatchObject([{ id: "1", voltage: 230, amperage: 32 }]);
    expect(lost).toEqual(["/cdr_token/uid", "/cdr_token/type", "/total_cost/taxes"]);
    expect(say("2.0", session()).wire).toMatchObject({
      kwh: "4",
      total_cost: "1.2",
      charging_periods: [{ dimensions: [{ type: "ENERGY", volume: "4" }] }],
      location: { evses: [{ connectors: [{ status: "AVAILABLE" }] }] },
    });
  });

  test("names the Location it needs, and is not sent without it", () => {
    for (const number of ["2.0", "2.1.1"]) {
      const codec = version(number).codecs.Session;
      expect(codec.needs(session()).location).toEqual({ location_id: "LOC1", evse_uid: "E1", connector_id: "1" });
      expect(codec.down(session(), { origin: "2.3.0" }).refused?.reason).toMatch(/Location LOC1 is not known/);
    }
  });

  test("has a Location without EVSEs when none is reserved yet, which comes up as #NA", () => {
    const { wire, lost } = say("2.1.1", session({ evse_uid: "#NA", connector_id: "#NA", status: "RESERVATION" }));
    expect(wire).toMatchObject({ status: "PENDING", location: { evses: [] } });
    expect(lost).toContain("/status");
    expect(lost).not.toContain("/evse_uid");
    const object = version("2.1.1").codecs.Session.up(wire, { owner });
    expect(object).toMatchObject({ location_id: "LOC1", evse_uid: "#NA", connector_id: "#NA" });
  });

  test("loses an EVSE or connector that its Location does not have", () => {
    expect(say("2.1.1", session({ evse_uid: "E9" })).lost).toEqual(
      expect.arrayContaining(["/evse_uid", "/connector_id"]),
    );
    const { lost } = say("2.1.1", session({ connector_id: "9" }));
    expect(lost).toContain("/connector_id");
    expect(lost).not.toContain("/evse_uid");
  });

  test.each([
    [{ auth_method: "COMMAND" }, { auth_method: "AUTH_REQUEST" }, "/auth_method"],
    [{ status: "RESERVATION" }, { status: "PENDING" }, "/status"],
    [{ authorization_reference: "R" }, {}, "/authorization_reference"],
  ] as const)("says %o as %o", (change, said, pointer) => {
    const { wire, lost } = say("2.1.1", session(change));
    expect(wire).toMatchObject(said);
    expect(lost).toContain(pointer);
  });

  test("leaves out new dimensions, and periods that have no other", () => {
    const start_date_time = "2026-03-01T09:00:00Z";
    const { wire, lost } = say(
      "2.1.1",
      session({
        charging_periods: [
          { start_date_time, dimensions: [{ type: "POWER", volume: 7 }], tariff_id: "T1" },
          {
            start_date_time,
            dimensions: [
              { type: "STATE_OF_CHARGE", volume: 80 },
              { type: "TIME", volume: 1 },
            ],
          },
        ],
      }),
    );
    expect(wire.charging_periods).toEqual([{ start_date_time, dimensions: [{ type: "TIME", volume: 1 }] }]);
    expect(lost).toEqual(expect.arrayContaining(["/charging_periods/0", "/charging_periods/1/dimensions/0"]));
  });
});

describe("a Session from 2.1.1", () => {
  const wire = say("2.1.1", session()).wire;
  const codec = version("2.1.1").codecs.Session;

  test("names Location, EVSE and connector, keeps the rest beside, and is relayed as it came", () => {
    const object = codec.up(wire, { owner });
    expect(object).toMatchObject({ ...owner, location_id: "LOC1", evse_uid: "E1", connector_id: "1" });
    expect(object).toMatchObject({ start_date_time: "2026-03-01T09:00:00Z", total_cost: { before_taxes: 1.2 } });
    expect(codec.down(object, { origin: "2.1.1" }).wire).toEqual(wire);
    const up = say("2.3.0", object, { origin: "2.1.1", references: { token: token() } });
    expect(up.lost).toEqual([]);
    expect(JSON.stringify(up.wire)).not.toContain("wire:");
  });

  test("has the token of its auth_id, or one that says as much as auth_id does", () => {
    expect(codec.needsUp(wire).token).toEqual({ contract_id: "DE-ABC-C12345" });
    expect(codec.up(wire, { owner, token: token() }).cdr_token).toEqual(cdrToken);
    expect(codec.up(wire, { owner }).cdr_token).toEqual({
      uid: "DE-ABC-C12345",
      type: "OTHER",
      contract_id: "DE-ABC-C12345",
    });
  });

  test("loses the dimension FLAT on the way up", () => {
    const start_date_time = "2026-03-01T09:00:00Z";
    const periods = [
      {
        start_date_time,
        dimensions: [
          { type: "FLAT", volume: 1 },
          { type: "TIME", volume: 1 },
        ],
      },
    ];
    const object = codec.up({ ...wire, charging_periods: periods }, { owner, token: token() });
    const { wire: said, lost } = say("2.2.1", object, { origin: "2.1.1" });
    expect(said.charging_periods).toEqual([{ start_date_time, dimensions: [{ type: "TIME", volume: 1 }] }]);
    expect(lost).toEqual(["/charging_periods/0/dimensions/0"]);
    expect(codec.down(object, { origin: "2.1.1" }).wire?.charging_periods).toEqual(periods);
  });

  test("of 2.0 knows its auth_id by the alias it was given", () => {
    const long = token({ contract_id: "DE-ABC-C12345-LONG" });
    const said = say("2.0", session({ cdr_token: { ...cdrToken, contract_id: "DE-ABC-C12345-LONG" } })).wire;
    expect(said.auth_id).toMatch(/^x-/);
    const v20 = version("2.0").codecs.Session;
    const object = v20.up(said, { owner, token: long });
    expect(object.cdr_token).toMatchObject({ contract_id: "DE-ABC-C12345-LONG", uid: "04AABBCC" });
    expect(v20.down(object, { origin: "2.0" }).wire).toEqual(said);
  });
});

describe("PATCH of charging_periods", () => {
  const first = session().charging_periods?.[0];
  const second = { start_date_time: "2026-03-01T10:00:00Z", dimensions: [{ type: "TIME", volume: 1 }] };
  const last_updated = "2026-03-01T11:00:00Z";

  test.each(["2.2", "2.2.1", "2.3.0"])("adds to those there are since 2.2 (%s)", (number) => {
    const patch = (charging_periods: unknown) =>
      patchObject(version(number), "Session", session(), { charging_periods, last_updated }, { origin: number });
    const added = patch([second]);
    expect(added.ok && added.value.charging_periods).toEqual([first, second]);
    for (const nothing of [[], null]) {
      const same = patch(nothing);
      expect(same.ok && same.value.charging_periods).toEqual([first]);
    }
    expect(patch(5).ok).toBe(false);
  });

  test.each(["2.0", "2.1.1"])("replaces them before (%s)", (number) => {
    const of = version(number);
    const stored = of.codecs.Session.up(say(number, session()).wire, { owner, token: token() });
    const volume = number === "2.0" ? "1" : 1;
    const said = { ...second, dimensions: [{ type: "TIME", volume }] };
    const done = patchObject(of, "Session", stored, { charging_periods: [said] }, { origin: number, owner });
    expect(done.ok && done.value.charging_periods).toEqual([second]);
    expect(done.ok && done.value.cdr_token).toEqual(cdrToken);
  });

  test("needs last_updated since 2.2", () => {
    for (const of of versions) {
      const wire = say(of.number, session()).wire;
      const stored = of.codecs.Session.up(wire, { owner, token: token() });
      const patch = { kwh: of.number === "2.0" ? "5" : 5 };
      const done = patchObject(of, "Session", stored, patch, { origin: of.number, owner });
      expect(done.ok, of.number).toBe(!of.dialect.objectsCarryOwner);
      if (done.ok) expect(done.value.kwh).toBe(5);
    }
  });
});
