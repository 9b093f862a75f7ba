import { beforeAll, describe, expect, test } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, evse, location, ownParties, time } from "../delivery/objects.ts";
import { ownSession, wireSession } from "./sessions/objects.ts";
import { watch } from "./sessions/watch.ts";

const world = useWorld();
ownParties(world);

test("whoever watches sees the session now, and every change until its end", async () => {
  const place = "/sessions/NL/TNM/W1";
  await call(world, "PUT", place, ownSession("W1", "EXX", 1));
  const [one, two] = [watch(world, place), watch(world, place)];
  await Promise.all([one, two].map(({ until }) => until((all) => all.length === 1)));
  await call(world, "PATCH", place, { kwh: 1, last_updated: time(2) });
  await call(world, "PUT", place, ownSession("W1", "EXX", 2, { kwh: 1 }));
  await call(world, "PATCH", place, { status: "COMPLETED", last_updated: time(3) });
  for (const { until, close } of [one, two]) {
    const messages = await until((all) => all.at(-1)?.status === "COMPLETED");
    close();
    expect(messages).toMatchObject([{ kwh: 0, id: "W1" }, { kwh: 1 }, { kwh: 1, status: "COMPLETED" }]);
    expect(messages[2]).toEqual(await call(world, "GET", place));
  }
});

test("watching asks for a WebSocket, a token, and a session that is there", async () => {
  expect((await world.api("GET", "/sessions/NL/TNM/W1/live")).status).toBe(400);
  const upgrade = (path: string, token: string) =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}` };
      const socket = new WebSocket(`${world.url.replace("http", "ws")}/api/v1${path}`, {
        headers,
      } as unknown as string[]);
      socket.addEventListener("open", () => resolve("open"));
      socket.addEventListener("error", () => resolve("refused"));
    });
  expect(await upgrade("/sessions/NL/TNM/NONE/live", world.operatorToken)).toBe("refused");
  expect(await upgrade("/sessions/NL/TNM/W1/live", "wrong")).toBe("refused");
});

test("a session nobody speaks of is told of, once, and is found", async () => {
  await call(world, "PATCH", "/settings", { sessions: { stale_after_s: 1 } });
  const after = (await call(world, "GET", "/events?after=0&limit=1000")).next_cursor;
  await call(world, "PUT", "/sessions/NL/TNM/ST1", ownSession("ST1", "EXX", 1));
  const read = () => call(world, "GET", `/events?after=${after}&types=session.*`);
  await expect
    .poll(async () => (await read()).items.map(({ type }: { type: string }) => type), { timeout: 10_000 })
    .toEqual(["session.changed", "session.stale"]);
  await call(world, "PUT", "/sessions/NL/TNM/ST2", ownSession("ST2", "EXX", 1, { status: "COMPLETED" }));
  const stale = async () => (await call(world, "GET", "/sessions?stale=true")).items.map(({ id }: OcpiObject) => id);
  await expect.poll(stale, { timeout: 10_000 }).toEqual(["ST1"]);
  expect((await world.api("GET", "/sessions?stale=perhaps")).status).toBe(400);
  await call(world, "PATCH", "/settings", { sessions: null });
  expect(await stale()).toEqual([]);
  expect((await read()).items[1].data).toMatchObject({ session: { id: "ST1", status: "ACTIVE" } });
});

test("an own session is for own parties; its bulk import tells line by line", async () => {
  expect((await world.api("PUT", "/sessions/DE/XXX/S1", ownSession("S1", "EXX", 1))).status).toBe(403);
  const wrong = await world.api(
    "PUT",
    "/sessions/NL/TNM/S1",
    ownSession("S1", "EXX", 1, { status: "SLEEPING", kwh: "x" }),
  );
  expect(wrong.status).toBe(422);
  expect(wrong.json.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(["/kwh", "/status"]);
  expect((await world.api("PATCH", "/sessions/NL/TNM/NONE", { kwh: 1 })).status).toBe(404);
  const lines = [ownSession("I1", "EXX", 1), ownSession("I2", "EXX", 1, { kwh: "x" }), ownSession("I1", "EXX", 1)];
  const body = lines.map((line) => JSON.stringify({ country_code: "NL", party_id: "TNM", ...line })).join("\n");
  const imported = await world.api("PUT", "/sessions", body, { "content-type": "application/x-ndjson" });
  expect(imported.lines?.slice(0, 3).map(({ result }) => result)).toEqual(["created", "invalid", "unchanged"]);
  const again = await world.api("PATCH", "/sessions/NL/TNM/W1", { kwh: 5 });
  expect(again).toMatchObject({ status: 409, json: { detail: expect.stringContaining("COMPLETED") } });
});

describe.each(VERSIONS.filter((version) => atLeast(version, "2.2")))("charging preferences in %s", (version) => {
  const number = VERSIONS.indexOf(version);
  const wishes = { profile_type: "GREEN", departure_time: time(9), energy_need: 12 };
  let emsp: Connection;
  let cpo: Connection;

  beforeAll(async () => {
    emsp = await world.connect({ version, role: "EMSP", party: `DE/P0${number}` });
    cpo = await world.connect({ version, role: "CPO", party: `BE/P0${number}` });
    const capable = { ...evse("CAP", "CHARGING", 0), capabilities: ["CHARGING_PREFERENCES_CAPABLE"] };
    await call(world, "PUT", "/locations/NL/TNM/PREF", location("PREF", 0, [capable, evse("DULL", "CHARGING", 0)]));
    for (const uid of ["CAP", "DULL"]) {
      const id = `${uid}-${number}`;
      const change = { location_id: "PREF", evse_uid: uid };
      await call(world, "PUT", `/sessions/NL/TNM/${id}`, ownSession(id, `P0${number}`, 1, change));
    }
  });

  const prefer = (who: Connection, id: string, body: OcpiObject) =>
    who.partner.request("sessions", "SENDER", "PUT", [id, "charging_preferences"], { body });

  test("of a partner's driver are answered by what the EVSE can do, and told to the back office", async () => {
    const after = (await call(world, "GET", "/events?after=0&limit=1000")).next_cursor;
    expect(await prefer(emsp, `CAP-${number}`, wishes)).toMatchObject({
      http: 200,
      status_code: 1000,
      data: "ACCEPTED",
    });
    const { items } = await call(world, "GET", `/events?after=${after}&types=charging_preferences.*`);
    expect(items).toMatchObject([
      {
        type: "charging_preferences.received",
        data: { partner: emsp.id, charging_preferences: wishes, session: { id: `CAP-${number}` } },
      },
    ]);
    expect(await prefer(emsp, `DULL-${number}`, wishes)).toMatchObject({ http: 404, status_code: 2001 });
    expect(await prefer(emsp, "NONE", wishes)).toMatchObject({ http: 404, status_code: 2000 });
    expect(await prefer(cpo, `CAP-${number}`, wishes)).toMatchObject({ http: 404 });
    const bad = await prefer(emsp, `CAP-${number}`, { profile_type: "SOON" });
    expect(bad).toMatchObject({
      http: 200,
      status_code: 2001,
      status_message: expect.stringContaining("/profile_type"),
    });
    expect(violationsOf(emsp)).toEqual([]);
  });

  test("of a partner's driver must say what the settings ask for, and a profile that has a Tariff", async () => {
    const id = `TAR-${number}`;
    const tariff = (name: string, type: string) =>
      call(world, "PUT", `/tariffs/NL/TNM/${name}`, {
        currency: "EUR",
        type,
        elements: [{ price_components: [{ type: "ENERGY", price: 0.3, step_size: 1 }] }],
      });
    await Promise.all([tariff("PREF-R", "REGULAR"), tariff("PREF-G", "PROFILE_GREEN")]);
    const { connectors, ...rest } = evse("TAR", "CHARGING", 0);
    const priced = connectors.map((one: OcpiObject) => ({ ...one, tariff_ids: ["PREF-R", "PREF-G"] }));
    const capable = { ...rest, connectors: priced, capabilities: ["CHARGING_PREFERENCES_CAPABLE"] };
    await call(world, "PUT", "/locations/NL/TNM/PREF-T", location("PREF-T", 0, [capable]));
    const at = { location_id: "PREF-T", evse_uid: "TAR", connector_id: priced[0].id };
    await call(world, "PUT", `/sessions/NL/TNM/${id}`, ownSession(id, `P0${number}`, 1, at));
    const said = async (body: OcpiObject) => (await prefer(emsp, id, body)).data;
    expect(await said({ profile_type: "FAST" })).toBe("PROFILE_TYPE_NOT_SUPPORTED");
    expect(await said({ profile_type: "REGULAR" })).toBe("ACCEPTED");
    await call(world, "PATCH", "/settings", { charging_preferences: { required: ["departure_time", "energy_need"] } });
    expect(await said({ profile_type: "GREEN" })).toBe("DEPARTURE_REQUIRED");
    expect(await said({ profile_type: "GREEN", departure_time: time(9) })).toBe("ENERGY_NEED_REQUIRED");
    expect(await said(wishes)).toBe("ACCEPTED");
    await call(world, "PATCH", "/settings", { charging_preferences: null });
    await call(world, "PATCH", `/sessions/NL/TNM/${id}`, { status: "COMPLETED" });
    expect(await said(wishes)).toBe("NOT_POSSIBLE");
  });

  test("of our driver are told to the CPO, and its answer is handed on", async () => {
    const party = { country_code: "BE", party_id: `P0${number}` };
    await cpo.partner.push("sessions", wireSession(version, "S1", party, 1), { owner: party });
    const place = `/sessions/BE/P0${number}/S1/charging-preferences`;
    cpo.partner.settings.onPreferences = () => "PROFILE_TYPE_NOT_SUPPORTED";
    expect(await world.api("PUT", place, wishes)).toMatchObject({
      status: 200,
      json: { result: "PROFILE_TYPE_NOT_SUPPORTED" },
    });
    const asked = cpo.partner.requests.at(-1);
    expect(asked).toMatchObject({ method: "PUT", body: wishes });
    cpo.partner.misbehave({ modules: "sessions", http: 404, status: 2001, times: 1 });
    expect((await world.api("PUT", place, wishes)).status).toBe(409);
    expect((await world.api("PUT", place, { profile_type: 1 })).status).toBe(422);
    expect((await world.api("PUT", place.replace("S1", "NONE"), wishes)).status).toBe(404);
    expect((await world.api("PUT", `/sessions/NL/TNM/CAP-${number}/charging-preferences`, wishes)).status).toBe(403);
    expect(violationsOf(cpo)).toEqual([]);
  });
});
