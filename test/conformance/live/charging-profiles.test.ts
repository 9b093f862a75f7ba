import { beforeAll, describe, expect, test } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { ownParties, time, token } from "../delivery/objects.ts";
import { event, ownLocation, profileVersions } from "./commands/orders.ts";
import { ownSession, wireSession } from "./sessions/objects.ts";

const world = useWorld();
ownParties(world);
beforeAll(async () => {
  await ownLocation(world);
  await world.api("PUT", "/tokens/NL/TNE/TOK1", token("TOK1", 0));
});

const charging_profile = {
  charging_rate_unit: "A",
  min_charging_rate: 6.5,
  charging_profile_period: [{ start_period: 0, limit: 16 }],
};
const active = { start_date_time: time(5), charging_profile };

describe.each(profileVersions)("OCPI %s, of a partner's session", (version) => {
  const party = { country_code: "BE", party_id: `P0${profileVersions.indexOf(version)}` };
  const path = `/sessions/BE/${party.party_id}/S-1/charging-profile`;
  let cpo: Connection;
  beforeAll(async () => {
    cpo = await world.connect({ version, role: "CPO", party: `BE/${party.party_id}` });
    const answer = await cpo.partner.push("sessions", wireSession(version, "S-1", party, 1), { owner: party });
    expect(answer.status_code).toBe(1000);
  });
  const read = async (id: string) => (await world.api("GET", `/commands/${id}?wait=10`)).json;

  test("set, asked for, cleared", async () => {
    cpo.partner.settings.onProfile = () => ({ result: "ACCEPTED", timeout: 20, profile: active });
    const set = await world.api("PUT", path, { charging_profile });
    expect(set.status).toBe(202);
    expect(set.json).toMatchObject({ type: "SET_CHARGING_PROFILE", response: { result: "ACCEPTED", timeout: 20 } });
    expect(set.json.session).toMatchObject({ ...party, id: "S-1" });
    expect(await read(set.json.id)).toMatchObject({ status: "DONE", result: { result: "ACCEPTED" } });
    expect(cpo.partner.commands.at(-1)?.body).toMatchObject({ charging_profile });
    const told = await event(world, "charging_profile.*", ({ command }) => command?.id === set.json.id);
    expect(told).toMatchObject({ type: "charging_profile.result", data: { partner: cpo.id, session: { id: "S-1" } } });

    const get = await world.api("GET", `${path}?duration=600`);
    expect(get.json).toMatchObject({ type: "GET_CHARGING_PROFILE" });
    expect(await read(get.json.id)).toMatchObject({ status: "DONE", result: { result: "ACCEPTED", profile: active } });
    const asked = cpo.partner.requests.findLast(
      ({ method, module }) => method === "GET" && module === "chargingprofiles",
    );
    expect(asked?.query).toMatchObject({ duration: "600", response_url: expect.stringContaining(get.json.id) });

    const cleared = await world.api("DELETE", path);
    expect(cleared.json).toMatchObject({ type: "CLEAR_CHARGING_PROFILE" });
    expect(await read(cleared.json.id)).toMatchObject({ status: "DONE", result: { result: "ACCEPTED" } });
  });

  test.each(["TOO_OFTEN", "UNKNOWN_SESSION", "NOT_SUPPORTED", "REJECTED"])("refused at once: %s", async (result) => {
    cpo.partner.settings.onProfile = () => ({ result });
    const { json } = await world.api("GET", path);
    expect(json).toMatchObject({ status: "REJECTED", response: { result } });
  });

  test("the partner tells of a profile that changed", async () => {
    const put = (id: string, body: OcpiObject) =>
      cpo.partner.request("chargingprofiles", "SENDER", "PUT", [id], { body });
    expect(await put("s-1", active)).toMatchObject({ http: 200, status_code: 1000 });
    const told = await event(world, "charging_profile.updated", ({ partner }) => partner === cpo.id);
    expect(told.data).toMatchObject({ charging_profile: active, session: { ...party, id: "S-1" } });
    expect((await put("NONE", active)).http).toBe(404);
    expect(await put("S-1", {})).toMatchObject({ http: 200, status_code: 2001 });
    expect(violationsOf(cpo)).toEqual([]);
  });
});

describe.each(profileVersions)("OCPI %s, of a session of ours", (version) => {
  const party = `Q0${profileVersions.indexOf(version)}`;
  const id = `OWN-${party}`;
  let emsp: Connection;
  beforeAll(async () => {
    emsp = await world.connect({ version, role: "EMSP", party: `DE/${party}` });
    const stored = await world.api("PUT", `/sessions/NL/TNM/${id}`, ownSession(id, party, 1));
    expect(stored.status).toBe(201);
  });
  const finish = (command: string, body: OcpiObject) => world.api("POST", `/commands/${command}/result`, body);
  const told = (type: string, after = "0") =>
    event(
      world,
      "charging_profile.received",
      ({ partner, command }) => partner === emsp.id && command.type === type,
      after,
    );

  test("set, asked for, cleared: the back office answers", async () => {
    const set = await emsp.partner.chargingProfile("PUT", id, { profile: charging_profile });
    expect(set.data).toMatchObject({ result: "ACCEPTED", timeout: expect.any(Number) });
    const { data } = await told("SET_CHARGING_PROFILE");
    expect(data).toMatchObject({ command: { charging_profile }, session: { country_code: "NL", party_id: "TNM", id } });
    expect((await finish(data.command.id, { result: "EVSE_OCCUPIED" })).status).toBe(422);
    expect((await finish(data.command.id, { result: "ACCEPTED" })).status).toBe(202);
    expect((await emsp.partner.waitForResult(set.uid)).body).toEqual({ result: "ACCEPTED" });

    const get = await emsp.partner.chargingProfile("GET", id, { duration: 300 });
    const asked = (await told("GET_CHARGING_PROFILE")).data;
    expect(asked.command.duration).toBe(300);
    await finish(asked.command.id, { result: "ACCEPTED", profile: active });
    expect((await emsp.partner.waitForResult(get.uid)).body).toMatchObject({ result: "ACCEPTED", profile: active });

    const cleared = await emsp.partner.chargingProfile("DELETE", id);
    await finish((await told("CLEAR_CHARGING_PROFILE")).data.command.id, { result: "REJECTED" });
    expect((await emsp.partner.waitForResult(cleared.uid)).body.result).toBe("REJECTED");
    expect(violationsOf(emsp)).toEqual([]);
  });

  test("the profile it is under now is told to who has set one, and to nobody before", async () => {
    const place = `/sessions/NL/TNM/NOW-${party}`;
    const now = `${place}/active-charging-profile`;
    await world.api("PUT", place, ownSession(`NOW-${party}`, party, 1));
    expect((await world.api("PUT", now, active)).status).toBe(409);
    const ask = async (result: string) => {
      const after = (await world.api("GET", "/events?after=0&limit=1000")).json.next_cursor;
      const set = await emsp.partner.chargingProfile("PUT", `NOW-${party}`, { profile: charging_profile });
      const { data } = await told("SET_CHARGING_PROFILE", after);
      await finish(data.command.id, { result });
      await emsp.partner.waitForResult(set.uid);
    };
    await ask("REJECTED");
    expect((await world.api("PUT", now, active)).status).toBe(409);
    await ask("ACCEPTED");
    const answer = await world.api("PUT", now, active);
    expect(answer).toMatchObject({
      status: 200,
      json: { partners: [{ partner: emsp.id, delivered: true, error: null }] },
    });
    expect(emsp.partner.results.filter(({ kind }) => kind === "ACTIVE")).toMatchObject([
      { uid: `NOW-${party}`, body: active },
    ]);

    expect((await world.api("PUT", now, { charging_profile })).json.errors).toMatchObject([
      { pointer: "/start_date_time" },
    ]);
    emsp.partner.misbehave({ modules: "chargingprofiles", http: 200, status: 2000, times: 1 });
    expect((await world.api("PUT", now, active)).json.partners).toMatchObject([{ delivered: false, http_status: 200 }]);
    // Somebody else's by now: whoever set one is told no more.
    const { cdr_token } = ownSession("X", "XXX", 1);
    await world.api("PATCH", place, { cdr_token });
    expect((await world.api("PUT", now, active)).status).toBe(409);
    await world.api("PATCH", place, { cdr_token: ownSession("X", party, 1).cdr_token });
    expect((await world.api("PUT", now, active)).status).toBe(200);
    await world.api("PATCH", place, { status: "COMPLETED" });
    expect((await world.api("PUT", now, active)).status).toBe(409);
    expect(violationsOf(emsp)).toEqual([]);
  });

  test("an unknown session, a foreign one, a response_url elsewhere, no duration", async () => {
    const unknown = { http: 200, status_code: 1000, data: { result: "UNKNOWN_SESSION" } };
    expect(await emsp.partner.chargingProfile("DELETE", "NO-SUCH")).toMatchObject(unknown);
    await world.api("PUT", "/sessions/NL/TNM/FOREIGN", ownSession("FOREIGN", "XXX", 1));
    expect(await emsp.partner.chargingProfile("DELETE", "FOREIGN")).toMatchObject(unknown);
    expect(await emsp.partner.command("STOP_SESSION", { session_id: "FOREIGN" })).toMatchObject(unknown);
    const stop = await emsp.partner.command("STOP_SESSION", { session_id: id.toLowerCase() });
    expect(stop.data).toMatchObject({ result: "ACCEPTED" });
    const request = (query: Record<string, string>) =>
      emsp.partner.request("chargingprofiles", "RECEIVER", "GET", [id], { query });
    const elsewhere = await request({ duration: "60", response_url: "https://victim.example.org/x?a=1&b=2" });
    expect(elsewhere).toMatchObject({ http: 200, status_code: 2001 });
    const { url } = emsp.partner.responseUrl("chargingprofiles", "GET");
    expect(await request({ response_url: url })).toMatchObject({ http: 200, status_code: 2001 });
    expect(await request({ duration: "60" })).toMatchObject({ http: 200, status_code: 2001 });
  });
});

test("sessions that have no charging profiles", async () => {
  expect((await world.api("GET", "/sessions/NL/TNM/NONE/charging-profile")).status).toBe(404);
  const party = { country_code: "BE", party_id: "OLD" };
  const old = await world.connect({ version: "2.1.1", role: "CPO", party: "BE/OLD" });
  await old.partner.push("sessions", wireSession("2.1.1", "S1", party, 1), { owner: party });
  expect((await world.api("GET", "/sessions/BE/OLD/S1/charging-profile")).status).toBe(422);
  expect((await world.api("PUT", "/sessions/BE/OLD/S1/active-charging-profile", active)).status).toBe(403);
  expect((await world.api("PUT", "/sessions/NL/TNM/NONE/active-charging-profile", active)).status).toBe(404);
  await world.api("PUT", "/sessions/NL/TNM/MINE", ownSession("MINE", "XXX", 1));
  expect((await world.api("DELETE", "/sessions/NL/TNM/MINE/charging-profile")).status).toBe(409);
  const wrong = await world.api("PUT", "/sessions/BE/OLD/S1/charging-profile", { charging_profile: {} });
  expect(wrong.json.errors).toMatchObject([{ pointer: "/charging_profile/charging_rate_unit" }]);
});
