import { describe, expect, test } from "vitest";
import { commandResponseTypes, commandResultTypes } from "../../../src/model/enums.ts";
import { isRealLoss, type Kind } from "../../../src/ocpi/codec.ts";
import { reservationNumber } from "../../../src/ocpi/v2_1_1/commands.ts";
import { codecOf, newest, type Version, versionByNumber, versions } from "../../../src/ocpi/versions.ts";
import { changedAt, token } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const own = { origin: newest.number };
const response_url = "https://emsp.example/results/1";

/** What a version says of an object, with the pointers of real losses. */
function say(number: string, kind: Kind, object: object, origin = newest.number) {
  const down = codecOf(version(number), kind)?.down(object as never, { origin });
  if (down === undefined || down.refused !== undefined) throw new Error(down?.refused.reason ?? kind);
  return { wire: down.wire, lost: down.losses.filter(isRealLoss).map(({ pointer }) => pointer) };
}

test.each([
  ["CancelReservation", ["2.2", "2.2.1", "2.3.0"]],
  ["StartSession", ["2.1.1", "2.2", "2.2.1", "2.3.0"]],
  ["CommandResult", ["2.1.1", "2.2", "2.2.1", "2.3.0"]],
  ["SetChargingProfile", ["2.2", "2.2.1", "2.3.0"]],
  ["ChargingPreferences", ["2.2", "2.2.1", "2.3.0"]],
  ["ClientInfo", ["2.2", "2.2.1", "2.3.0"]],
] as const)("%s exists in %o", (kind, numbers) => {
  expect(versions.filter((of) => codecOf(of, kind) !== undefined).map(({ number }) => number)).toEqual(numbers);
});

describe("StartSession", () => {
  const object = {
    response_url,
    token: token(),
    location_id: "LOC1",
    evse_uid: "E1",
    connector_id: "1",
    authorization_reference: "R",
  };

  test.each([
    ["2.3.0", []],
    ["2.2.1", []],
    ["2.2", ["/connector_id"]],
    ["2.1.1", ["/connector_id", "/authorization_reference"]],
  ])("to %s loses %o", (number, lost) => {
    expect(say(number, "StartSession", object).lost.toSorted()).toEqual(lost.toSorted());
  });

  test("of 2.1.1 has a token of the party that sends it", () => {
    const { wire } = say("2.1.1", "StartSession", object);
    expect(wire.token).toMatchObject({ uid: "04AABBCC", auth_id: "DE-ABC-C12345" });
    const owner = { country_code: "DE", party_id: "ABC" };
    expect(codecOf(version("2.1.1"), "StartSession")?.up(wire, { owner })).toMatchObject({
      location_id: "LOC1",
      token: token(),
    });
  });
});

describe("reservation ids", () => {
  const reserve = (reservation_id: string) => ({
    response_url,
    token: token(),
    expiry_date: changedAt,
    reservation_id,
    location_id: "LOC1",
  });

  test.each(["0", "1", "1073741823"])("%s is the same number in 2.1.1", (id) => {
    expect(say("2.1.1", "ReserveNow", reserve(id))).toMatchObject({ wire: { reservation_id: Number(id) }, lost: [] });
  });

  test.each(["007", "1073741824", "-1", "res-1", "1e3"])("%s goes by another number", (id) => {
    const { wire, lost } = say("2.1.1", "ReserveNow", reserve(id));
    expect(wire.reservation_id).toBe(reservationNumber(id));
    expect(lost).toContain("/reservation_id");
  });

  test("are whole numbers of 31 bits, one for each", () => {
    const seen = new Set(Array.from({ length: 10_000 }, (_, index) => reservationNumber(`R-${index}`)));
    expect(seen.size).toBe(10_000);
    for (const number of seen) expect(number >= 2 ** 30 && number < 2 ** 31).toBe(true);
  });

  test("come up as text", () => {
    const { wire } = say("2.1.1", "ReserveNow", reserve("17"));
    const object = codecOf(version("2.1.1"), "ReserveNow")?.up(wire, {
      owner: { country_code: "DE", party_id: "ABC" },
    });
    expect(object?.reservation_id).toBe("17");
  });
});

describe("CommandResponse", () => {
  test("of 2.1.1 is an object, in its first edition a bare text", () => {
    const codec = codecOf(version("2.1.1"), "CommandResponse");
    for (const body of ["ACCEPTED", { result: "ACCEPTED" }]) {
      const parsed = codec?.parse(body);
      if (!parsed?.ok) throw new Error();
      expect(codec?.up(parsed.value, {})).toEqual({ result: "ACCEPTED", timeout: 60 });
    }
    expect(codec?.parse("NOPE").ok).toBe(false);
    expect(codecOf(version("2.2.1"), "CommandResponse")?.parse("ACCEPTED").ok).toBe(false);
    const down = codec?.down({ result: "ACCEPTED", timeout: 30 }, own);
    expect(codec?.body(down?.wire ?? {})).toEqual({ result: "ACCEPTED" });
  });

  test.each(commandResponseTypes)("%s keeps its meaning since 2.2", (result) => {
    const said = result === "TIMEOUT" ? "REJECTED" : result;
    const { wire } = say("2.2.1", "CommandResponse", { result }, "2.1.1");
    expect(wire).toEqual({ result: said, timeout: 60 });
    expect(say("2.1.1", "CommandResponse", { result, timeout: 60 })).toEqual({ wire: { result }, lost: [] });
  });
});

describe("CommandResult", () => {
  const older: Record<string, string> = {
    CANCELED_RESERVATION: "REJECTED",
    EVSE_OCCUPIED: "REJECTED",
    EVSE_INOPERATIVE: "REJECTED",
    FAILED: "REJECTED",
    UNKNOWN_RESERVATION: "REJECTED",
  };

  test.each(commandResultTypes)("%s is said in every version", (result) => {
    const before = say("2.1.1", "CommandResult", { result, message: [{ language: "en", text: "x" }] });
    expect(before.wire).toEqual({ result: older[result] ?? result });
    expect(before.lost).toEqual(older[result] ? ["/result", "/message"] : ["/message"]);
    const later = say("2.2", "CommandResult", { result });
    expect(later.wire).toEqual({ result: result === "UNKNOWN_SESSION" ? "FAILED" : result });
  });
});

describe("what only 2.1.1 says of a command", () => {
  test.each([
    ["CommandResponse", "TIMEOUT", "REJECTED"],
    ["CommandResult", "UNKNOWN_SESSION", "FAILED"],
  ] as const)("%s %s is %s everywhere else", (kind, said, meant) => {
    const codec = codecOf(version("2.1.1"), kind);
    for (const body of [said, { result: said }]) {
      const parsed = codec?.parse(body);
      if (codec === undefined || !parsed?.ok) throw new Error();
      const object = codec.up(parsed.value, {});
      expect(object.result).toBe(meant);
      expect(say("2.1.1", kind, object, "2.1.1")).toEqual({ wire: { result: said }, lost: [] });
      expect(say("2.2.1", kind, object, "2.1.1")).toMatchObject({ wire: { result: meant }, lost: [] });
      expect(say("2.1.1", kind, { ...object, result: "ACCEPTED" }, "2.1.1").wire).toEqual({ result: "ACCEPTED" });
    }
  });
});

describe("ChargingPreferencesResponse", () => {
  test.each(["2.2", "2.2.1", "2.3.0"])("is a bare text on the wire of %s", (number) => {
    const codec = codecOf(version(number), "ChargingPreferencesResponse");
    const parsed = codec?.parse("NOT_POSSIBLE");
    if (codec === undefined || !parsed?.ok) throw new Error();
    const object = codec.up(parsed.value, {});
    expect(object).toEqual({ result: "NOT_POSSIBLE" });
    expect(codec.body(codec.down(object, own).wire ?? {})).toBe("NOT_POSSIBLE");
    expect(codec.parse("PERHAPS").ok).toBe(false);
    expect(codec.parse(null).ok).toBe(false);
  });
});

test("a hub is OTHER in ClientInfo of 2.3.0", () => {
  const info = { country_code: "NL", party_id: "HUB", role: "HUB", status: "CONNECTED", last_updated: changedAt };
  expect(say("2.3.0", "ClientInfo", info, "2.2.1")).toMatchObject({ wire: { role: "OTHER" }, lost: ["/role"] });
  expect(say("2.2.1", "ClientInfo", info, "2.2")).toMatchObject({ wire: { role: "HUB" }, lost: [] });
});
