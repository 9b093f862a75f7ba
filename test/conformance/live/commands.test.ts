import { beforeAll, describe, expect, test } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { ownParties, time } from "../delivery/objects.ts";
import { commandVersions, event, ownToken } from "./commands/orders.ts";

// Commands that we send, as eMSP.

const world = useWorld();
ownParties(world);

const place = { location_id: "L1", evse_uid: "E1" };
const bodies: Record<string, OcpiObject> = {
  START_SESSION: { token: ownToken(), ...place },
  STOP_SESSION: { session_id: "S1" },
  RESERVE_NOW: { token: ownToken(), ...place, reservation_id: "17", expiry_date: time(86_400 * 400) },
  CANCEL_RESERVATION: { reservation_id: "17" },
  UNLOCK_CONNECTOR: { ...place, connector_id: "1" },
};

for (const [n, version] of commandVersions.entries()) {
  describe(`OCPI ${version}`, () => {
    const isModern = atLeast(version, "2.2");
    let cpo: Connection;
    beforeAll(async () => {
      cpo = await world.connect({ version, role: "CPO", party: `BE/C0${n}` });
    });
    const to = () => ({ country_code: cpo.party.country_code, party_id: cpo.party.party_id });
    const send = (type: string, body = bodies[type]) => world.api("POST", `/commands/${type}`, { to: to(), ...body });
    const read = async (id: string, wait = 10) => (await world.api("GET", `/commands/${id}?wait=${wait}`)).json;
    const last = () => cpo.partner.commands.at(-1);

    test.each(Object.keys(bodies))("%s: sent, accepted, and its result", async (type) => {
      cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", timeout: 30 });
      const sent = await send(type);
      if (type === "CANCEL_RESERVATION" && !isModern) {
        expect(sent.status).toBe(422);
        expect(sent.json.detail).toContain("2.1.1");
        return;
      }
      expect(sent.status).toBe(202);
      expect(sent.json).toMatchObject({ type, direction: "out", partner: cpo.id, response: { result: "ACCEPTED" } });
      expect(["ACCEPTED", "DONE"]).toContain(sent.json.status);
      expect(await read(sent.json.id)).toMatchObject({
        status: "DONE",
        response: { result: "ACCEPTED", timeout: isModern ? 30 : 60 },
        result: { result: "ACCEPTED" },
        late: false,
      });
      const told = await event(world, "command.result", ({ command }) => command.id === sent.json.id);
      expect(told.data).toMatchObject({ partner: cpo.id, command: { status: "DONE", result: { result: "ACCEPTED" } } });
      expect(last()).toMatchObject({ kind: type });
      expect(last()?.response_url).toContain(`/ocpi/${version}/sender/commands/${type}/${sent.json.id}`);
      const { token, ...said } = bodies[type] as OcpiObject;
      if (isModern) expect(last()?.body).toMatchObject(said);
      if (token) expect(last()?.body?.token).toMatchObject({ uid: token.uid });
    });

    test("sent twice under one Idempotency-Key goes out once", async () => {
      const headers = { "idempotency-key": `start-${version}` };
      const body = { to: to(), ...bodies.START_SESSION };
      const [first, second] = [
        await world.api("POST", "/commands/START_SESSION", body, headers),
        await world.api("POST", "/commands/START_SESSION", body, headers),
      ];
      expect([first.status, second.status]).toEqual([202, 202]);
      expect(second.json.id).toBe(first.json.id);
      const out = cpo.partner.commands.filter(({ response_url }) => response_url.endsWith(first.json.id));
      expect(out).toHaveLength(1);
    });

    test.each([
      ["REJECTED", { result: "REJECTED" }],
      ["UNKNOWN_SESSION", { result: "UNKNOWN_SESSION" }],
      ["NOT_SUPPORTED", { result: "NOT_SUPPORTED" }],
      ["REJECTED", { result: "REJECTED", status_code: 2003, message: "unknown Location" }],
    ])("refused at once: %s", async (result, decision) => {
      cpo.partner.settings.onCommand = () => decision;
      const { status, json } = await send("STOP_SESSION");
      expect(status).toBe(202);
      expect(json).toMatchObject({ status: "REJECTED", response: { result }, result: null });
    });

    test.each([
      ["HTTP error", { http: 500 }, { http_status: 500 }],
      ["OCPI error", { status: 2001 }, { ocpi_status: 2001 }],
      ["not OCPI", { html: true }, { message: expect.stringContaining("envelope") }],
      ["no answer", { lose: true }, { http_status: null }],
    ] as const)("no response: %s", async (_, fault, error) => {
      cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null });
      const active = cpo.partner.misbehave({ modules: "commands", ...fault });
      const { status, json } = await send("STOP_SESSION");
      active.stop();
      expect(status).toBe(202);
      expect(json).toMatchObject({ status: "FAILED", response: null, result: null, error });
    });

    test("a result before its response, and one after the answer was lost", async () => {
      cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null, timeout: 30 });
      const active = cpo.partner.misbehave({ modules: "commands", delay: 1500 });
      const before = cpo.partner.commands.length;
      const sending = send("START_SESSION");
      await expect.poll(() => cpo.partner.commands.length).toBeGreaterThan(before);
      expect(await last()?.finish("ACCEPTED")).toMatchObject({ http: 200, status_code: 1000 });
      active.stop();
      const { json } = await sending;
      expect(json).toMatchObject({ status: "DONE", response: { result: "ACCEPTED" }, result: { result: "ACCEPTED" } });

      const lost = cpo.partner.misbehave({ modules: "commands", lose: true });
      const failed = await send("START_SESSION");
      lost.stop();
      expect(failed.json.status).toBe("FAILED");
      expect((await last()?.finish("ACCEPTED"))?.status_code).toBe(1000);
      expect(await read(failed.json.id)).toMatchObject({
        status: "FAILED",
        result: { result: "ACCEPTED" },
        late: true,
      });
    });

    test("results twice: the first stays; of another partner: unknown", async () => {
      cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null, timeout: 30 });
      const { json } = await send("START_SESSION");
      const url = last()?.response_url ?? "";
      const other = await world.connect({ version, role: "CPO", party: `BE/F0${n}` });
      const forged = await other.partner.call("POST", url, {
        module: "commands",
        side: "SENDER",
        body: { result: "ACCEPTED" },
      });
      expect(forged.http).toBe(404);
      const wrongType = url.replace("START_SESSION", "STOP_SESSION");
      const wrong = await cpo.partner.call("POST", wrongType, {
        module: "commands",
        side: "SENDER",
        body: { result: "ACCEPTED" },
      });
      expect(wrong.http).toBe(404);
      expect(await read(json.id, 0)).toMatchObject({ status: "ACCEPTED", result: null });
      expect((await last()?.finish("REJECTED"))?.status_code).toBe(1000);
      expect((await last()?.finish("ACCEPTED"))?.status_code).toBe(1000);
      expect(await read(json.id)).toMatchObject({ status: "DONE", result: { result: "REJECTED" } });
      const invalid = await cpo.partner.call("POST", url, {
        module: "commands",
        side: "SENDER",
        body: { result: "PERHAPS" },
      });
      expect(invalid).toMatchObject({ http: 200, status_code: 2001 });
    });

    if (isModern) {
      test("no result in time, a late one, and two commands for one EVSE at once", async () => {
        cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: null, timeout: 1 });
        const [one, two] = await Promise.all([send("START_SESSION"), send("START_SESSION")]);
        expect(one.json.id).not.toBe(two.json.id);
        expect(await read(one.json.id)).toMatchObject({ status: "TIMED_OUT", result: null, late: false });
        await event(
          world,
          "command.result",
          ({ command }) => command.id === one.json.id && command.status === "TIMED_OUT",
        );
        const received = cpo.partner.commands.find(({ response_url }) => response_url.endsWith(one.json.id));
        expect((await received?.finish("ACCEPTED"))?.status_code).toBe(1000);
        expect(await read(one.json.id)).toMatchObject({
          status: "TIMED_OUT",
          result: { result: "ACCEPTED" },
          late: true,
        });
        await event(world, "command.result", ({ command }) => command.id === one.json.id && command.late);
        expect(await read(two.json.id)).toMatchObject({ status: "TIMED_OUT", result: null });
      });

      test("a reservation that the CPO takes back", async () => {
        cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", timeout: 30 });
        const { json } = await send("RESERVE_NOW");
        expect(await read(json.id)).toMatchObject({ status: "DONE", result: { result: "ACCEPTED" } });
        await last()?.finish("CANCELED_RESERVATION");
        const told = await event(world, "command.result", ({ command }) => command.id === json.id && command.later);
        expect(told.data.command).toMatchObject({
          result: { result: "ACCEPTED" },
          later: [{ result: "CANCELED_RESERVATION" }],
        });
      });
    } else {
      test("bare strings of the first edition", async () => {
        cpo.partner.settings.bareCommands = true;
        cpo.partner.settings.onCommand = () => ({ result: "ACCEPTED", finish: "TIMEOUT" });
        const { json } = await send("START_SESSION");
        expect(await read(json.id)).toMatchObject({ response: { result: "ACCEPTED" }, result: { result: "TIMEOUT" } });
        cpo.partner.settings.bareCommands = false;
      });
    }

    test("all of it stands in the journal, and the partner holds nothing against us", async () => {
      const out = await world.api("GET", `/messages?partner=${cpo.id}&module=commands&direction=out`);
      const start = (out.json.items as OcpiObject[]).find(({ url }) => url.endsWith("/START_SESSION"));
      expect(start?.request_body).toContain("response_url");
      const chain = await world.api("GET", `/messages?correlation_id=${start?.correlation_id}`);
      expect(chain.json.items.length).toBeGreaterThan(0);
      const late = (rule: string) => rule === "url";
      expect(violationsOf(cpo).filter(({ rule, where }) => !(where === "answer" && late(rule)))).toEqual([]);
    });
  });
}

test("what cannot be sent is told, with a pointer where the body is at fault", async () => {
  const cpo = await world.connect({ version: "2.2.1", role: "CPO", party: "BE/CPX" });
  const old = await world.connect({ version: "2.0", role: "CPO", party: "BE/OLD" });
  await world.connect({ version: "2.2.1", role: "EMSP", party: "BE/EMX" });
  const to = (party_id: string) => ({ country_code: "be", party_id });
  const send = (type: string, body: unknown) => world.api("POST", `/commands/${type}`, body);
  expect((await send("STOP_SESSION", { to: to("NOB"), session_id: "1" })).status).toBe(404);
  expect((await send("STOP_SESSION", { to: to("EMX"), session_id: "1" })).json.errors).toMatchObject([
    { pointer: "/to" },
  ]);
  const in20 = await send("STOP_SESSION", { to: to("OLD"), session_id: "1" });
  expect([in20.status, in20.json.detail]).toEqual([422, expect.stringContaining("2.0")]);
  expect(old.partner.requests.some(({ module }) => module === "commands")).toBe(false);
  expect((await send("STOP_SESSION", { session_id: "1" })).json.errors).toMatchObject([{ pointer: "/to" }]);
  expect((await send("STOP_SESSION", { to: to("CPX") })).json.errors).toMatchObject([{ pointer: "/session_id" }]);
  expect(
    (await send("START_SESSION", { to: to("CPX"), location_id: "L1", connector_id: "1", token: ownToken() })).json
      .errors,
  ).toMatchObject([{ pointer: "/evse_uid" }]);
  const foreign = { ...ownToken(), party_id: "XXX" };
  expect((await send("START_SESSION", { to: to("CPX"), location_id: "L1", token: foreign })).json.errors).toMatchObject(
    [{ pointer: "/token/party_id" }],
  );
  const { uid: _, ...nameless } = ownToken();
  expect(
    (await send("START_SESSION", { to: to("CPX"), location_id: "L1", token: nameless })).json.errors,
  ).toMatchObject([{ pointer: "/token/uid" }]);
  expect(cpo.partner.commands).toEqual([]);
  expect((await world.api("GET", "/commands/nobody-knows-this-one1")).status).toBe(404);
  expect((await world.api("GET", "/commands/AAAAAAAAAAAAAAAAAAAAAA")).status).toBe(404);
  expect((await world.api("POST", "/commands/AAAAAAAAAAAAAAAAAAAAAA/result", { result: "ACCEPTED" })).status).toBe(404);
});
