import { beforeAll, expect, test } from "vitest";
import { type Connection, useWorld } from "../../support/ocpi.ts";
import { call, ownParties, time } from "../delivery/objects.ts";
import { event, ownLocation, ownToken, tokenOf } from "./commands/orders.ts";
import { ownSession, wireSession } from "./sessions/objects.ts";

// Who says what in commands, and in which words: where we have several parties, and where a side is sloppy.

const world = useWorld();
ownParties(world);
const party = { country_code: "BE", party_id: "SPK" };
let cpo: Connection;

beforeAll(async () => {
  await call(world, "PUT", "/parties/NL/TNF", { roles: ["EMSP"], business_details: { name: "TNF" } });
  await ownLocation(world);
  cpo = await world.connect({ version: "2.2.1", role: "CPO", party: "BE/SPK" });
  cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", timeout: 60 });
  cpo.partner.settings.onProfile = () => ({ result: "ACCEPTED", timeout: 60 });
  const token = { country_code: "NL", party_id: "TNF", uid: "F1", type: "RFID", contract_id: "NL-TNF-1" };
  const theirs = wireSession("2.2.1", "SPOKEN", party, 1, { cdr_token: token });
  expect(await cpo.partner.push("sessions", theirs, { owner: party })).toMatchObject({ status_code: 1000 });
});

const send = (type: string, body: object) => world.api("POST", `/commands/${type}`, { to: party, ...body });
const lastFrom = () => cpo.partner.requests.at(-1)?.headers["ocpi-from-party-id"];

test("of several parties of ours the one speaks whose driver it is about", async () => {
  const place = "/sessions/BE/SPK/SPOKEN";
  await send("STOP_SESSION", { session_id: "SPOKEN" });
  expect(lastFrom()).toBe("TNF");
  await world.api("DELETE", `${place}/charging-profile`);
  expect(lastFrom()).toBe("TNF");
  await world.api("PUT", `${place}/charging-preferences`, { profile_type: "GREEN" });
  expect(lastFrom()).toBe("TNF");
  const token = { ...ownToken("F1"), party_id: "TNF" };
  const expiry_date = time(86_400 * 400);
  await send("RESERVE_NOW", { token, reservation_id: "RES-F", location_id: "L1", expiry_date });
  expect(lastFrom()).toBe("TNF");
  await send("CANCEL_RESERVATION", { reservation_id: "RES-F" });
  expect(lastFrom()).toBe("TNF");
  const unlock = { location_id: "L1", evse_uid: "E1", connector_id: "1" };
  await send("UNLOCK_CONNECTOR", { ...unlock, from: { country_code: "nl", party_id: "tnf" } });
  expect(lastFrom()).toBe("TNF");
  const contradicting = { token, location_id: "L1", from: { country_code: "NL", party_id: "TNE" } };
  expect((await send("START_SESSION", contradicting)).json.errors).toMatchObject([{ pointer: "/from" }]);
  const foreign = await send("UNLOCK_CONNECTOR", { ...unlock, from: { country_code: "NL", party_id: "XXX" } });
  expect(foreign.json.errors).toMatchObject([{ pointer: "/from" }]);
});

test("what is the partner's is named as it names it, or not at all", async () => {
  const long = "L".repeat(40);
  const answer = await send("UNLOCK_CONNECTOR", { location_id: long, evse_uid: long, connector_id: "1" });
  expect(answer.status).toBe(422);
  expect(answer.json.errors).toMatchObject([{ pointer: "/location_id" }, { pointer: "/evse_uid" }]);
  const old = await world.connect({ version: "2.1.1", role: "CPO", party: "BE/SP1" });
  old.partner.settings.onCommand = () => ({ result: "ACCEPTED" });
  const to = { country_code: "BE", party_id: "SP1" };
  const id = "l".repeat(39);
  const unlocked = await send("UNLOCK_CONNECTOR", { to, location_id: id, evse_uid: id, connector_id: "1" });
  expect(unlocked.status).toBe(202);
  expect(old.partner.commands.at(-1)?.body).toMatchObject({ location_id: id, evse_uid: id });
});

test("words of the wrong case and odd forms are read, and sent and shown as they should be", async () => {
  cpo.partner.settings.onCommand = () => ({ result: "accepted", timeout: "45", finish: null }) as never;
  const sent = await send("START_SESSION", {
    token: { ...ownToken(), type: "rfid", whitelist: "always" },
    location_id: "L1",
  });
  expect(sent.json).toMatchObject({ status: "ACCEPTED", response: { result: "ACCEPTED", timeout: 45 } });
  expect(JSON.stringify(sent.json)).not.toContain("wire:");
  expect(cpo.partner.commands.at(-1)?.body?.token).toMatchObject({ type: "RFID", whitelist: "ALWAYS" });
  const emsp = await world.connect({ version: "2.3.0", role: "EMSP", party: "DE/SPE" });
  const asked = await emsp.partner.command("START_SESSION", {
    token: tokenOf("2.3.0", emsp.party),
    location_id: "LOC1",
  });
  const { data } = await event(world, "command.received", ({ partner }) => partner === emsp.id);
  await world.api("POST", `/commands/${data.command.id}/result`, { result: "accepted" });
  expect((await emsp.partner.waitForResult(asked.uid)).body.result).toBe("ACCEPTED");
  expect((await world.api("POST", `/commands/${data.command.id}/result`, { result: "ACCEPTED" })).status).toBe(202);
});

test("a partner of the first edition of 2.1.1 is answered by bare texts, once it is said that it is one", async () => {
  const settings = { quirks: ["commands_as_text"] };
  const newer = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/SPN", settings });
  const token = tokenOf("2.2.1", newer.party);
  const said = await newer.partner.command("START_SESSION", { token, location_id: "LOC1" });
  expect(said.data).toMatchObject({ result: "ACCEPTED", timeout: expect.any(Number) });
  const started = await event(world, "command.received", ({ partner }) => partner === newer.id);
  await world.api("POST", `/commands/${started.data.command.id}/result`, { result: "FAILED" });
  expect((await newer.partner.waitForResult(said.uid)).body).toEqual({ result: "FAILED" });
  const emsp = await world.connect({ version: "2.1.1", role: "EMSP", party: "DE/SPQ", settings });
  const body = { token: tokenOf("2.1.1", emsp.party), location_id: "LOC1" };
  const asked = await emsp.partner.command("START_SESSION", body);
  expect(asked.data).toBe("ACCEPTED");
  const { data } = await event(world, "command.received", ({ partner }) => partner === emsp.id);
  await world.api("POST", `/commands/${data.command.id}/result`, { result: "FAILED" });
  expect((await emsp.partner.waitForResult(asked.uid)).body).toBe("REJECTED");
});

test("of a session that is over there is nothing to stop or to limit, and a profile that is asked for is brought", async () => {
  const emsp = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/SPO" });
  await call(world, "PUT", "/sessions/NL/TNM/OVER", ownSession("OVER", "SPO", 1));
  const get = await emsp.partner.chargingProfile("GET", "OVER", { duration: 60 });
  expect(get.data).toMatchObject({ result: "ACCEPTED" });
  const { data } = await event(world, "charging_profile.received", ({ partner }) => partner === emsp.id);
  const bare = await world.api("POST", `/commands/${data.command.id}/result`, { result: "ACCEPTED" });
  expect(bare.json.errors).toMatchObject([{ pointer: "/profile" }]);
  await call(world, "PATCH", "/sessions/NL/TNM/OVER", { status: "COMPLETED" });
  const rejected = { status_code: 1000, data: { result: "REJECTED" } };
  expect(await emsp.partner.command("STOP_SESSION", { session_id: "OVER" })).toMatchObject(rejected);
  expect(await emsp.partner.chargingProfile("DELETE", "OVER")).toMatchObject(rejected);
});
