import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { Answer, OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { brief, expectRefusal } from "./access.ts";

const world = useWorld();
const CPO = {} as Record<Version, Connection>;
const EMSP = {} as Record<Version, Connection>;
const modern: readonly Version[] = ["2.2", "2.2.1", "2.3.0"];
const old: readonly Version[] = ["2.0", "2.1.1"];
const moments: readonly Version[] = ["2.1.1", ...modern];
const done = "200 1000";
const created = "201 1000";
const at = (minute: number, second = "00"): string => `2025-06-01T10:${String(minute).padStart(2, "0")}:${second}Z`;

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/GWY", { roles: ["CPO", "EMSP"], business_details: { name: "Gateway" } });
  const settings = { push: false };
  for (const [i, version] of VERSIONS.entries()) {
    CPO[version] = await world.connect({ version, role: "CPO", party: `NL/C${i}X`, settings });
    EMSP[version] = await world.connect({ version, role: "EMSP", party: `DE/E${i}X`, settings });
  }
});

/** A request about an object of a connection's own party. */
function ask(to: Connection, module: string, method: string, ids: string[], body?: unknown, type?: string) {
  const query = type === undefined ? {} : { type };
  const path = [to.party.country_code, to.party.party_id, ...ids];
  return to.partner.request(module, "RECEIVER", method, path, { body, query });
}

const location = (method: string, version: Version, ids: string[], body?: unknown): Promise<Answer> =>
  ask(CPO[version], "locations", method, ids, body);

/** A Location of a CPO, as `changes` has it. */
function make(version: Version, id: string, changes: OcpiObject = {}): OcpiObject {
  const { country_code, party_id } = CPO[version].party;
  return example(version, "locations", { country_code, party_id, id, ...changes });
}

/** Puts a Location and answers it. */
async function stored(version: Version, id: string, changes: OcpiObject = {}): Promise<OcpiObject> {
  const object = make(version, id, changes);
  expect(brief(await location("PUT", version, [id], object))).toBe(created);
  return object;
}

async function read(version: Version, ...ids: string[]): Promise<OcpiObject> {
  return (await location("GET", version, ids)).data as OcpiObject;
}

/** Ids of the events about a Location. */
async function eventsAbout(id: string): Promise<string[]> {
  const { json } = await world.api("GET", "/events?types=location.changed&limit=1000");
  return json.items.filter(({ data }: OcpiObject) => data.location.id === id).map((event: OcpiObject) => event.id);
}

describe.each(modern)("ids in OCPI %s", (version) => {
  test("are compared without case: one object, in the spelling it was last put in", async () => {
    const first = await stored(version, "Case-1");
    const { country_code, party_id } = CPO[version].party;
    const lower = { country_code: country_code.toLowerCase(), party_id: party_id.toLowerCase() };
    const path = [lower.country_code, lower.party_id, "case-1"];
    const again = { ...first, ...lower, id: "case-1", name: "again", last_updated: at(1) };
    const { partner } = CPO[version];
    expect(brief(await partner.request("locations", "RECEIVER", "PUT", path, { body: again }))).toBe(done);
    expect((await read(version, "CASE-1", "hbr-01")).uid).toBe("HBR-01");
    expect((await read(version, "Case-1")).name).toBe("again");
    const { json } = await world.api("GET", `/locations?partner=${CPO[version].id}&limit=1000`);
    expect(json.items.filter(({ id }: OcpiObject) => /^case-1$/i.test(id))).toHaveLength(1);
  });
});

describe.each(old)("ids in OCPI %s", (version) => {
  test("are compared exactly: two objects", async () => {
    await stored(version, "Case-1", { name: "upper" });
    await stored(version, "case-1", { name: "lower" });
    expect((await read(version, "Case-1")).name).toBe("upper");
    expect((await read(version, "case-1")).name).toBe("lower");
    expectRefusal(await location("GET", version, ["CASE-1"]), 404);
  });
});

describe.each(moments)("last_updated in OCPI %s", (version) => {
  test("of an EVSE that is put or patched becomes that of its Location", async () => {
    const { evses } = await stored(version, "BUMP-1");
    const { status } = evses[0];
    expect(status).toBe("AVAILABLE");
    const part = { status: "BLOCKED", last_updated: at(1) };
    expect(brief(await location("PATCH", version, ["BUMP-1", "HBR-01"], part))).toBe(done);
    expect((await read(version, "BUMP-1")).last_updated).toBe(at(1));
    const evse = { ...evses[0], uid: "HBR-09", last_updated: at(2) };
    expect(brief(await location("PUT", version, ["BUMP-1", "HBR-09"], evse))).toBe(created);
    expect((await read(version, "BUMP-1")).last_updated).toBe(at(2));
    expect((await read(version, "BUMP-1", "HBR-01")).last_updated).toBe(at(1));
  });

  test("of a Connector becomes that of its EVSE and its Location", async () => {
    await stored(version, "BUMP-2");
    const part = { terms_and_conditions: "https://changed.example/terms", last_updated: at(3) };
    expect(brief(await location("PATCH", version, ["BUMP-2", "HBR-01", "1"], part))).toBe(done);
    expect((await read(version, "BUMP-2", "HBR-01")).last_updated).toBe(at(3));
    expect((await read(version, "BUMP-2")).last_updated).toBe(at(3));
    expect((await read(version, "BUMP-2", "HBR-02")).last_updated).not.toBe(at(3));
  });

  test("that is older than what is stored: answered well, and nothing changes", async () => {
    const object = await stored(version, "OLDER", { last_updated: at(10) });
    const older = { ...object, name: "older", last_updated: at(9) };
    expect(brief(await location("PUT", version, ["OLDER"], older))).toBe(done);
    expect(brief(await location("PATCH", version, ["OLDER"], { name: "older", last_updated: at(8) }))).toBe(done);
    expect(await read(version, "OLDER")).toEqual(object);
    expect(await eventsAbout("OLDER")).toHaveLength(moments.indexOf(version) + 1);
    const { json } = await world.api("GET", `/messages?partner=${CPO[version].id}&module=locations&limit=1000`);
    const findings = json.items.flatMap((message: OcpiObject) => message.findings);
    expect(findings.map(({ pointer }: OcpiObject) => pointer)).toContain("/last_updated");
  });

  test("of an EVSE that is older than the stored one: nothing changes", async () => {
    const object = await stored(version, "OLDER-EVSE");
    const part = { status: "BLOCKED", last_updated: at(10) };
    await location("PATCH", version, ["OLDER-EVSE", "HBR-01"], part);
    const late = { ...object.evses[0], status: "CHARGING", last_updated: at(9) };
    expect(brief(await location("PUT", version, ["OLDER-EVSE", "HBR-01"], late))).toBe(done);
    expect((await read(version, "OLDER-EVSE", "HBR-01")).status).toBe("BLOCKED");
  });

  test("by which a list is filtered is that of the latest part", async () => {
    await stored(version, "FILTERED");
    // In the future, for an object that was received lately is also found by that time.
    const [moment, after] = ["2035-01-01T00:00:00Z", "2035-01-01T00:00:01Z"];
    await location("PATCH", version, ["FILTERED", "HBR-01"], { status: "BLOCKED", last_updated: moment });
    const found = async (from: string) => {
      const path = `/locations?partner=${CPO[version].id}&updated_from=${from}&limit=1000`;
      return (await world.api("GET", path)).json.items.map(({ id }: OcpiObject) => id);
    };
    expect(await found(moment)).toEqual(["FILTERED"]);
    expect(await found(after)).toEqual([]);
  });
});

describe("OCPI 2.0, which knows no last_updated", () => {
  test("takes every write as the newest, and gives none back", async () => {
    const object = await stored("2.0", "TIMELESS");
    expect(brief(await location("PUT", "2.0", ["TIMELESS"], { ...object, name: "one" }))).toBe(done);
    expect(brief(await location("PATCH", "2.0", ["TIMELESS"], { name: "two" }))).toBe(done);
    expect(await read("2.0", "TIMELESS")).toEqual({ ...object, name: "two" });
    const { party } = CPO["2.0"];
    const { json } = await world.api("GET", `/locations/NL/${party.party_id}/TIMELESS`);
    expect(Math.abs(Date.now() - Date.parse(json.last_updated))).toBeLessThan(60_000);
  });
});

describe.each(VERSIONS)("a Location of OCPI %s", (version) => {
  const later = (fields: OcpiObject, minute = 20): OcpiObject =>
    atLeast(version, "2.1.1") ? { ...fields, last_updated: at(minute) } : fields;

  test("the same again changes nothing and raises nothing", async () => {
    const id = `SAME-${version}`;
    const object = await stored(version, id);
    expect(await eventsAbout(id)).toHaveLength(1);
    expect(brief(await location("PUT", version, [id], object))).toBe(done);
    const shuffled = Object.fromEntries(Object.entries(object).reverse());
    expect(brief(await location("PUT", version, [id], shuffled))).toBe(done);
    expect(await eventsAbout(id)).toHaveLength(1);
    expect(await read(version, id)).toEqual(object);
  });

  test("an EVSE that a PUT leaves out is REMOVED, and stays readable", async () => {
    const object = await stored(version, "LEFT-OUT");
    const [, second, third] = object.evses;
    const without = later({ ...object, evses: [second, third] });
    expect(brief(await location("PUT", version, ["LEFT-OUT"], without))).toBe(done);
    expect((await read(version, "LEFT-OUT", "HBR-01")).status).toBe("REMOVED");
    const { evses } = await read(version, "LEFT-OUT");
    expect(evses.map(({ uid, status }: OcpiObject) => [uid, status]).sort()).toEqual([
      ["HBR-01", "REMOVED"],
      ["HBR-02", "CHARGING"],
      ["HBR-03", "REMOVED"],
    ]);
  });

  test("a PATCH replaces lists as a whole", async () => {
    await stored(version, "LISTS");
    const directions = [{ language: "en", text: "One only" }];
    expect(brief(await location("PATCH", version, ["LISTS"], later({ directions })))).toBe(done);
    expect((await read(version, "LISTS")).directions).toEqual(directions);
  });

  test("a PATCH replaces objects as a whole", async () => {
    await stored(version, "OBJECTS");
    const operator = { name: "Another" };
    expect(brief(await location("PATCH", version, ["OBJECTS"], later({ operator })))).toBe(done);
    expect((await read(version, "OBJECTS")).operator).toEqual(operator);
  });

  test("a PATCH takes no identity and no required field away", async () => {
    const object = await stored(version, "IDENTITY");
    for (const part of [
      { id: "ANOTHER" },
      { city: null },
      { coordinates: { latitude: "51.900000" } },
      ...(object.country_code ? [{ country_code: "BE" }, { party_id: "OTH" }] : []),
    ]) {
      const answer = await location("PATCH", version, ["IDENTITY"], later(part));
      expectRefusal(answer, 200, 2001);
      expect(answer.status_message).toContain(`/${Object.keys(part)[0]}`);
    }
    const evse = later({ uid: "ANOTHER" });
    expectRefusal(await location("PATCH", version, ["IDENTITY", "HBR-01"], evse), 200, 2001);
    const same = later({ id: "IDENTITY", name: "the same id may be said" });
    expect(brief(await location("PATCH", version, ["IDENTITY"], same))).toBe(done);
    expect(await read(version, "IDENTITY")).toEqual({ ...object, ...same });
  });

  test("a part of a Location or an EVSE that is not there is 404", async () => {
    const { evses } = await stored(version, "PARENT");
    expectRefusal(await location("PUT", version, ["NO-PARENT", "HBR-01"], evses[0]), 404);
    expectRefusal(await location("PUT", version, ["PARENT", "NO-EVSE", "1"], evses[0].connectors[0]), 404);
    expectRefusal(await location("PATCH", version, ["PARENT", "NO-EVSE"], later({ status: "BLOCKED" })), 404);
    expectRefusal(await location("GET", version, ["NO-PARENT"]), 404);
  });

  test("unknown fields stay, deep ones too, and reach nobody else's words", async () => {
    const object = make(version, "UNKNOWN", { "tnm-parking": { bays: [1, 2, { three: null }] } });
    object.evses[0]["tnm-colour"] = "green";
    expect(brief(await location("PUT", version, ["UNKNOWN"], object))).toBe(created);
    expect(await read(version, "UNKNOWN")).toEqual(object);
  });

  test("null, an empty list and no field are the same", async () => {
    const object = await stored(version, "NOTHING", { evses: [], images: [] });
    const same = { ...object, evses: null, images: undefined, suboperator: object.suboperator };
    expect(brief(await location("PUT", version, ["NOTHING"], same))).toBe(done);
    expect((await read(version, "NOTHING")).evses ?? []).toEqual([]);
    const without = later({ ...object, suboperator: null });
    expect(brief(await location("PUT", version, ["NOTHING"], without))).toBe(done);
    expect((await read(version, "NOTHING")).suboperator ?? null).toBeNull();
  });

  test("nobody saw anything its version forbids", () => {
    // What was put with unknown fields comes back with them: the partner's own words.
    const found = violationsOf(CPO[version]).filter(({ rule }) => rule !== "unknown");
    expect(found).toEqual([]);
  });
});

describe.each(modern)("a Token of OCPI %s", (version) => {
  const token = (method: string, uid: string, type?: string, body?: unknown) =>
    ask(EMSP[version], "tokens", method, [uid], body, type);
  const make = (uid: string, type: string, more: OcpiObject = {}) => {
    const { country_code, party_id } = EMSP[version].party;
    return example(version, "tokens", { country_code, party_id, uid, type, ...more });
  };

  test("is named by its uid and its type, RFID when there is none", async () => {
    const [card, app] = [make("TWIN", "RFID"), make("TWIN", "APP_USER", { issuer: "app" })];
    expect(brief(await token("PUT", "TWIN", undefined, card))).toBe(created);
    expect(brief(await token("PUT", "TWIN", "APP_USER", app))).toBe(created);
    expect((await token("GET", "TWIN")).data).toEqual(card);
    expect((await token("GET", "TWIN", "RFID")).data).toEqual(card);
    expect((await token("GET", "TWIN", "APP_USER")).data).toEqual(app);
    expectRefusal(await token("GET", "TWIN", "OTHER"), 404);
  });

  test("is patched by its type", async () => {
    const [card, app] = [make("PATCHED", "RFID"), make("PATCHED", "APP_USER")];
    await token("PUT", "PATCHED", "RFID", card);
    await token("PUT", "PATCHED", "APP_USER", app);
    const part = { valid: false, last_updated: at(1) };
    expect(brief(await token("PATCH", "PATCHED", "APP_USER", part))).toBe(done);
    expect((await token("GET", "PATCHED")).data).toEqual(card);
    expect((await token("GET", "PATCHED", "APP_USER")).data).toEqual({ ...app, ...part });
  });

  test("with another type in its body than in its URL is 2001", async () => {
    expectRefusal(await token("PUT", "MISMATCH", undefined, make("MISMATCH", "APP_USER")), 200, 2001);
    expectRefusal(await token("PUT", "MISMATCH", "OTHER", make("MISMATCH", "RFID")), 200, 2001);
    expectRefusal(await token("GET", "MISMATCH", "APP_USER"), 404);
  });
});
