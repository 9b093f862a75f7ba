import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { versionByNumber } from "../../../src/ocpi/versions.ts";
import { example, numbers } from "./fixtures.ts";
import { ask, type Connected, connect, ports } from "./partners.ts";

beforeAll(async () => {
  await ports().parties.put({
    country_code: "NL",
    party_id: "GWY",
    roles: ["CPO", "EMSP"],
    business_details: { name: "G" },
  });
});

/** A CPO and an eMSP of a version; each version has parties of its own. */
async function pair(
  version: string,
): Promise<{ cpo: Connected; emsp: Connected; owner: { country_code: string; party_id: string } }> {
  const owner = { country_code: "NL", party_id: `C${numbers.indexOf(version)}X` };
  const cpo = await connect(version, { role: "CPO", ...owner });
  const emsp = await connect(version, { role: "EMSP", country_code: "NL", party_id: `E${numbers.indexOf(version)}X` });
  return { cpo, emsp, owner };
}

describe.each(numbers)("a partner on %s", (version) => {
  const dialect = versionByNumber(version)!.dialect;
  let cpo: Connected;
  let emsp: Connected;
  let owner: { country_code: string; party_id: string };
  beforeAll(async () => {
    ({ cpo, emsp, owner } = await pair(version));
  });
  const at = (module: string, ...ids: string[]) =>
    `/ocpi/${version}/receiver/${module}/NL/${module === "tokens" ? owner.party_id.replace("C", "E") : owner.party_id}/${ids.map(encodeURIComponent).join("/")}`;
  const caller = (module: string) => (module === "tokens" ? emsp : cpo).token;
  const own = (module: string, replace: JsonObject = {}) =>
    example(version, module, {
      country_code: "NL",
      party_id: module === "tokens" ? owner.party_id.replace("C", "E") : owner.party_id,
      ...replace,
    });
  const say = (method: string, module: string, ids: string[], body?: unknown, query = "") =>
    ask(method, at(module, ...ids) + query, { token: caller(module), ...(body === undefined ? {} : { body }) });
  const typeOf = (token: JsonObject) => (dialect.tokenTypeQuery ? `?type=${token.type}` : "");

  test.each(["locations", "tariffs", "tokens"])("%s: PUT, PUT again, GET what was put", async (module) => {
    const object = own(module);
    const id = String(object.id ?? object.uid);
    const query = module === "tokens" ? typeOf(object) : "";
    expect((await say("GET", module, [id], undefined, query)).http).toBe(404);
    const created = await say("PUT", module, [id], object, query);
    expect(created.body).toEqual({ status_code: 1000, status_message: "Success", timestamp: expect.any(String) });
    expect(created.http).toBe(201);
    expect((await say("PUT", module, [id], object, query)).http).toBe(200);
    const read = await say("GET", module, [id], undefined, query);
    expect(read.http).toBe(200);
    expect(read.body.data).toEqual(object);
  });

  test("EVSEs and Connectors: GET, PUT and PATCH at their depth, parents bumped", async () => {
    const location = own("locations", { id: "DEPTH" });
    await say("PUT", "locations", ["DEPTH"], location);
    const [evse] = location.evses as JsonObject[];
    const [connector] = evse!.connectors as JsonObject[];
    const uid = String(evse!.uid ?? evse!.id);
    const connectorId = String(connector!.id);
    expect((await say("GET", "locations", ["DEPTH", uid])).body.data).toEqual(evse);
    expect((await say("GET", "locations", ["DEPTH", uid, connectorId])).body.data).toEqual(connector);
    const later = "2031-01-01T00:00:00Z";
    const stamp = dialect.lastUpdated ? { last_updated: later } : {};
    const patched = await say("PATCH", "locations", ["DEPTH", uid], { status: "BLOCKED", ...stamp });
    expect(patched.body).toMatchObject({ status_code: 1000 });
    expect((await say("PUT", "locations", ["DEPTH", uid, "99"], { ...connector, id: "99", ...stamp })).http).toBe(201);
    const after = (await say("GET", "locations", ["DEPTH"])).body.data as JsonObject;
    const evseAfter = (after.evses as JsonObject[])[0]!;
    expect(evseAfter.status).toBe("BLOCKED");
    expect((evseAfter.connectors as JsonObject[]).map(({ id }) => id)).toContain("99");
    if (dialect.lastUpdated) expect([after.last_updated, evseAfter.last_updated]).toEqual([later, later]);
  });

  test("PATCH changes what it says, and cannot change a name", async () => {
    const location = own("locations", { id: "PATCHED" });
    await say("PUT", "locations", ["PATCHED"], location);
    const stamp = dialect.lastUpdated ? { last_updated: "2031-01-01T00:00:00Z" } : {};
    expect((await say("PATCH", "locations", ["PATCHED"], { name: "New name", ...stamp })).body.status_code).toBe(1000);
    expect((await say("PATCH", "locations", ["PATCHED"], { id: "OTHER", ...stamp })).body.status_code).toBe(2001);
    expect((await say("PATCH", "locations", ["PATCHED"], { city: null, ...stamp })).body.status_code).toBe(2001);
    expect((await say("PATCH", "locations", ["PATCHED"], [])).body.status_code).toBe(2001);
    const after = (await say("GET", "locations", ["PATCHED"])).body.data as JsonObject;
    expect(after).toEqual({ ...location, name: "New name", ...stamp });
  });

  test("PATCH without last_updated is refused where the version asks for it", async () => {
    await say("PUT", "locations", ["UNTIMED"], own("locations", { id: "UNTIMED" }));
    const answer = await say("PATCH", "locations", ["UNTIMED"], { name: "x" });
    expect(answer.body.status_code).toBe(dialect.patchNeedsLastUpdated.includes("Location") ? 2001 : 1000);
  });

  test("PATCH of what is not there is 404, PUT of a part of it too", async () => {
    const stamp = dialect.lastUpdated ? { last_updated: "2031-01-01T00:00:00Z" } : {};
    expect((await say("PATCH", "locations", ["NOPE"], { name: "x", ...stamp })).http).toBe(404);
    const [evse] = own("locations").evses as JsonObject[];
    expect((await say("PUT", "locations", ["NOPE", String(evse!.uid ?? evse!.id)], evse)).http).toBe(404);
  });

  test("DELETE of a Tariff, and then it is gone", async () => {
    await say("PUT", "tariffs", ["GONE"], own("tariffs", { id: "GONE" }));
    expect((await say("DELETE", "tariffs", ["GONE"])).http).toBe(200);
    expect((await say("GET", "tariffs", ["GONE"])).http).toBe(404);
    expect((await say("DELETE", "tariffs", ["GONE"])).http).toBe(404);
    expect((await say("PUT", "tariffs", ["GONE"], own("tariffs", { id: "GONE" }))).http).toBe(201);
  });

  test("an older object is taken and changes nothing", async () => {
    if (!dialect.lastUpdated) return;
    const newer = own("tariffs", { id: "OLDER", last_updated: "2026-02-01T00:00:00Z" });
    await say("PUT", "tariffs", ["OLDER"], newer);
    const answer = await say("PUT", "tariffs", ["OLDER"], {
      ...newer,
      currency: "USD",
      last_updated: "2026-01-01T00:00:00Z",
    });
    expect([answer.http, answer.body.status_code]).toEqual([200, 1000]);
    expect((await say("GET", "tariffs", ["OLDER"])).body.data).toEqual(newer);
  });

  test("what belongs to another party looks as if it were not there", async () => {
    const foreign = `/ocpi/${version}/receiver/locations/NL/CPC/LOC1`;
    const body = own("locations", { id: "LOC1" });
    for (const method of ["GET", "PUT", "PATCH"]) {
      const answer = await ask(method, foreign, { token: cpo.token, ...(method === "GET" ? {} : { body }) });
      expect([answer.http, answer.body.status_code], method).toEqual([404, 2000]);
    }
    expect(
      (await ask("GET", `/ocpi/${version}/receiver/locations/NL/CPB%2F..%2FCPC/LOC1`, { token: cpo.token })).http,
    ).toBe(404);
    // Its own party, in a role that has no such objects.
    expect((await ask("PUT", at("locations", "L1"), { token: emsp.token, body })).http).toBe(404);
  });

  test("ids are compared as the version has it", async () => {
    await say("PUT", "tariffs", ["case"], own("tariffs", { id: "case" }));
    const answer = await say("PUT", "tariffs", ["CASE"], own("tariffs", { id: "CASE" }));
    expect(answer.http).toBe(dialect.ciIds ? 200 : 201);
  });
});

describe("tokens", () => {
  test("are named by type and uid where the version says so; RFID is meant where it is not said", async () => {
    const emsp = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "TOK" });
    const token = example("2.2.1", "tokens", { country_code: "DE", party_id: "TOK", uid: "T1", type: "APP_USER" });
    const url = "/ocpi/2.2.1/receiver/tokens/DE/TOK/T1";
    const put = (query: string) => ask("PUT", url + query, { token: emsp.token, body: token });
    expect((await put("")).body.status_code).toBe(2001);
    expect((await put("?type=APP_USER")).http).toBe(201);
    expect((await put("?type=APP_USER&type=RFID")).body.status_code).toBe(2001);
    expect((await ask("GET", url, { token: emsp.token })).http).toBe(404);
    expect((await ask("GET", `${url}?type=APP_USER`, { token: emsp.token })).body.data).toEqual(token);
  });
});
